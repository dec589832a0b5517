/** Notices that were recorded, and whether people have heard of them. A notice that nobody heard starts no clock. */
import { DAY } from '../duration.ts';
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
import { isSameNight, type NightTerms } from './nights.ts';
import type { LedgerWrite, Moment } from './transitions.ts';

/** How long the ledger keeps the record of a sweep. A notice that is older counts as given. */
export const sweepRetention = 400 * DAY;

/** What the ledger knows of the sweeps that recorded notices, by their id. */
export type SweepRecords = ReadonlyMap<string, SweepRecord | undefined>;

/** Ids of the sweeps whose records tell which notices are out. */
export function sweepsToLookUp(entries: readonly LedgerEntry[], now: Date): readonly string[] {
  return [...new Set(entries.flatMap((entry) => (isRecent(entry, now) && entry.notice ? [entry.notice.sweep] : [])))];
}

/** Whether the entry holds a notice that no digest has carried yet, as far as anybody knows. */
export function isPending(entry: LedgerEntry, records: SweepRecords, now: Date): boolean {
  if (entry.notice === undefined || !isRecent(entry, now)) return false;
  const record = records.get(entry.notice.sweep);
  return record?.digestAt === undefined || record.unnamed?.includes(entry.credential.id) === true;
}

/**
 * What the entry would say had its pending notice never been recorded: a warning period or a final notice that nobody
 * heard of does not count, so that the decision about the credential comes to that same notice again.
 */
export function withoutUntold(entry: LedgerEntry): LedgerEntry {
  const { warning, deactivation, ...rest } = entry;
  const told = {
    ...rest,
    ...(deactivation === undefined
      ? {}
      : { deactivation: withoutLastNotice(withoutFinalNotice(deactivation, entry), entry) }),
  };
  if (warning === undefined || entry.notice?.kind === 'first-notice') return told;
  const known = withoutFinalNotice(warning, entry);
  const { firstNoticeAt, finalNoticeAt = firstNoticeAt } = known;
  const isAboutWarning = aboutWarning.has(entry.notice?.kind);
  return { ...told, warning: isAboutWarning ? { ...known, lastNoticeAt: finalNoticeAt } : known };
}

/** Notices that a warning counts as its last one. */
const aboutWarning: ReadonlySet<NoticeKind | undefined> = new Set([
  'reminder',
  'final-notice',
  'still-waiting',
  'deferred',
]);

/** Notices of what has happened already. The others speak of what will happen, and are decided on anew. */
const ofThePast: ReadonlySet<NoticeKind> = new Set([
  'deactivated',
  'deleted',
  'restored',
  'resolved',
  'held-back',
  'blocked',
  'late-use',
]);

/** Whether a pending notice can be told as it stands, whatever is decided about the credential tonight. */
export function isTellable({ notice, intent }: LedgerEntry): boolean {
  if (notice === undefined || !ofThePast.has(notice.kind)) return false;
  // With the intent of a deed it speaks of that deed, which may not have happened.
  return intent === undefined || intent.action === 'restore' || ['held-back', 'blocked'].includes(notice.kind);
}

/**
 * What a restoration finds where nobody has heard of the pending notice yet: it changes the entry, but tells people
 * nothing before it has succeeded, so that notice must outlive it.
 */
export function carryUntold(entry: LedgerEntry): { readonly entry: LedgerEntry; readonly untold?: PendingNotice } {
  const { notice } = entry;
  return { entry: withoutUntold(entry), ...(notice !== undefined && isTellable(entry) ? { untold: notice } : {}) };
}

/**
 * What has happened is told before what will, by a sweep of an earlier night: a warning would take the place of a notice
 * that is not out yet, and a sweep that runs again tells nothing new.
 */
export function afterThePast(
  decision: Decision,
  entry: LedgerEntry | undefined,
  isPending: boolean,
  now: Date,
  terms: NightTerms,
): Decision {
  if (decision.type !== 'warn' || entry === undefined || !isTellable(entry)) return decision;
  if (!isPending && !isSameNight(terms, now, entry.updatedAt)) return decision;
  return { type: 'leave', hold: 'waiting', why: `what happened to it is told first: ${decision.why}` };
}

/** The write that takes a pending notice of an earlier sweep into this one's digest. */
export function recordNoticeAgain(entry: LedgerEntry, { now, sweep }: Moment): LedgerWrite {
  const { account, credential, stage, notice } = entry;
  const version = entry.version + 1;
  const next = { ...fromNow(withoutUntold(entry), now), version, updatedAt: now };
  const detail = `the digest of sweep ${notice?.sweep} did not go out; its notice is given by this one`;
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

/** The time until a deletion, of which no one has heard, runs from the night on which people do. */
function fromNow(entry: LedgerEntry, now: Date): LedgerEntry {
  const { deactivation, notice } = entry;
  if (deactivation === undefined || (notice?.kind !== 'deactivated' && notice?.kind !== 'late-use')) return entry;
  const deleteAt = addTo(deactivation.deleteAt, now.getTime() - entry.updatedAt.getTime());
  return { ...entry, deactivation: { ...deactivation, deleteAt } };
}

function isRecent({ updatedAt }: LedgerEntry, now: Date): boolean {
  return now.getTime() - updatedAt.getTime() < sweepRetention;
}

/** Without the final notice, or the deferral, that was recorded by the write that the pending notice stands in. */
function withoutFinalNotice<T extends FinalNotice & { readonly deferral?: Deferral }>(
  clock: T,
  { updatedAt }: LedgerEntry,
): T {
  const isOfWrite = (time: Date | undefined) => time?.getTime() === updatedAt.getTime();
  const { finalNoticeAt, promisedNight, deferral, ...rest } = clock;
  const final = { finalNoticeAt, ...(promisedNight === undefined ? {} : { promisedNight }) };
  return {
    ...rest,
    ...(finalNoticeAt === undefined || isOfWrite(finalNoticeAt) ? {} : final),
    ...(deferral === undefined || isOfWrite(deferral.at) ? {} : { deferral }),
  } as T;
}

/** Without the notice of a deletion that was recorded by the write that the pending notice stands in. */
function withoutLastNotice(clock: Deactivation, { updatedAt }: LedgerEntry): Deactivation {
  if (clock.lastNoticeAt?.getTime() !== updatedAt.getTime()) return clock;
  const { lastNoticeAt: _, ...rest } = clock;
  return rest;
}
