import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type FileLedger, type FileLedgerOptions, openFileLedger } from '../../files/file-ledger.ts';
import { account, eventFor, ledgerEntry } from './ledger-builder.ts';
import { scratchDirectory } from './scratch-directory.ts';

/** The one entry in a {@link LedgerFile}. */
export const first = ledgerEntry();
export const keyId = first.credential.id;

export interface LedgerFile {
  readonly folder: string;
  readonly path: string;
  /** Opens it until the end of the test. */
  open(options?: FileLedgerOptions): Promise<FileLedger>;
  /** Fills it with the versions 1 to `versions` of the entry, and closes it again. */
  fill(versions?: number): Promise<void>;
  /** The version of the entry that the next process finds. */
  reopenedVersion(): Promise<number | undefined>;
}

/** The path of a ledger in a folder of its own, for each test. Call at the top of a file. */
export function ledgerFile(): LedgerFile {
  const scratch = scratchDirectory();

  async function open(options: FileLedgerOptions = {}): Promise<FileLedger> {
    const ledger = await openFileLedger(join(scratch.path, 'ledger.jsonl'), options);
    onTestFinished(() => ledger.close());
    return ledger;
  }

  return {
    get folder() {
      return scratch.path;
    },
    get path() {
      return join(scratch.path, 'ledger.jsonl');
    },
    open,
    fill: async (versions = 2) => {
      const ledger = await open();
      for (let version = 1; version <= versions; version++) {
        const entry = { ...first, version };
        await ledger.write(entry, eventFor(entry));
      }
      await ledger.close();
    },
    reopenedVersion: async () => {
      const ledger = await open();
      const entry = await ledger.entry(account, keyId);
      await ledger.close();
      return entry?.version;
    },
  };
}
