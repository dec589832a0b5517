/** What every ledger says when it must not go on. */
import { KeysweepError } from '../error.ts';

const startAgain =
  'a new ledger starts every warning period again, and deletes nothing that it did not deactivate itself';

/** `what` and `where`: `ledger.jsonl, line 7`; `hint`: how to get a good one back. */
export function ledgerCorrupt(where: string, why: string, hint: string): KeysweepError {
  return new KeysweepError('LedgerCorrupt', `the ledger is damaged at ${where}: ${why}`, {
    hint: `nothing was changed; ${hint}, or start a new one (${startAgain})`,
  });
}

/** One entry of a ledger whose records stand on their own: what is good of the others stays so. */
export function entryCorrupt(where: string, why: string): KeysweepError {
  return new KeysweepError('LedgerCorrupt', `the ledger is damaged at ${where}: ${why}`, {
    hint: 'nothing was changed; docs/operations.md, “A damaged entry”, says how to look at it, restore it or remove it',
  });
}

/** Whether it was thrown because of what stands in the ledger, and not because it could not be asked. */
export function isDamage(error: unknown): error is KeysweepError {
  return error instanceof KeysweepError && damageCodes.has(error.code);
}

const damageCodes: ReadonlySet<string> = new Set(['LedgerCorrupt', 'LedgerFromNewerVersion']);

export function ledgerFromNewer(where: string, found: number, known: number): KeysweepError {
  return new KeysweepError(
    'LedgerFromNewerVersion',
    `the ledger at ${where} is from a newer keysweep: its version is ${found}, this one knows ${known}`,
    { hint: 'update keysweep; nothing was changed' },
  );
}
