/** The journal of a ledger as a file: read, made, repaired after a crash, rewritten. */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KeysweepError, messageOf } from '../core/error.ts';
import { ledgerSchemaVersion } from '../core/lifecycle/ledger-codec.ts';
import { ledgerCorrupt, ledgerFromNewer } from '../core/lifecycle/ledger-errors.ts';
import { isMissing, removeIfThere, replaceFile, syncFolder } from './durable-file.ts';
import { type Checksum, journalHeader, journalLine, readJournal, sumOfHeader } from './journal.ts';
import { LedgerState } from './ledger-state.ts';

/** A journal that is open for appending: how long it is in bytes, and what its next line follows on. */
export interface OpenJournal {
  readonly handle: FileHandle;
  readonly length: number;
  readonly sum: Checksum;
}

/** A ledger as it was read from its file. */
export interface ReadLedger {
  readonly state: LedgerState;
  readonly sum: Checksum;
  /** Bytes worth keeping. */
  readonly length: number;
  readonly unfinished: boolean;
}

/** Undefined where there is no file. */
export async function readLedger(file: string): Promise<ReadLedger | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new KeysweepError('LedgerUnreadable', `the ledger ${file} cannot be read: ${messageOf(error)}`, {
      hint: 'check the path and its permissions',
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

/** Drops what a crash tore; rewrites the file when too much of it is out of date. */
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
    // The file may be new, its maker having died before its name was made to last.
    await syncFolder(dirname(file));
  } catch (error) {
    await handle.close();
    throw error;
  }
  return { handle, length: read.length + (read.unfinished ? 1 : 0), sum: read.sum };
}

/** Rewrites the journal without what is out of date. */
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
  // Else a sweep by root would lock the file's owner out.
  if (process.getuid?.() === 0) await handle.chown(uid, gid);
  return { handle, length: whole.length, sum };
}

function temporaryFor(file: string): string {
  return `${file}.${randomUUID()}.tmp`;
}

/** Removes what a crash left behind. Only the holder of the lock makes such files. */
export async function removeTemporaries(file: string): Promise<void> {
  const folder = dirname(file);
  const prefix = `${basename(file)}.`;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !/^[\da-f-]{36}\.tmp$/.test(name.slice(prefix.length))) continue;
    await removeIfThere(join(folder, name));
  }
}
