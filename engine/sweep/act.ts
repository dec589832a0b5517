import { messageOf } from '../../core/error.ts';
import { blockOf } from '../../core/lifecycle/blocked.ts';
import { type Decision, isDeed } from '../../core/lifecycle/decision.ts';
import { recordDecision, recordDenied, recordHeldBack, recordOutcome } from '../../core/lifecycle/transitions.ts';
import type { CredentialActions, WriteOutcome, WriteProblem } from '../../core/ports.ts';
import { inAttempts, isPassing } from '../attempts.ts';
import { lookAgain } from '../inspector.ts';
import { type AnnouncedDeed, guard, type Verdict } from './guard.ts';
import type { Run } from './run.ts';
import { asCorrection, type DeedResult, settle, settleApplied } from './settle.ts';

/**
 * Does the deeds: users side by side, the keys of one user after each other. Before every attempt of each one the guard
 * reads again what justifies it; see guard.ts.
 */
export async function actAll(run: Run, deeds: readonly AnnouncedDeed[]): Promise<readonly DeedResult[]> {
  const byUser = new Map<string, AnnouncedDeed[]>();
  for (const announced of deeds) {
    const { name } = announced.state.principal;
    byUser.set(name, [...(byUser.get(name) ?? []), announced]);
  }
  let done = 0;
  const results = await run.each([...byUser.values()], async (own): Promise<readonly DeedResult[]> => {
    const ofUser: DeedResult[] = [];
    for (const announced of own) {
      ofUser.push(run.hasTime() ? await act(run, announced) : { announced, outcome: 'no-time' });
      run.ports.onProgress?.({ phase: 'act', done: ++done, total: deeds.length });
    }
    return ofUser;
  });
  return results.flat();
}

/** What one attempt came to: the guard stopped it, or it was sent. */
type Attempt =
  | Exclude<Verdict, { readonly kind: 'go' | 'too-slow' }>
  | { readonly kind: 'sent'; readonly state: AnnouncedDeed['state']; readonly outcome: WriteOutcome };

const tooSlow: WriteOutcome = {
  kind: 'failed',
  problem: { code: 'throttled', message: 'AWS answered so slowly that what was read first was out of date' },
};

async function act(run: Run, announced: AnnouncedDeed): Promise<DeedResult> {
  const { actions } = run.ports;
  // In no other mode is there a deed to do, whatever a caller may have planned.
  if (run.policy.mode !== 'enforce' || actions === undefined)
    return failed(announced, 'there is no permission to write');
  // An attempt whose answer is lost may have been applied.
  let unanswered: WriteProblem | undefined;
  const attempt = async (): Promise<Attempt> => {
    const verdict = await guard(run, announced);
    if (verdict.kind === 'too-slow') return { ...verdict, kind: 'sent', outcome: tooSlow };
    if (verdict.kind !== 'go') return verdict;
    const outcome = await carryOut(actions, { ...announced, state: verdict.state });
    if (outcome.kind === 'failed' && isOpenAfter(outcome.problem)) unanswered = outcome.problem;
    return { ...verdict, kind: 'sent', outcome };
  };
  try {
    const last = await inAttempts(
      run,
      attempt,
      (each) => each.kind === 'sent' && each.outcome.kind === 'failed' && isPassing(each.outcome.problem),
    );
    switch (last.kind) {
      case 'superseded':
        return unanswered === undefined ? superseded(announced) : await afterFailure(run, announced, unanswered);
      case 'stand-down':
        if (last.denial !== undefined && unanswered === undefined) {
          const problem = { ...last.denial, message: `the read before the change: ${last.denial.message}` };
          return await rememberDenial(run, { ...announced, state: last.state }, problem);
        }
        return await standDown(run, { ...announced, state: last.state }, last.decision, unanswered);
      case 'sent':
        return await conclude(run, { ...announced, state: last.state }, last.outcome, unanswered);
    }
  } catch (error) {
    // Of the ledger, which could not be read: ports to IAM do not throw. The intent tells the next sweep of it.
    const what = unanswered === undefined ? 'not done' : `nobody knows whether it was done: ${unanswered.message}`;
    return failed(announced, `${what}: ${messageOf(error)}`);
  }
}

