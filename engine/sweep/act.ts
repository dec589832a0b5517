/** The fifth phase of a sweep: the changes whose intent is in the ledger and of which people were notified. */
import { messageOf } from '../../core/error.ts';
import { given } from '../../core/given.ts';
import { blockOf } from '../../core/lifecycle/blocked.ts';
import { type Change, type Decision, isChange } from '../../core/lifecycle/decision.ts';
import { deniedAlike } from '../../core/lifecycle/denied-alike.ts';
import type { Item } from '../../core/lifecycle/item.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import { recordDecision, recordDenied, recordNotApplied, recordOutcome } from '../../core/lifecycle/transitions.ts';
import type { CredentialActions, WriteOutcome, WriteProblem } from '../../core/ports.ts';
import { recheck } from '../recheck.ts';
import { isTransient, retry } from '../retry.ts';
import { guard, type Verdict } from './guard.ts';
import type { Night } from './night.ts';
import { superseded } from './record.ts';
import type { Run } from './run.ts';
import { asCorrection, settle, settleApplied } from './settle.ts';

/**
 * Makes the changes: users in parallel, the credentials of one user one after the other. Before every attempt the guard
 * reads again what justifies the change; see guard.ts.
 */
export async function act(run: Run, night: Night): Promise<Night> {
  // Nothing is changed in a night of which no one was notified, whichever phase was left out.
  if (night.isFailed || night.delivery === undefined) return night;
  const changes = night.items.filter(isRecordedChange);
  const byUser = new Map<string, ChangeItem[]>();
  for (const item of changes) {
    const { name } = item.state.principal;
    byUser.set(name, [...(byUser.get(name) ?? []), item]);
  }
  let done = 0;
  const results = await run.each([...byUser.values()], async (own): Promise<readonly Item[]> => {
    const ofUser: Item[] = [];
    for (const item of own) {
      ofUser.push(run.hasTime() ? await makeChange(run, item) : { ...item, outcome: 'no-time' });
      run.ports.onProgress?.({ phase: 'act', done: ++done, total: changes.length });
    }
    return ofUser;
  });
  const { items, denied } = foldDenials(results.flat());
  const byId = new Map(items.map((item) => [item.state.credential.id, item]));
  return {
    ...night,
    items: night.items.map((item) => byId.get(item.state.credential.id) ?? item),
    denied,
    problems: [...denied, ...night.problems, ...items.flatMap(({ problem }) => problem ?? [])],
  };
}

type ChangeItem = Item<Change> & Required<Pick<Item, 'write'>>;

function isRecordedChange(item: Item): item is ChangeItem {
  return item.outcome === 'recorded' && item.write !== undefined && isChange(item.decision);
}

/** Replaces a denial that all changes have in common by one line for all. The ledger keeps it per key. */
function foldDenials(items: readonly Item[]): { readonly items: readonly Item[]; readonly denied: readonly string[] } {
  const answered = items.flatMap(({ decision, outcome, denial }) => {
    const isAnswered = isChange(decision) && (outcome === 'applied' || denial !== undefined);
    return isAnswered ? [{ change: decision.type, ...given({ denial }) }] : [];
  });
  const alike = deniedAlike(answered);
  const folded = items.map((item): Item => {
    const { decision, denial, detail, correction } = item;
    const ofEach = isChange(decision) ? alike.get(decision.type)?.ofEach : undefined;
    if (denial === undefined || ofEach === undefined) return item;
    const said = correction && {
      ...correction,
      write: { ...correction.write, event: { ...correction.write.event, detail: ofEach } },
    };
    return {
      ...item,
      // Something may have been added to it.
      detail: detail?.replace(denial.why, () => ofEach) ?? ofEach,
      ...given({ correction: said }),
    };
  });
  return { items: folded, denied: [...alike.values()].map(({ problem }) => problem) };
}

/** The result of one attempt: the guard stopped it, or it was sent. */
type Attempted =
  | Exclude<Verdict, { readonly kind: 'go' | 'too-slow' }>
  | { readonly kind: 'sent'; readonly state: CredentialState; readonly outcome: WriteOutcome };

const tooSlow: WriteOutcome = {
  kind: 'failed',
  problem: { code: 'throttled', message: 'AWS answered so slowly that the first reads were out of date' },
};

