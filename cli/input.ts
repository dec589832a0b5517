import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { KeysweepError } from '../core/error.ts';
import { codeOf, reasonOf } from './file-error.ts';
import type { Io } from './io.ts';

/** The bytes of a file that the user named. Throws KeysweepError `FileUnreadable`, saying what the file was wanted for. */
export async function readUserFile(
  file: string,
  purpose: string,
  io: Io,
  hint = 'Check the path; relative paths start at the current directory.',
): Promise<Buffer> {
  try {
    return await readFile(resolve(io.directory, file));
  } catch (error) {
    throw new KeysweepError('FileUnreadable', `cannot read ${purpose} ${file}: ${reasonOf(error)}`, {
      hint,
      cause: error,
    });
  }
}

/** All of standard input. */
export async function readStdin(io: Io): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of io.stdin.bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** True where something of this name exists, of whatever kind. */
export async function exists(file: string, io: Io): Promise<boolean> {
  return (await statOrUndefined(resolve(io.directory, file))) !== undefined;
}

/** What is at this path, links followed; undefined where nothing is. */
export async function statOrUndefined(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
}