function carryOut(actions: CredentialActions, { state, deed }: AnnouncedDeed): Promise<WriteOutcome> {
  const { principal, credential } = state;
  return deed.type === 'delete'
    ? actions.remove(principal.name, credential)
    : actions.setStatus(principal.name, credential, 'Inactive');
}

/** Nobody knows whether a call that failed took effect, unless AWS refused it. */
function isOpenAfter({ code }: WriteProblem): boolean {
  return code !== 'throttled' && code !== 'access-denied';
}

/** What was read speaks against the deed: that is taken note of, and people are told. */
async function standDown(
  run: Run,
  announced: AnnouncedDeed,
  fresh: Decision,
  unanswered: WriteProblem | undefined,
): Promise<DeedResult> {
  const { state, deed } = announced;
  const moment = { now: run.ports.clock.now(), sweep: run.sweep };
  if (fresh.type === 'observe' && fresh.by === 'keysweep') {
    if (unanswered !== undefined) return applied(run, { announced, detail: unconfirmed(unanswered) });
    const outcome = recordOutcome(state, deed, run.policy, moment);
    return settle(run, { announced, outcome: 'skipped', detail: 'it was done already' }, outcome);
  }
  const why = fresh.why;
  const isOpen = unanswered !== undefined && !(fresh.type === 'observe' && fresh.change === 'deleted');
  if (isOpen) {
    // What was sent may take effect later. The intent tells the next sweep whose change that was.
    const detail = `${why}; nobody knows whether the change still comes: ${unanswered.message}`;
    return holdBack(
      run,
      { announced, outcome: 'failed', detail },
      { type: 'leave', hold: 'unknown', why: detail },
      true,
    );
  }
  if (fresh.type === 'observe' || fresh.type === 'resolve') {
    const write = asCorrection(run, recordDecision(state, fresh, run.policy, moment));
    return settle(run, { announced, outcome: 'skipped', detail: why }, write, fresh);
  }
  const isUnknown = fresh.type === 'leave' && fresh.hold === 'unknown';
  const isLater = isDeed(fresh) || (fresh.type === 'warn' && fresh.about !== 'rotate');
  const outcome = isUnknown ? 'failed' : isLater ? 'deferred' : 'skipped';
  return holdBack(run, { announced, outcome, detail: why }, fresh, false);
}

/** After the call to IAM. */
async function conclude(
  run: Run,
  announced: AnnouncedDeed,
  outcome: WriteOutcome,
  unanswered: WriteProblem | undefined,
): Promise<DeedResult> {
  if (outcome.kind === 'failed') return afterFailure(run, announced, unanswered ?? outcome.problem);
  if (outcome.kind === 'gone') return concludeGone(run, announced, unanswered);
  return applied(run, { announced });
}

/** It was done. After denials no one was told that it happens tonight: people hear so now. */
function applied(run: Run, result: Pick<DeedResult, 'announced' | 'detail'>): Promise<DeedResult> {
  const { state, deed } = result.announced;
  const moment = { now: run.ports.clock.now(), sweep: run.sweep };
  const write = recordOutcome(state, deed, run.policy, moment);
  if (blockOf(state.entry, deed.type) === undefined) return settleApplied(run, result, write);
  const change = deed.type === 'delete' ? 'deleted' : 'deactivated';
  const notice = { kind: change, sweep: run.sweep } as const;
  const told = asCorrection(run, { ...write, entry: { ...write.entry, notice } });
  return settleApplied(run, result, told, { type: 'observe', change, by: 'keysweep', why: deed.why });
}

