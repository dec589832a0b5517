import { messageOf } from '../../core/error.ts';
import { decide } from '../../core/lifecycle/decide.ts';
import { type Decision, type Deed, isDeed } from '../../core/lifecycle/decision.ts';
import { judgeSighting } from '../../core/lifecycle/reasons.ts';
import type { ActionOutcome } from '../../core/lifecycle/rotation.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import {
  type LedgerWrite,
  recordDecision,
  recordHeldBack,
  recordOutcome,
  withoutNotice,
} from '../../core/lifecycle/transitions.ts';
import type { CredentialActions, ReadProblem, WriteOutcome } from '../../core/ports.ts';
import { correctionsId, type Telling } from './announce.ts';
import { type KeyList, lookAgain } from './fresh-look.ts';
import type { Run } from './run.ts';

/** A deed whose intent stands in the ledger, and that people were told about. */
export interface AnnouncedDeed {
  /** With the entry that holds the intent. */
  readonly state: CredentialState;
  readonly deed: Deed;
}

/** What became of one announced deed. */
export interface DeedResult {
  readonly announced: AnnouncedDeed;
  /** `no-time`: not begun. Its intent stays, and the next run takes it up. */
  readonly outcome: ActionOutcome | 'no-time';
  readonly detail?: string;
  /** The ledger does not say so yet; the next sweep sets it right by what IAM shows. */
  readonly isUnrecorded?: true;
  /** What people must be told after all, if it stands in the ledger. */
  readonly correction?: Telling;
}

/**
 * Does the deeds: users side by side, the keys of one user after each other. Before each one a fresh read must still
 * justify it, and the ledger must still hold this sweep's intent.
 */
export async function actAll(run: Run, deeds: readonly AnnouncedDeed[]): Promise<readonly DeedResult[]> {
  const byUser = new Map<string, AnnouncedDeed[]>();
  for (const announced of deeds) {
    const { name } = announced.state.principal;
    byUser.set(name, [...(byUser.get(name) ?? []), announced]);
  }
  let done = 0;
  const results = await run.each([...byUser], async ([userName, own]): Promise<readonly DeedResult[]> => {
    if (!run.hasTime()) return own.map((announced) => ({ announced, outcome: 'no-time' }));
    const list = await run.ports.source.accessKeys(userName);
    const ofUser: DeedResult[] = [];
    for (const announced of own) {
      ofUser.push(run.hasTime() ? await act(run, announced, list) : { announced, outcome: 'no-time' });
      run.ports.onProgress?.({ phase: 'act', done: ++done, total: deeds.length });
    }
    return ofUser;
  });
  return results.flat();
}

async function act(run: Run, announced: AnnouncedDeed, list: KeyList): Promise<DeedResult> {
  const { ports, policy } = run;
  const { actions } = ports;
  // In no other mode is there a deed to do, whatever a caller may have planned.
  if (policy.mode !== 'enforce' || actions === undefined) return failed(announced, 'there is no permission to write');
  try {
    const sighting = await lookAgain(ports.source, announced.state, list, 'read');
    const now = ports.clock.now();
    const judged = judgeSighting(announced.state, sighting, policy, now);
    const fresh = decide(judged, policy, now);
    if (fresh.type !== announced.deed.type) return await standDown(run, { ...announced, state: judged }, fresh);
    if (!(await isStillOurs(run, announced))) return overtaken(announced);
    const outcome = await carryOut(actions, announced);
    return await conclude(run, { ...announced, state: judged }, outcome);
  } catch (error) {
    // Of the ledger, which could not be read: ports to IAM do not throw. The intent tells the next sweep of it.
    return failed(announced, `not done: ${messageOf(error)}`);
  }
}

function carryOut(actions: CredentialActions, { state, deed }: AnnouncedDeed): Promise<WriteOutcome> {
  const { principal, credential } = state;
  return deed.type === 'delete'
    ? actions.remove(principal.name, credential)
    : actions.setStatus(principal.name, credential, 'Inactive');
}

/** Whether nobody has written to the ledger since the intent: neither another sweep nor `keysweep restore`. */
async function isStillOurs({ ports }: Run, { state }: AnnouncedDeed): Promise<boolean> {
  const current = await ports.ledger.entry(state.account, state.credential.id);
  return current?.version === state.entry?.version;
}

