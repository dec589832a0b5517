import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { KeysweepError } from '../core/error.ts';
import type { Ledger, LedgerEntry, LedgerEvent, SweepRecord, SweptSnapshot } from '../core/lifecycle/ledger.ts';
import { checkWrite, entryCodec, eventCodec, sweepCodec, sweptSnapshotCodec } from '../core/lifecycle/ledger-codec.ts';
import { lockFile } from './file-lock.ts';
import { createLedger, readLedger, removeTemporaries, reopenLedger } from './journal-file.ts';
import { JournalWriter, unwritable } from './journal-writer.ts';
import { type LedgerRecord, LedgerState } from './ledger-state.ts';

/** How a ledger file is opened. */
export interface FileLedgerOptions {
  /**
   * Reads what is there now, takes no lock, refuses writes and makes no file: a missing one is an empty ledger.
   * @default false
   */
  readonly readOnly?: boolean;
  /** Tells which sweeps have expired. @default the machine's clock */
  readonly now?: () => Date;
  /** Opening rewrites the file when more records than this, and more than half of all, are out of date. @default 1000 */
  readonly compactAbove?: number;
}

/** A ledger in a file, for one process at a time. */
export interface FileLedger extends Ledger {
  /** The accounts that it has records of. */
  accounts(): readonly string[];
  /** Waits for the writes under way, and gives the file to others. May be called again. */
  close(): Promise<void>;
}

/**
 * Opens the ledger in a file, and makes it (for its owner's eyes only) where there is none.
 *
 * The file is a journal: a write adds one line, and resolves when the line is on the disk. Opening reads it all, drops
 * what a crash tore, and rewrites it, in one step, when more than half of it is out of date. Other processes are locked
 * out until it is closed, or the process has ended in whatever way.
 *
 * Throws KeysweepError LedgerLocked, LedgerCorrupt, LedgerFromNewerVersion, LedgerUnreadable or LedgerUnwritable, and
 * changes nothing then. Afterwards writes throw LedgerUnwritable, LedgerChanged (the file or its lock was replaced by
 * someone else), LedgerReadOnly or LedgerClosed; after the first two every further write does: open it again.
 */
export async function openFileLedger(path: string, options: FileLedgerOptions = {}): Promise<FileLedger> {
  const { readOnly = false, now = () => new Date(), compactAbove = 1_000 } = options;
  const file = await realpath(path).catch(() => resolve(path));
  if (readOnly) {
    const state = (await readLedger(file))?.state ?? new LedgerState();
    return fileLedger(state, { append: () => Promise.reject(readOnlyError(path)), close: async () => {} });
  }
  const lock = await lockFile(file).catch((error: unknown) => {
    throw unwritable(path, error);
  });
  try {
    await removeTemporaries(file);
    const found = await readLedger(file);
    const journal =
      found === undefined ? await createLedger(file) : await reopenLedger(file, found, compactAbove, now());
    const state = found?.state ?? new LedgerState();
    return fileLedger(state, new JournalWriter(path, file, lock, journal));
  } catch (error) {
    await lock.release();
    throw unwritable(path, error);
  }
}

/** What a ledger does with a record that is to last. */
interface RecordSink {
  append(record: LedgerRecord): Promise<void>;
  close(): Promise<void>;
}

function fileLedger(state: LedgerState, sink: RecordSink): FileLedger {
  let last: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;

  /** One write at a time: each decides by what the one before has left. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    if (closing !== undefined) return Promise.reject(new KeysweepError('LedgerClosed', 'the ledger is closed'));
    const turn = last.then(task, task);
    last = turn.catch(() => {});
    return turn;
  }

  async function store(record: LedgerRecord): Promise<void> {
    await sink.append(record);
    const wrong = state.take(record);
    if (wrong !== undefined) throw new KeysweepError('LedgerRecordInvalid', `a record was stored, but ${wrong}`);
  }

  return {
    accounts: () => state.accounts(),
    entries: async (account) => ({ entries: state.entries(account), damaged: [] }),
    entry: async (account, credentialId) => state.entry(account, credentialId),
    events: async (account, credentialId) => state.events(account, credentialId),
    sweep: async (account, id) => state.sweep(account, id),
    write: async (entry: LedgerEntry, event: LedgerEvent) => {
      checkWrite(entry, event);
      const record = { entry: entryCodec.encode(entry), events: [eventCodec.encode(event)] };
      return inTurn(async () => {
        const version = state.entry(entry.account, entry.credential.id)?.version ?? 0;
        if (entry.version !== version + 1) return 'conflict';
        await store(record);
        return 'written';
      });
    },
    writeSweep: async (sweep: SweepRecord) => {
      const record = { sweep: sweepCodec.encode(sweep) };
      return inTurn(() => store(record));
    },
    sweptSnapshot: async (account) => state.sweptSnapshot(account),
    writeSweptSnapshot: async (swept: SweptSnapshot) => {
      const record = { swept: sweptSnapshotCodec.encode(swept) };
      return inTurn(async () => {
        const version = state.sweptSnapshot(swept.account)?.version ?? 0;
        if (swept.version !== version + 1) return 'conflict';
        await store(record);
        return 'written';
      });
    },
    close: () => {
      closing ??= last.then(() => sink.close());
      return closing;
    },
  };
}

function readOnlyError(path: string): KeysweepError {
  return new KeysweepError('LedgerReadOnly', `the ledger ${path} was opened for reading only`);
}
