/**
 * What a night starts from: what the ledger remembers, less the notices that are pending. Sweeps and forecasts both take it
 * from here, so that the one does what the other says.
 */
import { countHiddenDeeds, type DamagedCredential } from './damaged.ts';
import type { LedgerEntries, LedgerEntry } from './ledger.ts';
import type { NightTerms } from './nights.ts';
import { afterThePast, hasPendingNotice, type SweepRecords, withoutPending } from './pending.ts';
import { countDeedsTonight, type DeedsDone, type PlannedItem } from './plan.ts';
import type { Prepared } from './prepare.ts';
import type { CredentialState } from './state.ts';

/** What a ledger remembers of one account. */
export interface Remembered extends LedgerEntries {
  readonly damaged: readonly DamagedCredential[];
  /** Of the sweeps that recorded the entries' notices: without the record of its sweep a notice is pending. */
  readonly sweeps: SweepRecords;
  /** What is wrong with records that are of no single credential, for people. Absent: nothing. */
  readonly problems?: readonly string[];
}

/** Of an account in which there was no sweep yet. */
export const nothingRemembered: Remembered = { entries: [], damaged: [], sweeps: new Map() };

/** One entry, as a night takes it. */
export interface EntryTonight {
  /** As the ledger has it: what is written next follows its version. */
  readonly entry: LedgerEntry;
  /** It holds a notice that is not delivered yet. */
  readonly isPending: boolean;
  /** What is decided by: the entry without what is pending. */
  readonly delivered: LedgerEntry;
}

export interface NightStart {
  /** By the id of the credential. */
  readonly entries: ReadonlyMap<string, EntryTonight>;
  /** What counts against the caps of this night already. */
  readonly done: DeedsDone;
}

/** Where a sweep starts that begins at `now`. */
export function startNight(remembered: Remembered, now: Date, terms: NightTerms): NightStart {
  const { entries, sweeps } = remembered;
  return {
    entries: new Map(entries.map((entry) => [entry.credential.id, entryTonight(entry, sweeps, now)])),
    done: countDone(remembered, now, terms),
  };
}

/** The remembered deeds of the night of `now`. */
export function countDone({ entries, damaged }: Remembered, now: Date, terms: NightTerms): DeedsDone {
  const done = countDeedsTonight(entries, now, terms);
  const hidden = countHiddenDeeds(damaged, now, terms);
  return {
    deactivations: done.deactivations + hidden.deactivations,
    deletions: done.deletions + hidden.deletions,
  };
}

export function entryTonight(entry: LedgerEntry, sweeps: SweepRecords, now: Date): EntryTonight {
  const isPending = hasPendingNotice(entry, sweeps, now);
  return { entry, isPending, delivered: isPending ? withoutPending(entry) : entry };
}

/** The state that is decided on. */
export function withDelivered(state: CredentialState, tonight: EntryTonight | undefined): CredentialState {
  return tonight === undefined || tonight.delivered === state.entry ? state : { ...state, entry: tonight.delivered };
}

/** What is recorded, notified and done by what was decided on the state of {@link withDelivered}. */
export function settleTonight(
  { state, decision }: PlannedItem,
  tonight: EntryTonight | undefined,
  now: Date,
  terms: NightTerms,
): Prepared {
  const { entry: _, ...bare } = state;
  const { entry, isPending = false } = tonight ?? {};
  return {
    state: entry === undefined ? bare : { ...bare, entry },
    decision: afterThePast(decision, entry, isPending, now, terms),
    isPending,
  };
}
