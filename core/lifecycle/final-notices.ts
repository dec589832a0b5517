/**
 * Final notices under a cap: for each night as many as the cap allows changes, the most urgent first. For those that have to
 * wait, people are notified once a week.
 */
import type { Change, Decision } from './decision.ts';
import { type NightTerms, nightsAt } from './nights.ts';
import type { CredentialState } from './state.ts';

type Warn = Extract<Decision, { readonly type: 'warn' }>;
type Skip = Extract<Decision, { readonly type: 'skip' }>;

/** One type of change, and its cap. */
export interface CappedChange {
  readonly change: Change['type'];
  readonly cap: 'maxDeactivations' | 'maxDeletions';
  /** How many per night. */
  readonly capacity: number;
}

/** A final notice that is due. */
interface Candidate {
  readonly state: CredentialState;
  readonly decision: Warn;
}

/** Nights from one `still-waiting` notice to the next. */
const weekly = 7;

/** Whether a decision is the final notice before a change of this type. */
export function isFinalNoticeOf(decision: Decision, change: Change['type']): decision is Warn {
  if (decision.type !== 'warn' || decision.notice !== 'final-notice') return false;
  return decision.about === (change === 'delete' ? 'delete' : 'deactivate');
}

/**
 * Which of the final notices may go out tonight.
 *
 * @param candidates all that are due, by rank
 * @param promised the nights for which valid final notices have already promised changes
 * @param overflow changes that are due tonight and deferred to the next night by the cap
 */
export function allotFinalNotices(
  candidates: readonly Candidate[],
  promised: readonly Date[],
  overflow: number,
  { capacity }: CappedChange,
  terms: NightTerms,
  now: Date,
): ReadonlySet<string> {
  if (candidates.length === 0 || capacity <= 0) return new Set();
  const { tonight, numberOf, firstAllowedFrom } = nightsAt(terms, now);
  const nightOf = (dueAt: Date) => firstAllowedFrom(dueAt, tonight + 1);
  const wanted = candidates.map(({ state, decision }) => ({
    id: state.credential.id,
    night: nightOf(decision.dueAt ?? now),
  }));
  const last = wanted.reduce((end, { night }) => Math.max(end, night.getTime()), 0);
  const taken = new Map<number, number>();
  const isFull = (night: Date) => (taken.get(numberOf(night)) ?? 0) >= capacity;
  const take = (night: Date) => taken.set(numberOf(night), (taken.get(numberOf(night)) ?? 0) + 1);
  const all = [...Array.from({ length: overflow }, () => now), ...promised].map(nightOf);
  for (const first of all.sort((a, b) => a.getTime() - b.getTime())) {
    let night = first;
    while (night.getTime() <= last && isFull(night)) night = firstAllowedFrom(night, numberOf(night) + 1);
    take(night);
  }
  const allotted = new Set<string>();
  for (const { id, night } of wanted) {
    if (isFull(night)) continue;
    take(night);
    allotted.add(id);
  }
  return allotted;
}

/**
 * What happens to a final notice that has to wait: people are notified once a week.
 *
 * @param state the state that decisions rest on, see {@link deliveredState}
 */
export function deferFinalNotice(
  { entry }: CredentialState,
  decision: Warn,
  { cap, capacity }: CappedChange,
  count: number,
  terms: NightTerms,
  now: Date,
): Warn | Skip {
  const reason = `${cap} allows ${capacity} per night, and ${count} are waiting`;
  const lastNoticeAt =
    decision.about === 'delete' ? entry?.deactivation?.lastNoticeAt : (entry?.warning?.lastNoticeAt ?? now);
  const { tonight, numberOf } = nightsAt(terms, now);
  if (lastNoticeAt !== undefined && tonight - numberOf(lastNoticeAt) < weekly) {
    return {
      type: 'skip',
      skipReason: 'cap',
      why: `its final notice is deferred: ${reason}; ${decision.why}`,
      deferredBy: reason,
    };
  }
  return stillWaiting(decision, reason);
}

/** The weekly notice that a change is still waiting for its final notice. */
export function stillWaiting(decision: Warn, reason: string): Warn {
  const why = `${decision.why}; ${reason}`;
  return { ...decision, notice: 'still-waiting', why, deferredBy: reason };
}
