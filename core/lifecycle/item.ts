/** One credential on its way through a sweep, with everything that is learned about it on the way. Plain data. */

import type { Decision } from './decision.ts';
import type { Denial } from './denied-alike.ts';
import type { NightTerms } from './nights.ts';
import { hasPendingNotice, type SweepRecords, waitForPastNotice, withoutPending } from './pending.ts';
import type { CredentialState } from './state.ts';
import type { ActionOutcome } from './sweep-result.ts';
import type { LedgerWrite } from './transitions.ts';

/**
 * What became of an item so far. `recorded`: the intent of its change stands in the ledger. `no-time`: what was to be done
 * about it was not begun; the next run takes it up.
 */
export type ItemOutcome = ActionOutcome | 'recorded' | 'no-time';

/** What people must be notified of after all, as it stands in the ledger. */
export interface Correction {
  /** As it was read last. */
  readonly state: CredentialState;
  readonly decision: Decision;
  readonly write: LedgerWrite;
}

export interface Item<D extends Decision = Decision> {
  /** As it was read when it was planned, with the entry exactly as the ledger had it before this sweep wrote. */
  readonly state: CredentialState;
  /** Its entry holds a notice that is not delivered yet: see {@link deliveredState}. */
  readonly isPending: boolean;
  /** Why its entry cannot be understood: it is skipped, whatever else is known of it. */
  readonly damage?: string;
  /** The sweep has read it live already. */
  readonly isRechecked?: true;
  /** What is to be done about it. Until it is planned: leave it alone. */
  readonly decision: D;
  readonly outcome: ItemOutcome;
  /** What came in between, where something did. */
  readonly detail?: string;
  /** From the owner tag of its user, where that was needed and is known. */
  readonly owner?: string;
  /** What the ledger is to say of it before anything happens; once that is recorded, what stands there by this sweep. */
  readonly write?: LedgerWrite;
  /** What AWS said, where it denied the change. */
  readonly denial?: Denial;
  readonly correction?: Correction;
  /** The ledger does not say yet what was done; the next sweep sets it right by what IAM shows. */
  readonly isUnrecorded?: true;
  /** What a person should look into, although the change is done: the sweep is partial. */
  readonly problem?: string;
}

const unplanned: Decision = { type: 'skip', skipReason: 'unknown', why: 'nothing has been decided about it yet' };

/** A credential as a night begins with it. @param sweeps which notices are out; absent: all of them */
export function openItem(state: CredentialState, sweeps: SweepRecords | undefined, now: Date): Item {
  const { entry } = state;
  const pending = entry !== undefined && sweeps !== undefined && hasPendingNotice(entry, sweeps, now);
  return { state, isPending: pending, decision: unplanned, outcome: 'planned' };
}

/** The state that is decided by: without what no one is known to have been notified of. */
export function deliveredState({ state, isPending: pending }: Pick<Item, 'state' | 'isPending'>): CredentialState {
  const { entry } = state;
  return pending && entry !== undefined ? { ...state, entry: withoutPending(entry) } : state;
}

/** What has happened to a credential is notified before what will: the decision waits where that is not out yet. */
export function pastNoticeFirst(item: Item, now: Date, terms: NightTerms): Item {
  const decision = waitForPastNotice(item.decision, item.state.entry, item.isPending, now, terms);
  return decision === item.decision ? item : { ...item, decision };
}
