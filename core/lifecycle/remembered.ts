/** What a night starts from: the contents of the ledger, and what already counts against the caps of this night. */
import type { DamagedEntry, LedgerEntries, LedgerEntry, LedgerEvent } from './ledger.ts';
import { type NightTerms, sharesCaps } from './nights.ts';
import type { SweepRecords } from './pending.ts';

/** A damaged entry with the events of its credential. */
export interface DamagedCredential extends DamagedEntry {
  /** Separate records. Absent if they are damaged as well. */
  readonly events?: readonly LedgerEvent[];
}

/** What a ledger has about one account. */
export interface Remembered extends LedgerEntries {
  readonly damaged: readonly DamagedCredential[];
  /** The sweeps that recorded the entries' notices: without the record of its sweep, a notice counts as undelivered. */
  readonly sweeps: SweepRecords;
  /** What is wrong with records that do not belong to a single credential, for people. Absent: nothing. */
  readonly problems?: readonly string[];
}

/** For an account without any sweep yet. */
export const nothingRemembered: Remembered = { entries: [], damaged: [], sweeps: new Map() };

/** How many changes were made, by type. */
export interface ChangesDone {
  readonly deactivations: number;
  readonly deletions: number;
}

/** The changes of tonight that are in the ledger. */
export function countDone({ entries, damaged }: Remembered, now: Date, terms: NightTerms): ChangesDone {
  const done = countTonight(entries, now, terms);
  const hidden = countHidden(damaged, now, terms);
  return {
    deactivations: done.deactivations + hidden.deactivations,
    deletions: done.deletions + hidden.deletions,
  };
}

/**
 * What already counts against the caps: a sweep that runs again, whether after a crash or with the same snapshot six hours
 * later, does not get them again.
 */
function countTonight(entries: readonly LedgerEntry[], now: Date, terms: NightTerms): ChangesDone {
  const isTonight = (at: Date | undefined) => at !== undefined && sharesCaps(terms, at, now);
  return {
    deactivations: entries.filter((entry) => isTonight(lastDeactivationOf(entry))).length,
    deletions: entries.filter(({ deletion }) => deletion?.by === 'keysweep' && isTonight(deletion.at)).length,
  };
}

/** Even if someone has undone it since. */
function lastDeactivationOf({ lastDeactivationAt, deactivation }: LedgerEntry): Date | undefined {
  return lastDeactivationAt ?? (deactivation?.by === 'keysweep' ? deactivation.at : undefined);
}

/**
 * The changes of this night that damaged entries hide, for the caps. The events show them. A change that was begun counts,
 * because its outcome is unknown, and if the events are damaged as well, one of each type counts. Always counting one would
 * be simpler, but then one damaged entry with a cap of 1 would defer every other credential forever.
 */
function countHidden(damaged: readonly DamagedCredential[], now: Date, terms: NightTerms): ChangesDone {
  const countOf = (...types: readonly LedgerEvent['type'][]) =>
    damaged.filter(({ events }) => {
      return events?.some(({ type, at }) => types.includes(type) && sharesCaps(terms, at, now)) ?? true;
    }).length;
  return {
    deactivations: countOf('deactivated', 'deactivation-intended'),
    deletions: countOf('deleted', 'deletion-intended'),
  };
}
