/** Writes to a file ledger until it fails, then once more, and prints what became of each write. */
import { writeSync } from 'node:fs';
import { openFileLedger } from '../../files/file-ledger.ts';
import { account, eventFor, ledgerEntry } from '../support/ledger-builder.ts';

const [path = ''] = process.argv.slice(2);
const ledger = await openFileLedger(path);
for (let version = 1, failures = 0; failures < 2; version++) {
  const entry = ledgerEntry('AKIA1', { version });
  try {
    writeSync(1, `${await ledger.write(entry, eventFor(entry))} ${version}\n`);
  } catch (error) {
    failures += 1;
    writeSync(1, `${(error as { code?: string }).code} ${(await ledger.entry(account, 'AKIA1'))?.version}\n`);
    version -= 1;
  }
}
await ledger.close();