async function makeChange(run: Run, item: ChangeItem): Promise<Item> {
  const { actions } = run.ports;
  const recorded: CredentialState = { ...item.state, entry: item.write.entry };
  // No other mode makes changes, whatever a caller may have planned.
  if (run.policy.mode !== 'enforce' || actions === undefined) return failed(item, 'there is no permission to write');
  // An attempt whose answer is lost may have been applied.
  let unanswered: WriteProblem | undefined;
  const attempt = async (): Promise<Attempted> => {
    const verdict = await guard(run, recorded, item.decision);
    if (verdict.kind === 'too-slow') return { ...verdict, kind: 'sent', outcome: tooSlow };
    if (verdict.kind !== 'go') return verdict;
    const outcome = await carryOut(actions, verdict.state, item.decision);
    if (outcome.kind === 'failed' && isOpenAfter(outcome.problem)) unanswered = outcome.problem;
    return { ...verdict, kind: 'sent', outcome };
  };
  try {
    const last = await retry(
      { timing: run.ports.timing, hasTime: run.hasTime },
      attempt,
      (each) => each.kind === 'sent' && each.outcome.kind === 'failed' && isTransient(each.outcome.problem),
    );
    if (last.kind === 'superseded') {
      if (unanswered !== undefined) return await afterFailure(run, item, recorded, unanswered);
      return { ...item, outcome: 'skipped', detail: superseded };
    }
    const { state } = last;
    if (last.kind === 'sent') return await conclude(run, item, state, last.outcome, unanswered);
    if (last.denial === undefined || unanswered !== undefined)
      return await standDown(run, item, state, last.decision, unanswered);
    const problem = { ...last.denial, message: `the read before the change: ${last.denial.message}` };
    return await rememberDenial(run, item, state, problem);
  } catch (error) {
    // An error of the ledger, which could not be read: ports to IAM do not throw. The next sweep sees the intent.
    const what = unanswered === undefined ? 'not done' : `it is unknown whether it was done: ${unanswered.message}`;
    return failed(item, `${what}: ${messageOf(error)}`);
  }
}

function carryOut(
  actions: CredentialActions,
  { principal, credential }: CredentialState,
  { type }: Change,
): Promise<WriteOutcome> {
  return type === 'delete'
    ? actions.remove(principal.name, credential)
    : actions.setStatus(principal.name, credential, 'Inactive');
}

/** A failed call may have taken effect, unless AWS refused it. */
function isOpenAfter({ code }: WriteProblem): boolean {
  return code !== 'throttled' && code !== 'access-denied';
}

/** What was read rules out the change: that is recorded, and people are notified. */
async function standDown(
  run: Run,
  item: ChangeItem,
  state: CredentialState,
  fresh: Decision,
  unanswered: WriteProblem | undefined,
): Promise<Item> {
  const moment = { now: run.ports.clock.now(), sweep: run.sweep };
  if (fresh.type === 'observe' && fresh.by === 'keysweep') {
    if (unanswered !== undefined) return applied(run, item, state, unconfirmed(unanswered));
    const outcome = recordOutcome(state, item.decision, run.policy, moment);
    return settle(run, { ...item, outcome: 'skipped', detail: 'it was already done' }, state, outcome);
  }
  const why = whyNot(fresh);
  const isOpen = unanswered !== undefined && !(fresh.type === 'observe' && fresh.change === 'deleted');
  if (isOpen) {
    // What was sent may take effect later. The intent shows the next sweep who made that change.
    const detail = `${why}; an earlier attempt may still take effect: ${unanswered.message}`;
    return skipInstead(run, { ...item, outcome: 'failed', detail }, state, skip('unknown', detail), true);
  }
  if (fresh.type === 'observe' || fresh.type === 'resolve') {
    const write = asCorrection(run, recordDecision(state, fresh, run.policy, moment));
    return settle(run, { ...item, outcome: 'skipped', detail: why }, state, write, fresh);
  }
  const isUnknown = fresh.type === 'skip' && fresh.skipReason === 'unknown';
  const isLater = isChange(fresh) || (fresh.type === 'warn' && fresh.about !== 'rotate');
  const outcome = isUnknown ? 'failed' : isLater ? 'deferred' : 'skipped';
  return skipInstead(run, { ...item, outcome, detail: why }, state, fresh, false);
}

/** After the call to IAM. */
async function conclude(
  run: Run,
  item: ChangeItem,
  state: CredentialState,
  outcome: WriteOutcome,
  unanswered: WriteProblem | undefined,
): Promise<Item> {
  if (outcome.kind === 'failed') return afterFailure(run, item, state, unanswered ?? outcome.problem);
  if (outcome.kind === 'not-found') return concludeNotFound(run, item, state, unanswered);
  return applied(run, item, state);
}

