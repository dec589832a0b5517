import { stat } from 'node:fs/promises';
import { KeysweepError, messageOf } from '../core/error.ts';
import { codeOf, isMissing } from './durable-file.ts';
import type { FileLock } from './file-lock.ts';
import { journalLine } from './journal.ts';
import type { OpenJournal } from './journal-file.ts';
import type { LedgerRecord } from './ledger-state.ts';

/** Adds records to the journal at `file`, which people know as `name`, for as long as the lock is held. */
export class JournalWriter {
  readonly #name: string;
  readonly #file: string;
  readonly #lock: FileLock;
  #journal: OpenJournal;
  /** Why nothing may be written any more. */
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
      // Whether the line is there no one knows before the file is read again.
      this.#broken = unwritable(this.#name, error);
      throw this.#broken;
    }
    this.#journal = { handle, length: length + Buffer.byteLength(line), sum };
  }

  async close(): Promise<void> {
    await this.#journal.handle.close();
    await this.#lock.release();
  }

  /** A line at the end of a file that was put away, or of one that someone else has added to, would be lost. */
  async #checkUnchanged(): Promise<void> {
    const { handle, length } = this.#journal;
    const [own, there, isHeld] = await Promise.all([
      handle.stat(),
      stat(this.#file).catch(() => undefined),
      this.#lock.isHeld(),
    ]);
    const isSame = there !== undefined && own.ino === there.ino && own.dev === there.dev && own.size === length;
    if (isSame && isHeld) return;
    const what = isSame ? 'its lock was taken away' : 'the file was replaced or changed';
    throw new KeysweepError('LedgerChanged', `someone else works on the ledger ${this.#name}: ${what}`, {
      hint: 'nothing was written; make sure that nothing else touches it, and run keysweep again',
    });
  }
}

/** What failed in the file system, told to a person. A KeysweepError passes through. */
export function unwritable(path: string, error: unknown): KeysweepError {
  if (error instanceof KeysweepError) return error;
  const why = isMissing(error) ? 'its folder does not exist' : messageOf(error);
  return new KeysweepError('LedgerUnwritable', `the ledger ${path} cannot be written: ${why}`, {
    hint: codeOf(error) === 'ENOSPC' ? 'make room on the disk' : 'check the path, its permissions and the disk',
    cause: error,
  });
}
