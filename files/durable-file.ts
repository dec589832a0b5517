/** Writes to files that a crash cannot leave half done. */
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Puts a new file in the place of `path`, in one step: whoever opens it sees the old content or the new one, also after
 * a crash. `temporary` is a path in the same folder that no one else uses; a crash may leave it behind.
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
    await removeIfThere(temporary);
    throw error;
  }
  await syncFolder(dirname(path));
  return handle;
}

/** Makes what happened to the names in a folder last. Windows cannot and need not. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function removeIfThere(path: string): Promise<void> {
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
