/** `keysweep restore`: a person reactivates a key, and the ledger records who and why. */
import { KeysweepError, messageOf } from '../../core/error.ts';
import { restoredEvent } from '../../core/events.ts';
import { given } from '../../core/given.ts';
import { addTo } from '../../core/lifecycle/decision.ts';
import type { BegunChange, LedgerEntry, PendingNotice } from '../../core/lifecycle/ledger.ts';
import type { LedgerWrite } from '../../core/lifecycle/ledger-write.ts';
import { carryPending, hasPendingNotice, sweepRetention } from '../../core/lifecycle/pending.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import { recordNotApplied, recordRestoration, withoutNotice } from '../../core/lifecycle/transitions.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { EventPublisher, ReadProblem } from '../../core/ports.ts';
import type { CommandOptions } from '../../reports/notices/commands.ts';
import { restoredNotice } from '../../reports/notices/restored.ts';
import { deliver, readSubscribers, type SubscribersPolicy } from '../delivery.ts';
import { orDamage, readSweep } from '../remember.ts';
import type { SweepPorts } from '../sweep/ports.ts';
import { begunChange, deleted, type RestoreCandidate } from './candidate.ts';
import { confirmActive, reactivate, tooLate } from './reactivate.ts';

export { findRestoreCandidate, type RestoreCandidate } from './candidate.ts';

/** What a restoration needs from outside. */
export interface RestorePorts extends Omit<SweepPorts, 'onProgress'> {
  /** Undefined if there is no event bus. */
  readonly events?: EventPublisher | undefined;
}

/** Which key is to be reactivated, who wants it, and why. */
export interface RestoreRequest {
  readonly candidate: RestoreCandidate;
  readonly who: string;
  readonly why: string;
  /** What counts as a channel that reaches people, and the time zone of the message. @default the built-in policy */
  readonly policy?: SubscribersPolicy & Pick<Policy, 'calendar'>;
  /** Id under which the ledger keeps the notice; see {@link sweepId}. */
  readonly id: string;
  /** Options for the command in the message to people, so that it uses the same ledger. */
  readonly commandOptions?: CommandOptions;
}

/** The result of a request. */
export interface Restoration {
  /** `restored`: it is active again. `noted`: it was already active, and the ledger recorded that. `nothing`: neither was needed. */
  readonly outcome: 'restored' | 'noted' | 'nothing';
  readonly entry?: LedgerEntry;
  /** A change that a sweep had begun at the time of the request, and did not complete. */
  readonly begun?: BegunChange;
  /** What is wrong with its ledger entry, which was not changed. */
  readonly damage?: string;
  /** What went wrong after the key was reactivated, for people. */
  readonly problems: readonly string[];
}

/**
 * Records the intent, reactivates the key, confirms that it stays active, records the outcome, then notifies people: here the
 * change comes before the notice, because something may be down. A sweep that has begun to deactivate or delete the key sees
 * the intent and makes no further attempt. If the entry is damaged, the key is still reactivated, but nothing is recorded.
 *
 * @throws KeysweepError LedgerConflict if someone else has just written about the key, RestoreFailed if IAM did not do it,
 *   RestoreTooLate if the key was deleted first, or any error of the ledger
 */
export async function restore(ports: RestorePorts, request: RestoreRequest): Promise<Restoration> {
  const { candidate } = request;
  if (candidate.damage !== undefined) return restoreUnrecorded(ports, request, candidate.damage);
  if (candidate.isActive && candidate.begun === undefined) return noteActive(ports, request);
  if (ports.actions === undefined) throw new RangeError('a restoration needs CredentialActions');
  const intended = await orDamage(intend(ports, request));
  if (intended instanceof Error) return restoreUnrecorded(ports, request, intended.message);
  const { state: after, undelivered, begun, before } = intended;
  if (!candidate.isActive) {
    const outcome = await reactivate(ports, ports.actions, after);
    if (outcome.kind === 'failed') throw await failRestore(ports, request, after, before, outcome.problem, undelivered);
    if (outcome.kind === 'not-found') throw tooLate(after, begun);
  }
  const problem = await confirmActive(ports, ports.actions, after, begun);
  const done = await conclude(ports, request, after, candidate.isActive ? 'noted' : 'restored');
  return {
    ...done,
    problems: [...(problem === undefined ? [] : [problem]), ...done.problems],
    ...given({ begun }),
  };
}

