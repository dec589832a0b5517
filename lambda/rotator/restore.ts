/** `keysweep restore`: a person switches a key on again, and the ledger knows who and why. */
import { systemTiming } from '../../aws/timing.ts';
import { KeysweepError, messageOf } from '../../core/error.ts';
import { restoredEvent } from '../../core/events.ts';
import { addTo } from '../../core/lifecycle/decision.ts';
import type { LedgerEntry, PendingNotice } from '../../core/lifecycle/ledger.ts';
import { carryUntold, isPending, sweepRetention } from '../../core/lifecycle/pending.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import {
  type LedgerWrite,
  recordHeldBack,
  recordRestoration,
  withoutNotice,
} from '../../core/lifecycle/transitions.ts';
import type { Account, Principal } from '../../core/model.ts';
import { observeReport } from '../../core/observe.ts';
import type { CredentialActions, EventPublisher, ReadProblem, WriteOutcome } from '../../core/ports.ts';
import { parseReport } from '../../core/report/parse.ts';
import type { CommandOptions } from '../../reports/notices/commands.ts';
import { restoredNotice } from '../../reports/notices/restored.ts';
import { inAttempts, isPassing } from './attempts.ts';
import { lookAgain } from './fresh-look.ts';
import type { RotatorPorts } from './ports.ts';
import { readSweep } from './read-sweep.ts';

/** What a restoration needs from outside. */
export interface RestorePorts extends Omit<RotatorPorts, 'onProgress'> {
  /** Undefined where no machine listens. */
  readonly events?: EventPublisher | undefined;
}

/** The key that is to be restored, as IAM and the ledger have it. */
export interface RestoreCandidate {
  readonly account: Account;
  readonly state: CredentialState;
  /** It is switched on already: there is nothing to do in IAM. */
  readonly isActive: boolean;
}

/** Which key is to be switched on again, who wants it, and why. */
export interface RestoreRequest {
  readonly candidate: RestoreCandidate;
  readonly who: string;
  readonly why: string;
  /** Id under which the ledger keeps the notice; see {@link sweepId}. */
  readonly id: string;
  /** What makes the command in the message to people use the same ledger. */
  readonly commandOptions?: CommandOptions;
}

/** What became of a request. */
export interface Restoration {
  /** `restored`: it is on again. `noted`: it was on already, and the ledger took note. `nothing`: neither was needed. */
  readonly outcome: 'restored' | 'noted' | 'nothing';
  readonly entry?: LedgerEntry;
  /** What went wrong after the key was switched on, for people. */
  readonly problems: readonly string[];
}

/**
 * Looks at one key of one user. Reads the credential report only where the ledger does not know the key, or has it under
 * another user name.
 *
 * @throws KeysweepError AccessKeyDeleted, AccessKeyNotFound, or AccessKeyUnreadable where IAM does not tell
 */
export async function findRestoreCandidate(
  { source, ledger }: RestorePorts,
  account: Account,
  accessKeyId: string,
  userName: string,
): Promise<RestoreCandidate> {
  const entry = await ledger.entry(account.id, accessKeyId);
  if (entry?.stage === 'deleted') throw deleted(entry);
  // Whoever was given another name since the ledger last wrote about it is asked for by that one.
  const isKnown = entry?.principal.name.toLowerCase() === userName.toLowerCase();
  const principal = entry !== undefined && isKnown ? entry.principal : await findPrincipal({ source }, userName);
  const blank: CredentialState = {
    account: account.id,
    principal,
    credential: { kind: 'access-key', id: accessKeyId },
    tags: { known: false, why: 'the tags were not read' },
    sighting: { kind: 'unknown', why: 'not read' },
    findings: [],
  };
  const sighting = await lookAgain(source, blank, await source.accessKeys(principal.name), 'known');
  if (sighting.kind === 'gone') throw gone(accessKeyId, principal);
  if (sighting.kind === 'unknown') {
    throw new KeysweepError('AccessKeyUnreadable', `cannot tell how ${accessKeyId} stands: ${sighting.why}`, {
      hint: 'Nothing was changed.',
    });
  }
  const state = { ...blank, sighting, ...(entry === undefined ? {} : { entry }) };
  return { account, state, isActive: sighting.status === 'Active' };
}

