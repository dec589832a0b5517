/** One credential on its way through a sweep, with everything that is learned about it. Plain data. */
import type { Decision } from './decision.ts';
import type { Denial } from './denied-alike.ts';
import type { LedgerWrite } from './ledger-write.ts';
import type { NightTerms } from './nights.ts';
import { hasPendingNotice, type SweepRecords, waitForPastNotice, withoutPending } from './pending.ts';
import type { CredentialState } from './state.ts';
import type { ActionOutcome } from './sweep-result.ts';

/**
 * The outcome so far. `recorded`: the intent of its change is in the ledger. `no-time`: it was not begun; the next run does
 * it.
 */
export type ItemOutcome = ActionOutcome | 'recorded' | 'no-time';

/** What people must be notified of after all, as recorded in the ledger. */
export interface Correction {
  /** As last read. */
  readonly state: CredentialState;
  readonly decision: Decision;
  readonly write: LedgerWrite;
}

export interface Item<D extends Decision = Decision> {
  /** As read when it was planned, with the entry exactly as it was in the ledger before this sweep wrote. */
  readonly state: CredentialState;
  /** Its entry has a notice that is not delivered yet: see {@link deliveredState}. */
  readonly isPending: boolean;
  /** Why its entry cannot be read: it is skipped, whatever else is known about it. */
  readonly damage?: string;
  /** This sweep has already read it live. */
  readonly isRechecked?: true;
  /** What to do about it. Until it is planned: skip. */
  readonly decision: D;
  readonly outcome: ItemOutcome;
  /** What came in between, if anything. */
  readonly detail?: string;
  /** From the owner tag of its user, if it was needed and is known. */
  readonly owner?: string;
  /** What to write to the ledger before anything happens; once recorded, what this sweep wrote. */
  readonly write?: LedgerWrite;
  /** What AWS said, if it denied the change. */
  readonly denial?: Denial;
  readonly correction?: Correction;
  /** The outcome is not in the ledger yet; the next sweep corrects the entry by what IAM shows. */
  readonly isUnrecorded?: true;
  /** What someone should look into although the change was made: the sweep is partial. */
  readonly problem?: string;
}

const unplanned: Decision = { type: 'skip', skipReason: 'unknown', why: 'nothing has been decided about it yet' };

/** A credential at the start of a night. @param sweeps which notices are delivered; absent: all of them */
export function openItem(state: CredentialState, sweeps: SweepRecords | undefined, now: Date): Item {
  const { entry } = state;
  const pending = entry !== undefined && sweeps !== undefined && hasPendingNotice(entry, sweeps, now);
  return { state, isPending: pending, decision: unplanned, outcome: 'planned' };
}

/** The state that decisions rest on: without a notice that is not known to be delivered. */
export function deliveredState({ state, isPending: pending }: Pick<Item, 'state' | 'isPending'>): CredentialState {
  const { entry } = state;
  return pending && entry !== undefined ? { ...state, entry: withoutPending(entry) } : state;
}

/** People are notified of what has happened before what will: the decision waits until a pending notice is delivered. */
export function pastNoticeFirst(item: Item, now: Date, terms: NightTerms): Item {
  const decision = waitForPastNotice(item.decision, item.state.entry, item.isPending, now, terms);
  return decision === item.decision ? item : { ...item, decision };
}