/**
 * There is no entry to record it in. A sweep does not change such a key (core/lifecycle/damaged.ts), and its guard cannot
 * read the entry either, but it is unknown what a sweep sent before.
 */
async function restoreUnrecorded(ports: RestorePorts, request: RestoreRequest, damage: string): Promise<Restoration> {
  const { state, isActive } = request.candidate;
  if (ports.actions === undefined) throw new RangeError('a restoration needs CredentialActions');
  if (!isActive) {
    const outcome = await reactivate(ports, ports.actions, state);
    if (outcome.kind === 'failed') throw notReactivated(state, outcome.problem);
    if (outcome.kind === 'not-found') throw tooLate(state, undefined);
  }
  const unsure = await confirmActive(ports, ports.actions, state, 'unknown');
  const undelivered = isActive
    ? []
    : await Promise.all([
        problemOf(publishNotice(ports, request, ports.clock.now()), 'people could not be notified'),
        problemOf(publishEvents(ports, request, false), 'the event could not be published'),
      ]);
  const problems = [unsure, describeUnrecorded(damage), ...undelivered].filter((problem) => problem !== undefined);
  return { outcome: isActive ? 'nothing' : 'restored', damage, problems };
}

function describeUnrecorded(damage: string): string {
  return `the ledger does not record who restored it and why: ${damage}. No sweep changes a key whose entry is damaged. Repair the entry (docs/operations.md, “A damaged entry”), then run this command again to record the restoration`;
}

/** Overrides what a sweep has written since the key was read, but not another restoration. */
async function intend(ports: RestorePorts, request: RestoreRequest) {
  let current = request.candidate.state;
  for (let round = 1; ; round++) {
    const begun = begunChange(current.entry);
    const { state, undelivered } = await carried(ports, current);
    const write = recordRestoration(state, 'intended', personOf(request), momentOf(ports, request));
    const intended = withNotice(write, undelivered);
    if ((await ports.ledger.write(intended.entry, intended.event)) === 'written')
      return { state: { ...state, entry: intended.entry }, undelivered, begun, before: current.entry?.intent };
    const newest = await ports.ledger.entry(state.account, state.credential.id);
    if (newest?.stage === 'deleted') throw deleted(newest);
    if (newest === undefined || newest.intent?.action === 'restore' || round === rounds) throw conflict(state);
    current = { ...current, entry: newest };
  }
}

/** There are never more concurrent writers for one key than this. */
const rounds = 5;

/** The state without an undelivered notice, and that notice. */
async function carried({ ledger, clock }: RestorePorts, state: CredentialState) {
  const { entry } = state;
  if (entry?.notice === undefined) return { state };
  const { sweep } = entry.notice;
  const { record } = await readSweep(ledger, entry.account, sweep);
  const records = new Map([[sweep, record]]);
  if (!hasPendingNotice(entry, records, clock.now())) return { state };
  const { entry: known, pending: undelivered } = carryPending(entry);
  return { state: { ...state, entry: known }, undelivered };
}

function withNotice({ entry, event }: LedgerWrite, undelivered: PendingNotice | undefined): LedgerWrite {
  const silent = withoutNotice(entry);
  return { entry: undelivered === undefined ? silent : { ...silent, notice: undelivered }, event };
}

/** Someone has already reactivated it, or an earlier restoration ended before it was recorded: who and why are still recorded. */
async function noteActive(ports: RestorePorts, request: RestoreRequest): Promise<Restoration> {
  const { entry } = request.candidate.state;
  const isOpen = entry?.stage === 'deactivated' || entry?.intent?.action === 'restore';
  if (!isOpen) return { outcome: 'nothing', problems: [], ...given({ entry }) };
  return conclude(ports, request, request.candidate.state, 'noted');
}

async function conclude(
  ports: RestorePorts,
  request: RestoreRequest,
  state: CredentialState,
  outcome: 'restored' | 'noted',
): Promise<Restoration> {
  let done: LedgerWrite;
  try {
    done = await writeOutcome(ports, request, state);
  } catch (error) {
    // It is active again, which is what counts; the next sweep sees and records that.
    const problem = `the ledger could not be written, so it does not record who restored it and why: ${messageOf(error)}`;
    return { outcome, problems: [problem] };
  }
  const problems = await Promise.all([
    problemOf(notifyPeople(ports, request, done.entry), 'people could not be notified; the next digest includes it'),
    problemOf(publishEvents(ports, request, outcome === 'noted'), 'the event could not be published'),
  ]);
  return { outcome, entry: done.entry, problems: problems.filter((problem) => problem !== undefined) };
}

