import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { lockFile } from '../../files/file-lock.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const cleared: string[] = [];

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  /** Someone clears the file away just before it gets its second name, the first three times. */
  const link: typeof real.link = async (file, name) => {
    if (cleared.length < 3) {
      cleared.push(String(file));
      await real.unlink(file);
    }
    return real.link(file, name);
  };
  return { ...real, link };
});

const scratch = scratchDirectory();

it('a lock is taken also where another process took its file for a leftover', async () => {
  const lock = await lockFile(join(scratch.path, 'file'));
  expect(cleared).toHaveLength(3);
  expect(await lock.isIntact()).toBe(true);
  expect(await readdir(scratch.path)).toEqual(['file.lock']);
  await lock.release();
  expect(await readdir(scratch.path)).toEqual([]);
});