/**
 * Records the intent, switches the key on, records the outcome, then tells people: here the deed comes before the notice,
 * because something may be standing still.
 *
 * @throws KeysweepError LedgerConflict where somebody else has just written about the key, RestoreFailed where IAM did
 *   not do it, or what the ledger says; the key is as it was then
 */
export async function restore(ports: RestorePorts, request: RestoreRequest): Promise<Restoration> {
  const { candidate } = request;
  if (candidate.isActive) return noteActive(ports, request);
  const { state, untold } = await carried(ports, candidate.state);
  const intended = withNotice(
    recordRestoration(state, 'intended', personOf(request), momentOf(ports, request)),
    untold,
  );
  await write(ports, intended);
  const after = { ...state, entry: intended.entry };
  if (ports.actions === undefined) throw new RangeError('a restoration needs CredentialActions');
  const outcome = await switchOn(ports, ports.actions, state);
  if (outcome.kind === 'failed') throw await giveUp(ports, request, after, outcome.problem, untold);
  if (outcome.kind === 'gone') throw gone(state.credential.id, state.principal);
  return conclude(ports, request, after, 'restored');
}

/** To set a key Active twice is harmless: whoever asked for it wants it on, whatever became of an attempt. */
function switchOn(
  { timing = systemTiming }: RestorePorts,
  actions: CredentialActions,
  { principal, credential }: CredentialState,
): Promise<WriteOutcome> {
  return inAttempts(
    { timing, hasTime: () => true },
    () => actions.setStatus(principal.name, credential, 'Active'),
    (outcome) => outcome.kind === 'failed' && isPassing(outcome.problem),
  );
}

/** The state as it is without what nobody was told yet, and the notice of that. */
async function carried({ ledger, clock }: RestorePorts, state: CredentialState) {
  const { entry } = state;
  if (entry?.notice === undefined) return { state };
  const { sweep } = entry.notice;
  const { record } = await readSweep(ledger, entry.account, sweep);
  const records = new Map([[sweep, record]]);
  if (!isPending(entry, records, clock.now())) return { state };
  const { entry: known, untold } = carryUntold(entry);
  return { state: { ...state, entry: known }, untold };
}

function withNotice({ entry, event }: LedgerWrite, untold: PendingNotice | undefined): LedgerWrite {
  const silent = withoutNotice(entry);
  return { entry: untold === undefined ? silent : { ...silent, notice: untold }, event };
}

/** Somebody was faster, or an earlier restoration ended before the ledger heard of it: who and why still count. */
async function noteActive(ports: RestorePorts, request: RestoreRequest): Promise<Restoration> {
  const { entry } = request.candidate.state;
  const isOpen = entry?.stage === 'deactivated' || entry?.intent?.action === 'restore';
  if (!isOpen) return { outcome: 'nothing', problems: [], ...(entry === undefined ? {} : { entry }) };
  return conclude(ports, request, request.candidate.state, 'noted');
}

async function conclude(
  ports: RestorePorts,
  request: RestoreRequest,
  state: CredentialState,
  outcome: 'restored' | 'noted',
): Promise<Restoration> {
  const done = recordRestoration(state, 'done', personOf(request), momentOf(ports, request));
  try {
    await write(ports, done);
  } catch (error) {
    // It is on again, which is what counts; the next sweep sees that, and takes note of it.
    const problem = `the ledger could not be written, so it does not know who and why: ${messageOf(error)}`;
    return { outcome, problems: [problem] };
  }
  const problems = await Promise.all([
    problemOf(tell(ports, request, done.entry), 'people could not be told, the next digest will'),
    problemOf(tellMachines(ports, request, outcome === 'noted'), 'the event could not be put on the bus'),
  ]);
  return { outcome, entry: done.entry, problems: problems.filter((problem) => problem !== undefined) };
}

