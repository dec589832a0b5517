/** Changes that AWS denies: retried at most once a week, each time after a new final notice, and after all other changes. */
import { DAY } from '../duration.ts';
import { addTo, type Change, latest } from './decision.ts';
import type { Blocked, FinalNotice, LedgerEntry } from './ledger.ts';

/** From one attempt to the next. */
const retryAfter = 7 * DAY;

/** What is known about denials of this change; undefined if it was never denied, or has been made since. */
export function blockOf(entry: LedgerEntry | undefined, change: Change['type']): Blocked | undefined {
  return entry?.blocked?.action === change ? entry.blocked : undefined;
}

/** The date of a change, no sooner than a week after it was denied. */
export function notBeforeRetry(dueAt: Date, blocked: Blocked | undefined): Date {
  return blocked === undefined ? dueAt : latest(dueAt, addTo(blocked.lastAttemptAt, retryAfter));
}

/** A final notice from before the last attempt no longer counts. */
export function finalNoticeSince(final: FinalNotice, blocked: Blocked | undefined): FinalNotice {
  const { finalNoticeAt } = final;
  if (finalNoticeAt === undefined || blocked === undefined) return final;
  return finalNoticeAt > blocked.lastAttemptAt ? final : {};
}

/** `denied by AWS since 2026-11-20: ...`. */
export function denialInWords({ since, why }: Blocked): string {
  return `denied by AWS since ${since.toISOString().slice(0, 10)}: ${why}`;
}

/** How many credentials are waiting for a change that AWS denied. */
export function countBlocked(entries: readonly LedgerEntry[]): number {
  return entries.filter(({ blocked, stage }) => blocked !== undefined && stage !== 'deleted').length;
}
