/** The errors of every ledger that must not be used. */
import { KeysweepError } from '../error.ts';

const startAgain =
  'with a new ledger every warning period starts again, and no key is deleted before a new deleteAfter has passed';

/** `what` and `where`: `ledger.jsonl, line 7`; `hint`: how to get a good one back. */
export function ledgerCorrupt(where: string, why: string, hint: string): KeysweepError {
  return new KeysweepError('LedgerCorrupt', `the ledger is damaged at ${where}: ${why}`, {
    hint: `Nothing was changed. To go on, ${hint}, or start a new one (${startAgain}).`,
  });
}

/** One entry of a ledger whose records are independent: the other entries stay usable. */
export function entryCorrupt(where: string, why: string): KeysweepError {
  return new KeysweepError('LedgerCorrupt', `the ledger is damaged at ${where}: ${why}`, {
    hint: 'Nothing was changed. docs/operations.md, “A damaged entry”, says how to look at it, restore it or remove it.',
  });
}

/** Whether the contents of the ledger are the cause, and not that it could not be reached. */
export function isDamage(error: unknown): error is KeysweepError {
  return error instanceof KeysweepError && damageCodes.has(error.code);
}

const damageCodes: ReadonlySet<string> = new Set(['LedgerCorrupt', 'LedgerFromNewerVersion']);

export function ledgerFromNewer(where: string, found: number, known: number): KeysweepError {
  return new KeysweepError(
    'LedgerFromNewerVersion',
    `the ledger at ${where} is from a newer keysweep: its schema version is ${found}, this keysweep supports ${known}`,
    { hint: 'Nothing was changed. To read it, update keysweep.' },
  );
}
