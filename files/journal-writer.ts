import { stat } from 'node:fs/promises';
import { KeysweepError, messageOf } from '../core/error.ts';
import { codeOf, isMissing } from './durable-file.ts';
import type { FileLock } from './file-lock.ts';
import { journalLine } from './journal.ts';
import type { OpenJournal } from './journal-file.ts';
import type { LedgerRecord } from './ledger-state.ts';

/** Appends records to the journal at `file`, shown to people as `name`, while the lock lasts. */
export class JournalWriter {
  readonly #name: string;
  readonly #file: string;
  readonly #lock: FileLock;
  #journal: OpenJournal;
  /** Why nothing more may be written. */
  #broken: KeysweepError | undefined;

  constructor(name: string, file: string, lock: FileLock, journal: OpenJournal) {
    this.#name = name;
    this.#file = file;
    this.#lock = lock;
    this.#journal = journal;
  }

  async append(record: LedgerRecord): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    const { handle, length, sum: before } = this.#journal;
    const { line, sum } = journalLine(before, record);
    try {
      await this.#checkUnchanged();
      await handle.appendFile(line);
      await handle.datasync();
    } catch (error) {
      // Whether the line was written is unknown until the file is read again.
      this.#broken = unwritable(this.#name, error);
      throw this.#broken;
    }
    this.#journal = { handle, length: length + Buffer.byteLength(line), sum };
  }

  async close(): Promise<void> {
    await this.#journal.handle.close();
    await this.#lock.release();
  }

  /** A line appended to a file that was replaced, or that another process has appended to, would be lost. */
  async #checkUnchanged(): Promise<void> {
    const { handle, length } = this.#journal;
    const [own, current, isLocked] = await Promise.all([
      handle.stat(),
      stat(this.#file).catch(() => undefined),
      this.#lock.isIntact(),
    ]);
    const isSame = current !== undefined && own.ino === current.ino && own.dev === current.dev && own.size === length;
    if (isSame && isLocked) return;
    const what = isSame ? 'its lock was removed' : 'the file was replaced or changed';
    throw new KeysweepError('LedgerChanged', `another process is using the ledger ${this.#name}: ${what}`, {
      hint: 'Nothing was written. Make sure that nothing else uses the file, and run keysweep again.',
    });
  }
}

/** A file-system error as a message for people. A KeysweepError passes through. */
export function unwritable(path: string, error: unknown): KeysweepError {
  if (error instanceof KeysweepError) return error;
  const why = isMissing(error) ? 'its folder does not exist' : messageOf(error);
  return new KeysweepError('LedgerUnwritable', `cannot write the ledger ${path}: ${why}`, {
    hint: codeOf(error) === 'ENOSPC' ? 'Free some disk space.' : 'Check the path, its permissions and the disk.',
    cause: error,
  });
}
