/** The journal of a ledger as a file: reading, creating, repairing after a crash, rewriting. */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KeysweepError, messageOf } from '../core/error.ts';
import { ledgerSchemaVersion } from '../core/lifecycle/ledger-codec.ts';
import { ledgerCorrupt, ledgerFromNewer } from '../core/lifecycle/ledger-errors.ts';
import { isMissing, removeIfPresent, replaceFile, syncFolder } from './durable-file.ts';
import { type Checksum, journalHeader, journalLine, readJournal, sumOfHeader } from './journal.ts';
import { LedgerState } from './ledger-state.ts';

/** A journal that is open for appending: its length in bytes, and the checksum that its next line continues. */
export interface OpenJournal {
  readonly handle: FileHandle;
  readonly length: number;
  readonly sum: Checksum;
}

/** A ledger as read from its file. */
export interface ReadLedger {
  readonly state: LedgerState;
  readonly sum: Checksum;
  /** The bytes to keep. */
  readonly length: number;
  readonly unfinished: boolean;
}

/** Undefined if there is no file. */
export async function readLedger(file: string): Promise<ReadLedger | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new KeysweepError('LedgerUnreadable', `cannot read the ledger ${file}: ${messageOf(error)}`, {
      hint: 'Check the path and its permissions.',
      cause: error,
    });
  }
  const state = new LedgerState();
  const reading = readJournal(bytes, ledgerSchemaVersion, (record) => state.take(record));
  switch (reading.kind) {
    case 'read':
      return { state, ...reading };
    case 'newer':
      throw ledgerFromNewer(file, reading.version, ledgerSchemaVersion);
    case 'corrupt': {
      const where = `${file}, line ${reading.line} (byte ${reading.offset})`;
      throw ledgerCorrupt(where, reading.why, 'restore the file from a backup');
    }
  }
}

export async function createLedger(file: string): Promise<OpenJournal> {
  const header = Buffer.from(journalHeader(ledgerSchemaVersion));
  const handle = await replaceFile(file, temporaryFor(file), [header], 0o600);
  return { handle, length: header.length, sum: sumOfHeader(ledgerSchemaVersion) };
}

/** Drops a line torn by a crash; rewrites the file if too much of it is out of date. */
export async function reopenLedger(
  file: string,
  read: ReadLedger,
  compactAbove: number,
  now: Date,
): Promise<OpenJournal> {
  const { superseded, current } = read.state.recordCounts;
  if (superseded > Math.max(compactAbove, current)) return compact(file, read.state, now);
  const handle = await open(file, 'a+');
  try {
    const { size } = await handle.stat();
    if (size > read.length) await handle.truncate(read.length);
    if (read.unfinished) await handle.appendFile('\n');
    await handle.sync();
    // The file may be new, and its creator may have died before its name was durable.
    await syncFolder(dirname(file));
  } catch (error) {
    await handle.close();
    throw error;
  }
  return { handle, length: read.length + (read.unfinished ? 1 : 0), sum: read.sum };
}

/** Rewrites the journal without outdated records. */
async function compact(file: string, state: LedgerState, now: Date): Promise<OpenJournal> {
  const chunks = [Buffer.from(journalHeader(ledgerSchemaVersion))];
  let sum = sumOfHeader(ledgerSchemaVersion);
  for (const record of state.compacted(now)) {
    const next = journalLine(sum, record);
    chunks.push(Buffer.from(next.line));
    sum = next.sum;
  }
  const whole = Buffer.concat(chunks);
  const { mode, uid, gid } = await stat(file);
  const handle = await replaceFile(file, temporaryFor(file), [whole], mode & 0o777);
  // Otherwise a sweep run as root would lock out the file's owner.
  if (process.getuid?.() === 0) await handle.chown(uid, gid);
  return { handle, length: whole.length, sum };
}

function temporaryFor(file: string): string {
  return `${file}.${randomUUID()}.tmp`;
}

/** Removes what a crash left behind. Only the lock holder creates such files. */
export async function removeTemporaries(file: string): Promise<void> {
  const folder = dirname(file);
  const prefix = `${basename(file)}.`;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !/^[\da-f-]{36}\.tmp$/.test(name.slice(prefix.length))) continue;
    await removeIfPresent(join(folder, name));
  }
}
