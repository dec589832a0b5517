import { channelProblems } from '../../core/channels/reach.ts';
import { messageOf } from '../../core/error.ts';
import { addTo, type Decision } from '../../core/lifecycle/decision.ts';
import type { Deactivation, SweepRecord } from '../../core/lifecycle/ledger.ts';
import { announceDeletion } from '../../core/lifecycle/notice-dates.ts';
import { sweepRetention } from '../../core/lifecycle/pending.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import { type LedgerWrite, recordOutcome } from '../../core/lifecycle/transitions.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { ReadProblem } from '../../core/ports.ts';
import { tagValue } from '../../core/tags.ts';
import { type DigestInput, fullDigest } from '../../reports/digest.ts';
import { digestMessages } from '../../reports/digest-messages.ts';
import type { NoticeItem } from '../../reports/notices/notice-item.ts';
import { counted } from '../../reports/words.ts';
import { deliver, type Listeners, reachOf } from '../delivery.ts';
import type { Run } from './run.ts';

/** A notice that stands in the ledger, and what is known about its credential. */
export interface Telling {
  readonly state: CredentialState;
  /** Absent for a notice of an earlier sweep. */
  readonly decision?: Decision;
  readonly write: LedgerWrite;
  /** What is said of it instead of what the ledger says. */
  readonly why?: string;
}

/** What is to be told in one message. */
export interface Announcement {
  /** Id under which the ledger keeps whether this digest went out. */
  readonly id: string;
  readonly tellings: readonly Telling[];
  readonly owners: Owners;
  /** Of {@link RotatorPorts.notifier}; undefined where there is none. */
  readonly listeners: Listeners | undefined;
  readonly waiting?: Pick<DigestInput, 'deferred' | 'overdue' | 'unjudged' | 'notes'>;
  readonly isCorrection?: boolean;
}

/**
 * Notices about deeds that were announced in the sweep's own digest, and did not happen, go out under an id of their
 * own: a crash before they do must not look as if they had gone out with the first one.
 */
export function correctionsId(sweep: string): string {
  return `${sweep}/corrections`;
}

/** So much is said of the channels of the others in one message. */
const mostNotes = 10;

/** What became of an announcement. */
export interface Announced {
  /** When people were told; undefined where there was nothing to tell, or no one is known to have got it. */
  readonly at?: Date;
  /** Ids of the credentials that no message named: no one was notified about them. */
  readonly unnamed: readonly string[];
  /** Why no one is known to have got it. */
  readonly undelivered?: string;
  /** What went wrong beside it, for people. */
  readonly problems: readonly string[];
}

/**
 * Notifies people, and lets the ledger know who was named. Nothing to say is nothing to write. One message is enough where
 * the full text is kept and linked. Where it is not, which is a problem but no reason to notify no one, there are as many
 * messages as it takes to name every key, within a bound; each one counts for itself, whatever becomes of the next. What no
 * one is known to have got does not count.
 *
 * @throws KeysweepError where not even one message could be handed over, or the ledger could not be written
 */
export async function announce(run: Run, announcement: Announcement): Promise<Announced> {
  const {
    id,
    tellings,
    owners,
    listeners,
    waiting = { deferred: [], overdue: [] },
    isCorrection = false,
  } = announcement;
  const told = tellings.filter(({ write }) => write.entry.notice?.sweep === id);
  if (told.length === 0) return { unnamed: [], problems: [] };
  const { ports, policy, snapshot, startedAt, sweep, commandOptions } = run;
  const record = async (unnamed: readonly string[]) => {
    const at = ports.clock.now();
    await ports.ledger.writeSweep({
      ...sweepRecord(run, id),
      deliveredAt: at,
      ...(unnamed.length > 0 && { undelivered: unnamed }),
    });
    return at;
  };
  if (ports.notifier === undefined || listeners === undefined)
    return { at: await record([]), unnamed: [], problems: [] };
  const kind = isCorrection ? 'correction' : 'digest';
  const attributes = { kind, account: snapshot.audit.account.id, severity: undefined };
  const channelNotes = channelProblems(reachOf(listeners, attributes)).map((problem) => `${problem}.`);
  const input = {
    account: snapshot.audit.account,
    now: startedAt,
    sweep,
    mode: policy.mode,
    timezone: policy.calendar.timezone,
    items: told.map((telling) => toItem(telling, owners, policy)),
    ...waiting,
    notes: [...(waiting.notes ?? []), ...channelNotes.slice(0, mostNotes)],
    isCorrection,
    ...(commandOptions === undefined ? {} : { commandOptions }),
  };
  const kept = await keepInFull(run, input);
  const problems = kept.problem === undefined ? [] : [kept.problem];
  const unnamed = new Set(told.map(({ state }) => state.credential.id));
  let at: Date | undefined;
  for (const { notice, named } of digestMessages({ ...input, ...(kept.link && { fullReport: kept.link }) })) {
    try {
      const delivery = await deliver(ports.notifier, listeners, notice);
      if (delivery.kind === 'undelivered') {
        if (at === undefined) return { undelivered: delivery.why, unnamed: [...unnamed], problems };
        problems.push(`no one is known to have got every message: ${delivery.why}`);
        break;
      }
    } catch (error) {
      if (at === undefined) throw error;
      problems.push(`not every message could be handed over: ${messageOf(error)}`);
      break;
    }
    for (const { credential } of named) unnamed.delete(credential.id);
    at = await record([...unnamed]);
  }
  if (unnamed.size > 0) problems.push(`${counted(unnamed.size, 'notice')} did not fit: the next sweep gives them`);
  return { ...(at && { at }), unnamed: [...unnamed], problems };
}

