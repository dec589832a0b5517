import type { Ledger, LedgerEntry } from '../core/lifecycle/ledger.ts';
import { sweepsToLookUp } from '../core/lifecycle/pending.ts';
import type { Remembered } from '../core/lifecycle/remembered.ts';
import { orDamage, readSweep } from './read-sweep.ts';

/**
 * Reads what a night starts from: the entries of an account, and whether their notices are out.
 *
 * @throws KeysweepError where the ledger cannot be read
 */
export async function remember(ledger: Ledger, account: string, now: Date): Promise<Remembered> {
  const { entries, damaged } = await ledger.entries(account);
  const withEvents = damaged.map(async (one) => {
    const events = await orDamage(ledger.events(account, one.credential.id));
    return events instanceof Error ? one : { ...one, events };
  });
  return { entries, damaged: await Promise.all(withEvents), ...(await readSweeps(ledger, account, entries, now)) };
}

/** The records of the sweeps that tell whether the notices of these entries are out. */
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