/** IAM knows no such key of this user: somebody was faster, or the user has been given another name this very moment. */
async function concludeGone(
  run: Run,
  announced: AnnouncedDeed,
  unanswered: WriteProblem | undefined,
): Promise<DeedResult> {
  const { state, deed } = announced;
  const list = await run.ports.source.credentials(state.credential.kind, state.principal.name);
  const { sighting } = await lookAgain(run.ports.source, state, list, 'known');
  const moment = { now: run.ports.clock.now(), sweep: run.sweep };
  if (sighting.kind !== 'gone') {
    const why = sighting.kind === 'unknown' ? sighting.why : 'IAM did not find it, and lists it all the same';
    const hold: Decision = { type: 'leave', hold: 'unknown', why };
    return holdBack(run, { announced, outcome: 'failed', detail: why }, hold, unanswered !== undefined);
  }
  if (deed.type === 'delete') return applied(run, { announced });
  const seen = { type: 'observe', change: 'deleted', by: 'person', why: 'it is gone' } as const;
  const write = asCorrection(run, recordDecision(state, seen, run.policy, moment));
  return settle(run, { announced, outcome: 'skipped', detail: 'somebody has deleted it' }, write, seen);
}

/** Where nobody knows whether a call took effect, IAM is asked. */
async function afterFailure(run: Run, announced: AnnouncedDeed, problem: WriteProblem): Promise<DeedResult> {
  const { state, deed } = announced;
  const { ports } = run;
  if (problem.code === 'access-denied') return rememberDenial(run, announced, problem);
  const list = await ports.source.credentials(state.credential.kind, state.principal.name);
  const { sighting } = await lookAgain(ports.source, state, list, 'known');
  const status = sighting.kind === 'seen' ? sighting.status : sighting.kind;
  if (status === (deed.type === 'delete' ? 'gone' : 'Inactive')) {
    return applied(run, { announced, detail: unconfirmed(problem) });
  }
  // Throttled is not begun. After no answer it is no proof that IAM does not show it yet: its lists lag behind its writes.
  const isOpen = problem.code !== 'throttled' || sighting.kind === 'unknown';
  const why = isOpen ? `nobody knows whether it was done: ${problem.message}` : problem.message;
  const hold: Decision = { type: 'leave', hold: 'unknown', why };
  return holdBack(run, { announced, outcome: 'failed', detail: why }, hold, isOpen);
}

/** A denial lasts, as a rule: it is remembered, and people hear of it once. */
function rememberDenial(run: Run, announced: AnnouncedDeed, { message, hint }: WriteProblem): Promise<DeedResult> {
  const { state, deed } = announced;
  const moment = { now: run.ports.clock.now(), sweep: run.sweep };
  const write = asCorrection(run, recordDenied(state, deed, message, moment));
  const hold: Decision = { type: 'leave', hold: 'blocked', why: message };
  const denial = { why: message, ...(hint !== undefined && { hint }) };
  const result: DeedResult = { announced, outcome: 'failed', detail: message, denial };
  return write.entry.notice === undefined ? settle(run, result, write) : settle(run, result, write, hold);
}

function unconfirmed({ message }: WriteProblem): string {
  return `AWS did not confirm it (${message}), but shows it as done`;
}

/**
 * Not done, as far as anybody knows.
 * @param isOpen it may have been done: the intent stays, and the next sweep tells by what IAM shows then
 */
function holdBack(run: Run, result: DeedResult, decision: Decision, isOpen: boolean): Promise<DeedResult> {
  const { state } = result.announced;
  const moment = { now: run.ports.clock.now(), sweep: run.sweep };
  const write = asCorrection(run, recordHeldBack(state, decision.why, moment));
  const intent = state.entry?.intent;
  const kept = isOpen && intent !== undefined ? { ...write, entry: { ...write.entry, intent } } : write;
  return settle(run, result, kept, decision);
}

function superseded(announced: AnnouncedDeed): DeedResult {
  return { announced, outcome: 'skipped', detail: 'somebody else has written to the ledger: it is theirs now' };
}

function failed(announced: AnnouncedDeed, detail: string): DeedResult {
  return { announced, outcome: 'failed', detail };
}