async function problemOf(work: Promise<void>, what: string): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return `${what}: ${messageOf(error)}`;
  }
}

async function tellMachines(
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

/** The record of a sweep is what says that a notice is out; without a notifier it counts as given. */
async function tell(ports: RestorePorts, request: RestoreRequest, entry: LedgerEntry) {
  const { candidate, who, why, id, commandOptions } = request;
  const { account, state } = candidate;
  const now = ports.clock.now();
  if (ports.notifier !== undefined) {
    const { credential, principal } = state;
    const facts = { account, credential, principal, who, why, at: entry.updatedAt };
    await ports.notifier.publish(
      restoredNotice({ ...facts, ...(commandOptions === undefined ? {} : { commandOptions }) }),
    );
  }
  const expiresAt = addTo(now, sweepRetention);
  await ports.ledger.writeSweep({
    account: account.id,
    id,
    startedAt: entry.updatedAt,
    endedAt: now,
    digestAt: now,
    outcome: 'complete',
    expiresAt,
  });
}

async function giveUp(
  ports: RestorePorts,
  request: RestoreRequest,
  state: CredentialState,
  problem: ReadProblem,
  untold: PendingNotice | undefined,
): Promise<KeysweepError> {
  const held = recordHeldBack(state, `restoration failed: ${problem.message}`, momentOf(ports, request));
  // Whoever asked for it hears of it at once; nobody else was told anything of it.
  await write(ports, withNotice(held, untold)).catch(() => {});
  return new KeysweepError('RestoreFailed', `${state.credential.id} was not switched on: ${problem.message}`, {
    hint:
      problem.code === 'access-denied'
        ? 'Use credentials that may call iam:UpdateAccessKey for this user.'
        : 'Look at its status before you try again: AWS may have done it all the same.',
  });
}

async function write({ ledger }: RestorePorts, { entry, event }: LedgerWrite): Promise<void> {
  if ((await ledger.write(entry, event)) === 'written') return;
  throw new KeysweepError(
    'LedgerConflict',
    `somebody else has just written to the ledger about ${entry.credential.id}`,
    {
      hint: 'A sweep may be under way. Try again.',
    },
  );
}

async function findPrincipal({ source }: Pick<RestorePorts, 'source'>, userName: string): Promise<Principal> {
  const { content } = await source.credentialReport();
  const { users } = observeReport(parseReport(content));
  const user = users.find(({ principal }) => principal.name.toLowerCase() === userName.toLowerCase());
  if (user !== undefined) return user.principal;
  throw new KeysweepError('UserNotFound', `the credential report shows no user ${userName}`, {
    hint: 'It may be up to four hours old.',
  });
}

function personOf({ who, why }: RestoreRequest) {
  return { who, why };
}

function momentOf({ clock }: RestorePorts, { id }: RestoreRequest) {
  return { now: clock.now(), sweep: id };
}

function deleted({ credential, principal, deletion }: LedgerEntry): KeysweepError {
  const by = deletion?.by === 'keysweep' ? 'keysweep' : 'somebody';
  const when = deletion === undefined ? '' : ` on ${deletion.at.toISOString().slice(0, 10)}`;
  return new KeysweepError('AccessKeyDeleted', `${credential.id} of ${principal.name} was deleted by ${by}${when}`, {
    hint: 'AWS cannot bring it back. Create a new key, or better a role, and change what used the old one.',
  });
}

function gone(accessKeyId: string, { name }: Principal): KeysweepError {
  return new KeysweepError('AccessKeyNotFound', `user ${name} has no access key ${accessKeyId} (any more)`, {
    hint: 'AWS cannot bring a deleted key back. Create a new one, or better a role.',
  });
}
