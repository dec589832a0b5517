/** Reads the ledger, even if some of it is damaged. */
import type { KeysweepError } from '../core/error.ts';
import type { Ledger, LedgerEntry, SweepRecord } from '../core/lifecycle/ledger.ts';
import { isDamage } from '../core/lifecycle/ledger-errors.ts';
import { sweepsToLookUp } from '../core/lifecycle/pending.ts';
import type { Remembered } from '../core/lifecycle/remembered.ts';

/**
 * Reads what a night starts from: the entries of an account, and whether their notices are delivered.
 *
 * @throws KeysweepError if the ledger cannot be read
 */
export async function remember(ledger: Ledger, account: string, now: Date): Promise<Remembered> {
  const { entries, damaged } = await ledger.entries(account);
  const withEvents = damaged.map(async (one) => {
    const events = await orDamage(ledger.events(account, one.credential.id));
    return events instanceof Error ? one : { ...one, events };
  });
  return { entries, damaged: await Promise.all(withEvents), ...(await readSweeps(ledger, account, entries, now)) };
}

/** The records of the sweeps, which say whether the notices of these entries are delivered. */
export async function readSweeps(
  ledger: Ledger,
  account: string,
  entries: readonly LedgerEntry[],
  now: Date,
): Promise<Pick<Remembered, 'sweeps' | 'problems'>> {
  const ids = sweepsToLookUp(entries, now);
  const found = await Promise.all(ids.map(async (id) => ({ id, ...(await readSweep(ledger, account, id)) })));
  return {
    sweeps: new Map(found.map(({ id, record }) => [id, record])),
    problems: found.flatMap(({ problem }) => problem ?? []),
  };
}

/** The answer of the ledger, or the error that describes its damage. Throws any other error. */
export async function orDamage<T>(answer: Promise<T>): Promise<T | KeysweepError> {
  try {
    return await answer;
  } catch (error) {
    if (isDamage(error)) return error;
    throw error;
  }
}

/**
 * Reads the record of a sweep. A damaged one counts as missing: its notices then count as undelivered and are sent again.
 * A repeated notice does no harm, but a change without a notice would.
 */
export async function readSweep(
  ledger: Ledger,
  account: string,
  id: string,
): Promise<{ readonly record: SweepRecord | undefined; readonly problem?: string }> {
  const found = await orDamage(ledger.sweep(account, id));
  if (!(found instanceof Error)) return { record: found };
  return { record: undefined, problem: `the notices of sweep ${id} count as undelivered: ${found.message}` };
}
