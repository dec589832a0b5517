import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { openFileLedger } from '../../files/file-ledger.ts';
import { ended, moduleProcess } from '../support/child-process.ts';
import { account } from '../support/ledger-builder.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const scratch = scratchDirectory();
const writer = moduleProcess(new URL('limited-writer.ts', import.meta.url));

it('a write that does not fit fails, every further one too, and the ledger opens again with all that came before', async () => {
  const path = join(scratch.path, 'ledger.jsonl');
  // A limit on the size of files stands for a full disk: the last line is cut where the room ends.
  const limited = ['-c', 'ulimit -f 16; exec "$@"', 'sh', ...writer.command(path)];
  const child = spawn('sh', limited, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said, end] = await Promise.all([text(child.stdout), ended(child)]);
  expect(end).toBe(0);

  const outcomes = said.trim().split('\n');
  const count = outcomes.length - 2;
  expect(count).toBeGreaterThan(3);
  expect(outcomes.slice(0, count)).toEqual(Array.from({ length: count }, (_, n) => `written ${n + 1}`));
  expect(outcomes.slice(count)).toEqual([`LedgerUnwritable ${count}`, `LedgerUnwritable ${count}`]);

  const ledger = await openFileLedger(path);
  expect(await ledger.entry(account, 'AKIA1')).toMatchObject({ version: count });
  expect(await ledger.events(account, 'AKIA1')).toHaveLength(count);
  await ledger.close();
});
