/** What a night starts from: what the ledger remembers, and what counts against the caps of this night already. */
import type { DamagedEntry, LedgerEntries, LedgerEntry, LedgerEvent } from './ledger.ts';
import { type NightTerms, sharesCaps } from './nights.ts';
import type { SweepRecords } from './pending.ts';

/** A damaged entry with what else the ledger holds of its credential. */
export interface DamagedCredential extends DamagedEntry {
  /** Records of their own. Absent where they are damaged as well. */
  readonly events?: readonly LedgerEvent[];
}

/** What a ledger remembers of one account. */
export interface Remembered extends LedgerEntries {
  readonly damaged: readonly DamagedCredential[];
  /** Of the sweeps that recorded the entries' notices: without the record of its sweep a notice counts as not given. */
  readonly sweeps: SweepRecords;
  /** What is wrong with records that are of no single credential, for people. Absent: nothing. */
  readonly problems?: readonly string[];
}

/** Of an account in which there was no sweep yet. */
export const nothingRemembered: Remembered = { entries: [], damaged: [], sweeps: new Map() };

/** How many credentials something was done about, by what it was. */
export interface ChangesDone {
  readonly deactivations: number;
  readonly deletions: number;
}

/** The remembered changes of the night of `now`. */
export function countDone({ entries, damaged }: Remembered, now: Date, terms: NightTerms): ChangesDone {
  const done = countTonight(entries, now, terms);
  const hidden = countHidden(damaged, now, terms);
  return {
    deactivations: done.deactivations + hidden.deactivations,
    deletions: done.deletions + hidden.deletions,
  };
}

/**
 * What counts against the caps already: a sweep that runs again, be it after a crash or by the same snapshot six hours
 * later, must not get them again.
 */
function countTonight(entries: readonly LedgerEntry[], now: Date, terms: NightTerms): ChangesDone {
  const isTonight = (at: Date | undefined) => at !== undefined && sharesCaps(terms, at, now);
  return {
    deactivations: entries.filter((entry) => isTonight(lastDeactivationOf(entry))).length,
    deletions: entries.filter(({ deletion }) => deletion?.by === 'keysweep' && isTonight(deletion.at)).length,
  };
}

/** Also where someone has undone it since. */
function lastDeactivationOf({ lastDeactivationAt, deactivation }: LedgerEntry): Date | undefined {
  return lastDeactivationAt ?? (deactivation?.by === 'keysweep' ? deactivation.at : undefined);
}

/**
 * The changes of this night that damaged entries hide, for the caps. The events tell; a change that was begun counts, because
 * its outcome cannot be notified, and where they are damaged as well, one of each kind does. To count so in any case would be
 * simpler, but then one damaged entry and a cap of 1 would hold every other credential back for good.
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
