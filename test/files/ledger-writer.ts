/**
 * Writes to a file ledger until it is killed, and prints a line for each write once it is acknowledged:
 * `entry ID VERSION` or `sweep ID MILLISECONDS`. Opens and closes the ledger again and again, so that it is also killed
 * while it repairs and rewrites the file.
 */
import { writeSync } from 'node:fs';
import { openFileLedger } from '../../files/file-ledger.ts';
import { account, eventFor, ledgerEntry, sweepRecord } from '../support/ledger-builder.ts';

const [path = ''] = process.argv.slice(2);
const acknowledge = (line: string) => writeSync(1, `${line}\n`);

acknowledge('started');
for (;;) {
  const ledger = await openFileLedger(path, { compactAbove: 3 });
  for (let n = 0; n < 12; n++) {
    const id = `AKIA${n % 4}`;
    const version = ((await ledger.entry(account, id))?.version ?? 0) + 1;
    const entry = ledgerEntry(id, { version });
    const outcome = await ledger.write(entry, eventFor(entry));
    if (outcome !== 'written') throw new Error(`${id} ${version}: ${outcome}`);
    acknowledge(`entry ${id} ${version}`);
  }
  const endedAt = new Date(Date.now());
  await ledger.writeSweep(sweepRecord('last', { endedAt }));
  acknowledge(`sweep last ${endedAt.getTime()}`);
  await ledger.close();
}
