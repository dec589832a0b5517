/**
 * Final notices under a cap: as many for each night as the cap lets changes through in it, the most urgent first. Whoever
 * must wait hears so once a week.
 */
import type { Change, Decision } from './decision.ts';
import { type NightTerms, nightsAt } from './nights.ts';
import type { CredentialState } from './state.ts';

type Warn = Extract<Decision, { readonly type: 'warn' }>;
type Skip = Extract<Decision, { readonly type: 'skip' }>;

/** One kind of change, and what the caps say of it. */
export interface CappedChange {
  readonly change: Change['type'];
  readonly cap: 'maxDeactivations' | 'maxDeletions';
  /** How many a night. */
  readonly capacity: number;
}

/** What a cap defers, and which one. */
interface Candidate {
  readonly state: CredentialState;
  readonly decision: Warn;
}

/** From one such word to the next, in nights. */
const weekly = 7;

/** Whether a decision is the final notice before a change of this kind. */
export function isFinalNoticeOf(decision: Decision, change: Change['type']): decision is Warn {
  if (decision.type !== 'warn' || decision.notice !== 'final-notice') return false;
  return decision.about === (change === 'delete' ? 'delete' : 'deactivate');
}

/**
 * Which of the final notices may go out tonight.
 *
 * @param candidates all that are due, in the order of their rank
 * @param promised the nights for which changes are promised already by final notices that hold
 * @param overflow changes that are due tonight, and deferred to the next night by the cap
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
 * What becomes of a final notice that has to wait: people hear so, once a week.
 *
 * @param state that is decided by, see {@link deliveredState}
 */
export function deferFinalNotice(
  { entry }: CredentialState,
  decision: Warn,
  { cap, capacity }: CappedChange,
  count: number,
  terms: NightTerms,
  now: Date,
): Warn | Skip {
  const reason = `${cap} lets ${capacity} a night pass, and ${count} wait`;
  const lastNoticeAt =
    decision.about === 'delete' ? entry?.deactivation?.lastNoticeAt : (entry?.warning?.lastNoticeAt ?? now);
  const { tonight, numberOf } = nightsAt(terms, now);
  if (lastNoticeAt !== undefined && tonight - numberOf(lastNoticeAt) < weekly) {
    return {
      type: 'skip',
      skipReason: 'cap',
      why: `its final notice waits: ${reason}; ${decision.why}`,
      deferredBy: reason,
    };
  }
  return stillWaiting(decision, reason);
}

/** The weekly word that a change still waits for its final notice. */
export function stillWaiting(decision: Warn, reason: string): Warn {
  const why = `${decision.why}; ${reason}`;
  return { ...decision, notice: 'still-waiting', why, deferredBy: reason };
}
