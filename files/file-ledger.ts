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
   * Reads the current content, takes no lock, refuses writes and creates no file: a missing file is an empty ledger.
   * @default false
   */
  readonly readOnly?: boolean;
  /** Decides which sweeps have expired. @default the machine's clock */
  readonly now?: () => Date;
  /** Opening rewrites the file if more records than this, and more than half of all, are out of date. @default 1000 */
  readonly compactAbove?: number;
}

/** A ledger in a file, for one process at a time. */
export interface FileLedger extends Ledger {
  /** The accounts with records in it. */
  accounts(): readonly string[];
  /** Waits for writes in progress, and unlocks the file. May be called again. */
  close(): Promise<void>;
}

/**
 * Opens the ledger in a file, or creates it (readable only by its owner) if there is none.
 *
 * The file is a journal: a write appends one line, and resolves when the line is on disk. Opening reads it all, drops a
 * line torn by a crash, and rewrites the file in one step if more than half of it is out of date. Other processes are
 * locked out until it is closed or this process ends, however it ends.
 *
 * Throws KeysweepError LedgerLocked, LedgerCorrupt, LedgerFromNewerVersion, LedgerUnreadable or LedgerUnwritable, and
 * then changes nothing. Later, writes throw LedgerUnwritable, LedgerChanged (another process replaced the file or its
 * lock), LedgerReadOnly or LedgerClosed; after the first two every further write fails: open it again.
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

/** Where a ledger stores a record. */
interface RecordSink {
  append(record: LedgerRecord): Promise<void>;
  close(): Promise<void>;
}

function fileLedger(state: LedgerState, sink: RecordSink): FileLedger {
  let last: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;

  /** One write at a time: each depends on the result of the one before. */
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
  return new KeysweepError('LedgerReadOnly', `the ledger ${path} was opened read-only`);
}
