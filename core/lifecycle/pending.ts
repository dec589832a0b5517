/**
 * The outbox of the ledger: an entry has at most one notice, which is pending until the record of its sweep says that it was
 * delivered. A pending notice starts no clock.
 */
import { DAY } from '../duration.ts';
import { given } from '../given.ts';
import { isPending } from '../outbox.ts';
import { addTo, type Decision } from './decision.ts';
import type {
  Deactivation,
  Deferral,
  FinalNotice,
  LedgerEntry,
  LedgerEvent,
  NoticeKind,
  PendingNotice,
  SweepRecord,
} from './ledger.ts';
import type { LedgerWrite, Moment } from './ledger-write.ts';
import { isSameNight, type NightTerms } from './nights.ts';

/** How long the ledger keeps the record of a sweep. An older notice counts as delivered. */
export const sweepRetention = 400 * DAY;

/** The records of the sweeps that recorded notices, by sweep id. */
export type SweepRecords = ReadonlyMap<string, SweepRecord | undefined>;

/** Ids of the sweeps whose records say which notices are delivered. */
export function sweepsToLookUp(entries: readonly LedgerEntry[], now: Date): readonly string[] {
  return [...new Set(entries.flatMap((entry) => (isRecent(entry, now) && entry.notice ? [entry.notice.sweep] : [])))];
}

/** Whether the entry has a notice that is not known to be delivered. */
export function hasPendingNotice(entry: LedgerEntry, records: SweepRecords, now: Date): boolean {
  if (entry.notice === undefined || !isRecent(entry, now)) return false;
  return isPending(entry.credential.id, records.get(entry.notice.sweep));
}

/**
 * The entry as if its pending notice had never been recorded: an undelivered first or final notice does not count, so that
 * the next decision leads to the same notice again.
 */
export function withoutPending(entry: LedgerEntry): LedgerEntry {
  const { warning, deactivation, ...rest } = entry;
  const delivered = {
    ...rest,
    ...(deactivation === undefined
      ? {}
      : { deactivation: withoutLastNotice(withoutFinalNotice(deactivation, entry), entry) }),
  };
  if (warning === undefined || entry.notice?.kind === 'first-notice') return delivered;
  const known = withoutFinalNotice(warning, entry);
  const { firstNoticeAt, finalNoticeAt = firstNoticeAt } = known;
  const isAboutWarning = aboutWarning.has(entry.notice?.kind);
  return { ...delivered, warning: isAboutWarning ? { ...known, lastNoticeAt: finalNoticeAt } : known };
}

/** Notices that count as the last notice of a warning. */
const aboutWarning: ReadonlySet<NoticeKind | undefined> = new Set([
  'reminder',
  'final-notice',
  'still-waiting',
  'deferred',
]);

/** Notices of what has happened. The others are about what will happen, and are decided again. */
const ofThePast: ReadonlySet<NoticeKind> = new Set([
  'deactivated',
  'deleted',
  'restored',
  'resolved',
  'not-applied',
  'blocked',
  'late-use',
]);

/** Whether a pending notice can be delivered as it is, whatever is decided about the credential tonight. */
export function isDeliverable({ notice, intent }: LedgerEntry): boolean {
  if (notice === undefined || !ofThePast.has(notice.kind)) return false;
  // With an intent it is about that change, which may not have happened.
  return intent === undefined || intent.action === 'restore' || ['not-applied', 'blocked'].includes(notice.kind);
}

/**
 * The entry for a restoration while a notice is pending: the restoration changes the entry, but notifies no one before it
 * has succeeded, so the pending notice must be kept.
 */
export function carryPending(entry: LedgerEntry): { readonly entry: LedgerEntry; readonly pending?: PendingNotice } {
  const { notice } = entry;
  return { entry: withoutPending(entry), ...(notice !== undefined && isDeliverable(entry) ? { pending: notice } : {}) };
}

/**
 * People are notified of what has happened before what will: a warning would replace the pending notice. A sweep that runs
 * again in the same night gives no new notice.
 */
export function waitForPastNotice(
  decision: Decision,
  entry: LedgerEntry | undefined,
  isPending: boolean,
  now: Date,
  terms: NightTerms,
): Decision {
  if (decision.type !== 'warn' || entry === undefined || !isDeliverable(entry)) return decision;
  if (!isPending && !isSameNight(terms, now, entry.updatedAt)) return decision;
  return {
    type: 'skip',
    skipReason: 'waiting',
    why: `waits until people are notified of what happened to it before: ${decision.why}`,
  };
}

/** The write that includes a pending notice of an earlier sweep in this sweep's digest. */
export function recordNoticeAgain(entry: LedgerEntry, { now, sweep }: Moment): LedgerWrite {
  const { account, credential, stage, notice } = entry;
  const version = entry.version + 1;
  const next = { ...fromNow(withoutPending(entry), now), version, updatedAt: now };
  const detail = `the digest of sweep ${notice?.sweep} was not delivered; this sweep repeats its notice`;
  const event: LedgerEvent = {
    account,
    credential,
    version,
    at: now,
    sweep,
    type: 'reminded',
    by: 'keysweep',
    from: stage,
    to: stage,
    detail,
  };
  return { entry: notice === undefined ? next : { ...next, notice: { kind: notice.kind, sweep } }, event };
}

/** The time until a deletion counts from the night in which its notice is delivered. */
function fromNow(entry: LedgerEntry, now: Date): LedgerEntry {
  const { deactivation, notice } = entry;
  if (deactivation === undefined || (notice?.kind !== 'deactivated' && notice?.kind !== 'late-use')) return entry;
  const deleteAt = addTo(deactivation.deleteAt, now.getTime() - entry.updatedAt.getTime());
  return { ...entry, deactivation: { ...deactivation, deleteAt } };
}

function isRecent({ updatedAt }: LedgerEntry, now: Date): boolean {
  return now.getTime() - updatedAt.getTime() < sweepRetention;
}

/** Without the final notice or deferral that was recorded in the same write as the pending notice. */
function withoutFinalNotice<T extends FinalNotice & { readonly deferral?: Deferral }>(
  clock: T,
  { updatedAt }: LedgerEntry,
): T {
  const isOfWrite = (time: Date | undefined) => time?.getTime() === updatedAt.getTime();
  const { finalNoticeAt, promisedNight, deferral, ...rest } = clock;
  const final = { finalNoticeAt, ...given({ promisedNight }) };
  return {
    ...rest,
    ...(finalNoticeAt === undefined || isOfWrite(finalNoticeAt) ? {} : final),
    ...(deferral === undefined || isOfWrite(deferral.at) ? {} : { deferral }),
  } as T;
}

/** Without the notice of a deletion that was recorded in the same write as the pending notice. */
function withoutLastNotice(clock: Deactivation, { updatedAt }: LedgerEntry): Deactivation {
  if (clock.lastNoticeAt?.getTime() !== updatedAt.getTime()) return clock;
  const { lastNoticeAt: _, ...rest } = clock;
  return rest;
}
