/** Where results go: stdout, or a file that is written in full or not at all. */
import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { KeysweepError } from '../core/error.ts';
import type { TextStyle } from '../reports/table.ts';
import { codeOf, reasonOf } from './errors.ts';
import { statOrUndefined } from './input.ts';
import type { Io } from './io.ts';
import type { Note } from './notes.ts';
import type { PrintOptions } from './options.ts';
import { fileStyle, styleFor } from './terminal.ts';

/** Prints the results of a command where its options say: stdout, or a file. */
export interface Printer {
  /** Notes `summary` on stderr if the results go to a file. Throws KeysweepError `OutputFailed`. */
  print(render: (style: TextStyle) => string, summary: string): Promise<void>;
}

/**
 * Checks, before any work is done, that the results can be written. Throws KeysweepError `OutputFailed`.
 */
export async function openPrinter(options: PrintOptions<string>, io: Io, note: Note): Promise<Printer> {
  const { outputFile, color } = options;
  if (outputFile !== undefined) await checkOutputFile(outputFile, io);
  return {
    async print(render, summary) {
      if (outputFile === undefined) return writeResults(render(styleFor(io.stdout, io.env, color)), io);
      await writeOutputFile(outputFile, render(fileStyle), io);
      await note(`wrote ${outputFile}: ${summary}`);
    },
  };
}

/** Writes results to stdout. Throws KeysweepError `OutputFailed`; a reader that has closed its end is not an error. */
export async function writeResults(text: string, io: Io): Promise<void> {
  try {
    await io.stdout.write(text);
  } catch (error) {
    throw outputFailed(
      'the results to stdout',
      reasonOf(error),
      error,
      'Check where stdout goes, or use --output-file.',
    );
  }
}

/**
 * Checks, before any work is done, that an output file can be created where the user wants it.
 * Throws KeysweepError `OutputFailed`.
 */
async function checkOutputFile(file: string, io: Io): Promise<void> {
  const target = resolve(io.directory, file);
  const [self, directory] = await Promise.all([statOrUndefined(target), statOrUndefined(dirname(target))]);
  if (self?.isDirectory() === true) throw outputFailed(file, 'it is a directory');
  if (directory?.isDirectory() !== true) throw outputFailed(file, 'its directory does not exist');
}

/**
 * Writes a whole file or nothing: readers see the old content or the new, never a part. Devices and pipes are written
 * to directly; for a link, its target is replaced. Throws KeysweepError `OutputFailed`.
 */
async function writeOutputFile(file: string, text: string, io: Io): Promise<void> {
  const named = resolve(io.directory, file);
  try {
    const existing = await statOrUndefined(named);
    if (existing !== undefined && !existing.isFile()) return await writeFile(named, text);
    const target = existing === undefined ? named : await realpath(named);
    await replaceFile(target, text, existing?.mode);
  } catch (error) {
    throw outputFailed(file, reasonOf(error), error);
  }
}

/** Writes a file that must not exist yet. Returns false, with nothing changed, if it does. Throws `OutputFailed`. */
export async function createFile(file: string, text: string, io: Io): Promise<boolean> {
  try {
    await writeFile(resolve(io.directory, file), text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw outputFailed(file, reasonOf(error), error);
  }
}

async function replaceFile(target: string, text: string, mode: number | undefined): Promise<void> {
  const draft = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(draft, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

const fileHint = 'Name a file in an existing directory that you may write to.';

function outputFailed(what: string, reason: string, cause?: unknown, hint = fileHint): KeysweepError {
  return new KeysweepError('OutputFailed', `cannot write ${what}: ${reason}`, { hint, cause });
}
