/** Whether a snapshot opens a sweep, resumes the one that it opened, or leads to nothing any more. Pure. */
import { isInFuture } from '../future-dates.ts';
import type { SweptSnapshot } from './ledger.ts';

/** Of the snapshot that wants to open a sweep: `asOf` is that of its audit, `account` its number. */
export type SnapshotFacts = Pick<SweptSnapshot, 'id' | 'asOf' | 'account'>;

/** What a snapshot leads to. */
export type Opening =
  /** It opens a sweep with this record, which must be written before anything else. */
  | { readonly kind: 'opens'; readonly record: SweptSnapshot; readonly problem?: string }
  /** It has opened one that is not closed: a retry goes on with it, and so does a second delivery meanwhile. */
  | { readonly kind: 'resumes'; readonly record: SweptSnapshot }
  /** Nothing is done, and no one notified. */
  | { readonly kind: 'replayed'; readonly why: string };

/** Queues keep an event for 14 days at most; this is enough for four sweeps a day (SQS: MessageRetentionPeriod). */
const remembered = 60;

/**
 * A snapshot opens one sweep. One that is older than the last that did so opens none: what it says is out of date,
 * however late its event came.
 *
 * A record that is in the future, of a run whose clock was fast, keeps no sweep from being opened; it is a problem.
 *
 * @param last the newest one that the ledger knows
 */
export function openBy({ id, asOf, account }: SnapshotFacts, last: SweptSnapshot | undefined, now: Date): Opening {
  if (last?.id === id) {
    if (last.closedAt === undefined) return { kind: 'resumes', record: last };
    return { kind: 'replayed', why: `this snapshot was swept already at ${last.closedAt.toISOString()}` };
  }
  const version = (last?.version ?? 0) + 1;
  const earlier = last === undefined ? [] : [last.id, ...last.earlier].slice(0, remembered);
  const record: SweptSnapshot = { account, id, asOf, openedAt: now, earlier, version };
  if (earlier.includes(id))
    return { kind: 'replayed', why: 'this snapshot was swept already, and a newer one after it' };
  if (last === undefined || last.asOf <= asOf) return { kind: 'opens', record };
  if (isInFuture(last.asOf, now)) {
    const problem = `the ledger’s last sweep is by a snapshot of ${last.asOf.toISOString()}, which is in the future`;
    return { kind: 'opens', record, problem };
  }
  const [own, newer] = [asOf, last.asOf].map((time) => time.toISOString());
  return { kind: 'replayed', why: `this snapshot of ${own} is older than that of ${newer}, which was swept already` };
}