async function keepInFull({ ports, startedAt }: Run, input: DigestInput): Promise<{ link?: string; problem?: string }> {
  if (ports.reports === undefined) return {};
  const { account, isCorrection } = input;
  const name = isCorrection ? 'correction.txt' : 'digest.txt';
  const report = { account, at: startedAt, name, text: fullDigest(input), contentType: 'text/plain; charset=utf-8' };
  try {
    return { link: await ports.reports.write(report) };
  } catch (error) {
    return { problem: `the full ${isCorrection ? 'correction' : 'digest'} could not be kept: ${messageOf(error)}` };
  }
}

/** The record of a sweep, or of its corrections, as it begins. */
export function sweepRecord({ ports, snapshot, startedAt }: Run, id: string): SweepRecord {
  return {
    account: snapshot.audit.account.id,
    id,
    startedAt,
    expiresAt: addTo(startedAt, sweepRetention),
    ...(ports.notifier === undefined && { notifiedBy: 'operator' as const }),
  };
}

/** The owner of each user's credentials, by the user's name. */
export type Owners = ReadonlyMap<string, string>;

/** The owners that are known, and a sentence for people about those that are not. */
export interface ReadOwners {
  readonly owners: Owners;
  readonly notes: readonly string[];
}

/** From the owner tag of the users who will be told about. One whose tags cannot be read is told about without it. */
export async function readOwners(run: Run, states: readonly CredentialState[]): Promise<ReadOwners> {
  const { ports, policy, snapshot } = run;
  if (ports.notifier === undefined) return { owners: new Map(), notes: [] };
  const tags = new Map(
    states.flatMap(({ principal, tags }) => (tags.known ? [[principal.name, tags.value] as const] : [])),
  );
  const missing = states.filter(({ principal, sighting }) => sighting.kind !== 'gone' && !tags.has(principal.name));
  const names = [...new Set(missing.map(({ principal }) => principal.name))];
  const answers = names.length === 0 ? [] : await ports.source.userTags(names, snapshot.userNames.length);
  const unread: ReadProblem[] = [];
  for (const [name, answer] of answers) {
    if (answer.ok) tags.set(name, answer.value);
    else if (answer.problem.code !== 'not-found') unread.push(answer.problem);
  }
  const { ownerTag } = policy.notices;
  const owners = new Map(
    [...tags].flatMap(([name, value]) => {
      const owner = tagValue(value, ownerTag);
      return owner === undefined ? [] : [[name, owner] as const];
    }),
  );
  const [first] = unread;
  const whose = `The owner of the keys of ${counted(unread.length, 'user')} is not known`;
  return { owners, notes: first === undefined ? [] : [`${whose}: the tags could not be read: ${first.message}.`] };
}

function toItem(telling: Telling, owners: Owners, policy: Policy): NoticeItem {
  const { state, decision, write } = telling;
  const { principal, credential } = state;
  const owner = owners.get(principal.name);
  return {
    principal,
    credential,
    ...(owner === undefined ? {} : { owner }),
    // A notice of an earlier sweep is told without it: its event says only that it is told again.
    ...(decision === undefined ? {} : { why: telling.why ?? write.event.detail }),
    ...factsOf(telling, policy),
  };
}

function factsOf(
  { state, decision, write: { entry, event } }: Telling,
  policy: Policy,
): Pick<NoticeItem, 'kind' | 'about' | 'by' | 'dueAt'> {
  const { deactivation, deletion, restoration, notice, intent } = entry;
  const kind = notice?.kind ?? 'resolved';
  const deletionOf = (known: Deactivation | undefined) => known && announceDeletion(known, policy, event.at);
  switch (kind) {
    case 'first-notice':
    case 'reminder':
    case 'final-notice':
    case 'still-waiting':
    case 'deferred': {
      if (decision?.type !== 'warn') return { kind };
      const { about, dueAt } = decision;
      return { kind, about, ...(dueAt === undefined ? {} : { dueAt }) };
    }
    case 'deactivated': {
      if (decision?.type !== 'deactivate') return { kind, ...given(deactivation?.by, deletionOf(deactivation)) };
      const after = recordOutcome({ ...state, entry }, decision, policy, { now: event.at, sweep: event.sweep }).entry;
      return { kind, ...given('keysweep', deletionOf(after.deactivation)) };
    }
    case 'late-use':
      return { kind, ...given('keysweep', deletionOf(deactivation)) };
    case 'deleted':
      return { kind, ...given(intent?.action === 'delete' ? 'keysweep' : deletion?.by) };
    case 'restored':
      return { kind, ...given(restoration?.by) };
    case 'resolved':
    case 'held-back':
    case 'blocked':
      return { kind };
  }
}

function given(by: NoticeItem['by'], dueAt?: Date): Pick<NoticeItem, 'by' | 'dueAt'> {
  return { ...(by === undefined ? {} : { by }), ...(dueAt === undefined ? {} : { dueAt }) };
}