/** It was done. A retry after denials was not announced as done for tonight, so people are notified now. */
function applied(run: Run, item: ChangeItem, state: CredentialState, detail?: string): Promise<Item> {
  const { decision } = item;
  const moment = { now: run.ports.clock.now(), sweep: run.sweep };
  const write = recordOutcome(state, decision, run.policy, moment);
  const done: ChangeItem = { ...item, outcome: 'applied', ...given({ detail }) };
  if (blockOf(state.entry, decision.type) === undefined) return settleApplied(run, done, state, write);
  const observed = decision.type === 'delete' ? 'deleted' : 'deactivated';
  const notice = { kind: observed, sweep: run.sweep } as const;
  const correction = asCorrection(run, { ...write, entry: { ...write.entry, notice } });
  const seen: Decision = { type: 'observe', change: observed, by: 'keysweep', why: decision.why };
  return settleApplied(run, done, state, correction, seen);
}

/** IAM has no such key for this user: someone deleted it first, or the user has just been renamed. */
async function concludeNotFound(
  run: Run,
  item: ChangeItem,
  state: CredentialState,
  unanswered: WriteProblem | undefined,
): Promise<Item> {
  const { liveStatus } = await recheck(run.ports.source, state, 'known');
  const moment = { now: run.ports.clock.now(), sweep: run.sweep };
  if (liveStatus.kind !== 'not-found') {
    const why = liveStatus.kind === 'unknown' ? liveStatus.why : 'IAM did not find it, but lists it';
    const failedItem: ChangeItem = { ...item, outcome: 'failed', detail: why };
    return skipInstead(run, failedItem, state, skip('unknown', why), unanswered !== undefined);
  }
  if (item.decision.type === 'delete') return applied(run, item, state);
  const seen = { type: 'observe', change: 'deleted', by: 'person', why: 'it no longer exists in IAM' } as const;
  const write = asCorrection(run, recordDecision(state, seen, run.policy, moment));
  return settle(run, { ...item, outcome: 'skipped', detail: 'someone has deleted it' }, state, write, seen);
}

/** If it is unknown whether a call took effect, the live status decides. */
async function afterFailure(run: Run, item: ChangeItem, state: CredentialState, problem: WriteProblem): Promise<Item> {
  if (problem.code === 'access-denied') return rememberDenial(run, item, state, problem);
  const { liveStatus } = await recheck(run.ports.source, state, 'known');
  const status = liveStatus.kind === 'seen' ? liveStatus.status : liveStatus.kind;
  if (status === (item.decision.type === 'delete' ? 'not-found' : 'Inactive')) {
    return applied(run, item, state, unconfirmed(problem));
  }
  // A throttled call had no effect. Without an answer, IAM not showing it yet proves nothing: its lists lag behind its writes.
  const isOpen = problem.code !== 'throttled' || liveStatus.kind === 'unknown';
  const why = isOpen ? `it is unknown whether it was done: ${problem.message}` : problem.message;
  return skipInstead(run, { ...item, outcome: 'failed', detail: why }, state, skip('unknown', why), isOpen);
}

/** A denial usually lasts: it is recorded, and people are notified once. */
function rememberDenial(
  run: Run,
  item: ChangeItem,
  state: CredentialState,
  { message, hint }: WriteProblem,
): Promise<Item> {
  const moment = { now: run.ports.clock.now(), sweep: run.sweep };
  const write = asCorrection(run, recordDenied(state, item.decision, message, moment));
  const denial = { why: message, ...given({ hint }) };
  const denied: ChangeItem = { ...item, outcome: 'failed', detail: message, denial };
  return settle(run, denied, state, write, write.entry.notice === undefined ? undefined : skip('blocked', message));
}

function unconfirmed({ message }: WriteProblem): string {
  return `AWS did not confirm it (${message}), but shows it as done`;
}

/**
 * Not done, as far as known.
 * @param isOpen it may have been done: the intent is kept, and the next sweep decides by what IAM shows then
 */
function skipInstead(
  run: Run,
  item: ChangeItem,
  state: CredentialState,
  decision: Decision,
  isOpen: boolean,
): Promise<Item> {
  const moment = { now: run.ports.clock.now(), sweep: run.sweep };
  const write = asCorrection(run, recordNotApplied(state, whyNot(decision), moment));
  const intent = state.entry?.intent;
  const kept = isOpen && intent !== undefined ? { ...write, entry: { ...write.entry, intent } } : write;
  return settle(run, item, state, kept, decision);
}

/** Why an announced change is not made now, for its correction. A notice gives only the reason for the notice. */
function whyNot(decision: Decision): string {
  if (decision.type !== 'warn') return decision.why;
  return `${decision.about === 'rotate' ? 'it is in use now' : 'another notice has to come first'}: ${decision.why}`;
}

function skip(skipReason: 'unknown' | 'blocked', why: string): Decision {
  return { type: 'skip', skipReason, why };
}

function failed(item: ChangeItem, detail: string): Item {
  return { ...item, outcome: 'failed', detail };
}