/** Overrides what a sweep has written in the meantime: the key is active, and someone needs it. */
async function writeOutcome(
  ports: RestorePorts,
  request: RestoreRequest,
  state: CredentialState,
): Promise<LedgerWrite> {
  let current = state;
  for (let round = 1; ; round++) {
    const done = recordRestoration(current, 'done', personOf(request), momentOf(ports, request));
    if ((await ports.ledger.write(done.entry, done.event)) === 'written') return done;
    const newest = await ports.ledger.entry(state.account, state.credential.id);
    if (newest === undefined || newest.stage === 'deleted' || round === rounds) throw conflict(state);
    current = { ...current, entry: newest };
  }
}

async function problemOf(work: Promise<void>, what: string): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return `${what}: ${messageOf(error)}`;
  }
}

async function publishEvents(
  { events }: RestorePorts,
  { candidate, who, why, id }: RestoreRequest,
  observed: boolean,
): Promise<void> {
  const { account, state } = candidate;
  const { credential, principal } = state;
  await events?.publish([
    restoredEvent({ account: account.id, sweep: id, credential, principal, why: `${who}: ${why}`, observed }),
  ]);
}

async function publishNotice({ notifier }: RestorePorts, request: RestoreRequest, at: Date): Promise<void> {
  const { candidate, who, why, commandOptions, policy = defaultPolicy } = request;
  const { account, state } = candidate;
  if (notifier === undefined) return;
  const { credential, principal } = state;
  const facts = { account, credential, principal, who, why, at, timezone: policy.calendar.timezone };
  const notice = restoredNotice({ ...facts, ...given({ commandOptions }) });
  const delivery = await deliver(notifier, await readSubscribers(notifier, policy), notice);
  if (delivery.kind === 'undelivered') throw new KeysweepError('NoticeUndelivered', delivery.why);
}

/** The record of a sweep says that a notice is delivered; without a notifier it counts as delivered. */
async function notifyPeople(ports: RestorePorts, request: RestoreRequest, entry: LedgerEntry) {
  const { candidate, id } = request;
  const { account } = candidate;
  const now = ports.clock.now();
  await publishNotice(ports, request, entry.updatedAt);
  const expiresAt = addTo(now, sweepRetention);
  await ports.ledger.writeSweep({
    account: account.id,
    id,
    startedAt: entry.updatedAt,
    endedAt: now,
    deliveredAt: now,
    outcome: 'complete',
    expiresAt,
    ...(ports.notifier === undefined && { notifiedBy: 'operator' as const }),
  });
}

/**
 * Someone needs the key, and may try again: no sweep deletes it before `restoreGrace` has passed. A deactivation by an
 * interrupted sweep must still be recognized as keysweep’s.
 */
async function failRestore(
  ports: RestorePorts,
  request: RestoreRequest,
  state: CredentialState,
  before: LedgerEntry['intent'],
  problem: ReadProblem,
  undelivered: PendingNotice | undefined,
): Promise<KeysweepError> {
  const notApplied = recordNotApplied(state, `restoration failed: ${problem.message}`, momentOf(ports, request));
  // The person who asked sees the error; no one else was notified of the attempt.
  const { entry, event } = withNotice(notApplied, undelivered);
  const intent = before?.action === 'deactivate' ? before : state.entry?.intent;
  await ports.ledger.write({ ...entry, ...given({ intent }) }, event).catch(() => {});
  return notReactivated(state, problem);
}

function notReactivated(state: CredentialState, problem: ReadProblem): KeysweepError {
  return new KeysweepError('RestoreFailed', `${state.credential.id} was not reactivated: ${problem.message}`, {
    hint:
      problem.code === 'access-denied'
        ? 'Use credentials that may call iam:UpdateAccessKey for this user.'
        : 'Check its status before you try again: AWS may have reactivated it anyway.',
  });
}

function conflict({ credential }: CredentialState): KeysweepError {
  return new KeysweepError('LedgerConflict', `someone else has just written to the ledger about ${credential.id}`, {
    hint: 'A sweep may be under way. Try again.',
  });
}

function personOf({ who, why }: RestoreRequest) {
  return { who, why };
}

function momentOf({ clock }: RestorePorts, { id }: RestoreRequest) {
  return { now: clock.now(), sweep: id };
}
