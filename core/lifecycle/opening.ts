/** Whether a snapshot opens a sweep, resumes the one it opened, or leads to nothing. Pure. */
import { isInFuture } from '../future-dates.ts';
import type { SweptSnapshot } from './ledger.ts';

/** The snapshot that is to open a sweep: `asOf` is that of its audit, `account` the account id. */
export type SnapshotFacts = Pick<SweptSnapshot, 'id' | 'asOf' | 'account'>;

/** What a snapshot leads to. */
export type Opening =
  /** It opens a sweep with this record, which must be written before anything else. */
  | { readonly kind: 'opens'; readonly record: SweptSnapshot; readonly problem?: string }
  /** It opened one that is not closed: a retry continues it, and so does a duplicate event. */
  | { readonly kind: 'resumes'; readonly record: SweptSnapshot }
  /** Nothing is done, and no one is notified. */
  | { readonly kind: 'replayed'; readonly why: string };

/** Queues keep an event for at most 14 days; this is enough for four sweeps a day (SQS: MessageRetentionPeriod). */
const remembered = 60;

/**
 * A snapshot opens one sweep. One that is older than the last that opened a sweep opens none: it is out of date, however
 * late its event arrived.
 *
 * A record in the future, from a run whose clock was fast, does not prevent a sweep, but is reported as a problem.
 *
 * @param last the newest in the ledger
 */
export function openBy({ id, asOf, account }: SnapshotFacts, last: SweptSnapshot | undefined, now: Date): Opening {
  if (last?.id === id) {
    if (last.closedAt === undefined) return { kind: 'resumes', record: last };
    return { kind: 'replayed', why: `this snapshot was already swept at ${last.closedAt.toISOString()}` };
  }
  const version = (last?.version ?? 0) + 1;
  const earlier = last === undefined ? [] : [last.id, ...last.earlier].slice(0, remembered);
  const record: SweptSnapshot = { account, id, asOf, openedAt: now, earlier, version };
  if (earlier.includes(id))
    return { kind: 'replayed', why: 'this snapshot was already swept, and a newer one after it' };
  if (last === undefined || last.asOf <= asOf) return { kind: 'opens', record };
  if (isInFuture(last.asOf, now)) {
    const problem = `the snapshot of the last sweep in the ledger is of ${last.asOf.toISOString()}, which is in the future`;
    return { kind: 'opens', record, problem };
  }
  const [own, newer] = [asOf, last.asOf].map((time) => time.toISOString());
  return { kind: 'replayed', why: `this snapshot of ${own} is older than that of ${newer}, which was already swept` };
}
