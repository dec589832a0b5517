/** What every ledger says when it must not go on. */
import { KeysweepError } from '../error.ts';

const startAnew =
  'a new ledger starts every warning period again, and deletes nothing that it did not deactivate itself';

/** `what` and `where`: `ledger.jsonl, line 7`; `hint`: how to get a good one back. */
export function ledgerCorrupt(where: string, why: string, hint: string): KeysweepError {
  return new KeysweepError('LedgerCorrupt', `the ledger is damaged at ${where}: ${why}`, {
    hint: `nothing was changed; ${hint}, or start a new one (${startAnew})`,
  });
}

export function ledgerFromNewer(where: string, found: number, known: number): KeysweepError {
  return new KeysweepError(
    'LedgerFromNewerVersion',
    `the ledger at ${where} is from a newer keysweep: its version is ${found}, this one knows ${known}`,
    { hint: 'update keysweep; nothing was changed' },
  );
}