/** A fresh look spoke against the deed: what it shows is taken note of, and people are told. */
async function standDown(run: Run, announced: AnnouncedDeed, fresh: Decision): Promise<DeedResult> {
  const { state, deed } = announced;
  const moment = { now: run.ports.clock.now(), sweep: run.sweep };
  if (fresh.type === 'observe' && fresh.by === 'keysweep') {
    const outcome = recordOutcome(state, deed, run.policy, moment);
    return settle(run, { announced, outcome: 'skipped', detail: 'it was done already' }, outcome);
  }
  const why = fresh.why;
  if (fresh.type === 'observe' || fresh.type === 'resolve') {
    const write = asCorrection(run, recordDecision(state, fresh, run.policy, moment));
    return settle(run, { announced, outcome: 'skipped', detail: why }, write, fresh);
  }
  const isUnknown = fresh.type === 'leave' && fresh.hold === 'unknown';
  const outcome = isUnknown ? 'failed' : isDeed(fresh) || fresh.type === 'warn' ? 'deferred' : 'skipped';
  const write = asCorrection(run, recordHeldBack(state, why, moment));
  return settle(run, { announced, outcome, detail: why }, write, fresh);
}

/** After the call to IAM. */
async function conclude(run: Run, announced: AnnouncedDeed, outcome: WriteOutcome): Promise<DeedResult> {
  const { state, deed } = announced;
  const moment = { now: run.ports.clock.now(), sweep: run.sweep };
  if (outcome.kind === 'failed') return afterFailure(run, announced, outcome.problem);
  if (outcome.kind === 'gone' && deed.type === 'deactivate') {
    const seen = { type: 'observe', change: 'deleted', by: 'person', why: 'it is gone' } as const;
    const write = asCorrection(run, recordDecision(state, seen, run.policy, moment));
    return settle(run, { announced, outcome: 'skipped', detail: 'somebody has deleted it' }, write, seen);
  }
  return settle(run, { announced, outcome: 'applied' }, recordOutcome(state, deed, run.policy, moment));
}

/** Nobody knows whether a call that failed took effect, unless it was denied. IAM is asked. */
async function afterFailure(run: Run, announced: AnnouncedDeed, problem: ReadProblem): Promise<DeedResult> {
  const { state, deed } = announced;
  const { ports, policy, sweep } = run;
  const isDenied = problem.code === 'access-denied';
  const list = isDenied ? undefined : await ports.source.accessKeys(state.principal.name);
  const moment = { now: ports.clock.now(), sweep };
  const sighting = list === undefined ? state.sighting : await lookAgain(ports.source, state, list, 'known');
  const status = sighting.kind === 'seen' ? sighting.status : sighting.kind;
  if (status === (deed.type === 'delete' ? 'gone' : 'Inactive') && !isDenied) {
    const detail = `AWS did not confirm it (${problem.message}), but shows it as done`;
    return settle(run, { announced, outcome: 'applied', detail }, recordOutcome(state, deed, policy, moment));
  }
  // Throttled is not begun. After no answer it is no proof that IAM does not show it yet: its lists lag behind its writes.
  const isOpen = problem.code === 'throttled' ? sighting.kind === 'unknown' : !isDenied;
  const why = isOpen ? `nobody knows whether it was done: ${problem.message}` : problem.message;
  const write = asCorrection(run, recordHeldBack(state, why, moment));
  const intent = state.entry?.intent;
  // While that is open the intent stays: the next sweep tells by what IAM shows then.
  const kept = isOpen && intent !== undefined ? { ...write, entry: { ...write.entry, intent } } : write;
  const hold: Decision = { type: 'leave', hold: 'unknown', why };
  return settle(run, { announced, outcome: 'failed', detail: why }, kept, hold);
}

/** Writes what became of the deed. Where that fails the intent stays, and the next sweep takes note by what IAM shows. */
async function settle(
  { ports }: Run,
  result: DeedResult,
  write: LedgerWrite,
  decision?: Decision,
): Promise<DeedResult> {
  const { announced, detail } = result;
  const note = (what: string): DeedResult => ({
    ...result,
    detail: detail === undefined ? what : `${detail}; ${what}`,
  });
  try {
    const written = await ports.ledger.write(write.entry, write.event);
    if (written === 'conflict') return note('another sweep has taken note of it');
  } catch (error) {
    const why = `the ledger could not be written, the next sweep will set it right: ${messageOf(error)}`;
    return { ...note(why), isUnrecorded: true };
  }
  if (decision === undefined) return result;
  return { ...result, correction: { state: announced.state, decision, write } };
}

function asCorrection({ sweep }: Run, { entry, event }: LedgerWrite): LedgerWrite {
  if (entry.notice === undefined) return { entry, event };
  const notice = { kind: entry.notice.kind, sweep: correctionsId(sweep) };
  return { entry: { ...withoutNotice(entry), notice }, event };
}

function overtaken(announced: AnnouncedDeed): DeedResult {
  return { announced, outcome: 'skipped', detail: 'somebody else has written to the ledger: it is theirs now' };
}

function failed(announced: AnnouncedDeed, detail: string): DeedResult {
  return { announced, outcome: 'failed', detail };
}
