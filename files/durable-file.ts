/** File writes that a crash cannot leave half done. */
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces the file at `path` in one step: a reader sees the old content or the new, even after a crash. `temporary` is an
 * unused path in the same folder; a crash may leave it behind.
 *
 * @returns the new file, open for reading and appending
 */
export async function replaceFile(
  path: string,
  temporary: string,
  chunks: readonly Uint8Array[],
  mode: number,
): Promise<FileHandle> {
  const handle = await open(temporary, 'ax+', mode);
  try {
    for (const chunk of chunks) await handle.appendFile(chunk);
    await handle.sync();
    await rename(temporary, path);
  } catch (error) {
    await handle.close();
    await removeIfPresent(temporary);
    throw error;
  }
  await syncFolder(dirname(path));
  return handle;
}

/** Makes changes to the names in a folder durable. Windows cannot and need not. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function removeIfPresent(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Whether a file-system call failed because there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** The code of a Node.js error: `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}
