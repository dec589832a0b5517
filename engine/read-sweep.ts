import type { KeysweepError } from '../core/error.ts';
import type { Ledger, SweepRecord } from '../core/lifecycle/ledger.ts';
import { isDamage } from '../core/lifecycle/ledger-errors.ts';

/** What the ledger answers, or what it says of the damage there. Throws what else is wrong: then nothing is known. */
export async function orDamage<T>(answer: Promise<T>): Promise<T | KeysweepError> {
  try {
    return await answer;
  } catch (error) {
    if (isDamage(error)) return error;
    throw error;
  }
}

/**
 * Reads the record of a sweep. One that is damaged is as good as none: then its notices do not count as given, and are
 * given again, which people can bear, while a deed without a notice they cannot.
 */
export async function readSweep(
  ledger: Ledger,
  account: string,
  id: string,
): Promise<{ readonly record: SweepRecord | undefined; readonly problem?: string }> {
  const found = await orDamage(ledger.sweep(account, id));
  if (!(found instanceof Error)) return { record: found };
  return { record: undefined, problem: `notices of the sweep ${id} count as not given: ${found.message}` };
}
