import { join } from 'node:path';
import { describe, onTestFinished } from 'vitest';
import { openFileLedger } from '../../files/file-ledger.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';
import { describeLedger } from './ledger-contract.ts';

const scratch = scratchDirectory();

describe('the ledger in a file', () => {
  describeLedger(async () => {
    const path = join(scratch.path, 'ledger.jsonl');
    const ledger = await openFileLedger(path);
    onTestFinished(() => ledger.close());
    return {
      ledger,
      reopen: async () => {
        await ledger.close();
        const next = await openFileLedger(path);
        onTestFinished(() => next.close());
        return next;
      },
    };
  });
});
