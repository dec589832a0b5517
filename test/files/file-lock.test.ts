import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { lockFile } from '../../files/file-lock.ts';
import { identifyProcess, type ProcessIdentity } from '../../files/process-identity.ts';
import { ended, moduleProcess } from '../support/child-process.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const scratch = scratchDirectory();
const contender = moduleProcess(new URL('lock-contender.ts', import.meta.url));
let path = '';

beforeEach(() => {
  path = join(scratch.path, 'file');
});

async function lock() {
  const taken = await lockFile(path);
  onTestFinished(() => taken.release());
  return taken;
}

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

async function writeLock(
  identity: Partial<ProcessIdentity>,
  token = '8f14e45f-ceea-467f-8b1c-5d5f1c9e7a10',
  name = '',
) {
  const holder = { token, ...identifyProcess(), since: '2026-11-18T04:30:00.000Z', ...identity };
  await writeFile(`${path}.lock${name}`, JSON.stringify(holder));
}

describe('a lock', () => {
  it('belongs to one at a time, and is free again afterwards', async () => {
    const first = await lock();
    await expect(lock()).rejects.toMatchObject({
      code: 'LedgerLocked',
      message: expect.stringMatching(new RegExp(`in use by process ${process.pid} since \\d{4}-`)),
      hint: expect.stringContaining(`${path}.lock`),
    });
    expect(await first.isIntact()).toBe(true);
    await first.release();
    expect(await first.isIntact()).toBe(false);
    const second = await lock();
    await first.release();
    expect(await second.isIntact()).toBe(true);
    await second.release();
    expect(await readdir(scratch.path)).toEqual([]);
  });

  const deadOwners: readonly [string, () => Partial<ProcessIdentity>][] = [
    ['a process that has ended', () => ({ pid: deadPid(), startTicks: '1' })],
    ['a process whose id another one has now', () => ({ startTicks: '1' })],
    ['a process of an earlier boot', () => ({ boot: 'earlier' })],
  ];
  it.each(deadOwners)('of %s is taken over', async (_, identity) => {
    await writeLock(identity());
    const taken = await lock();
    expect(await taken.isIntact()).toBe(true);
    expect(await readdir(scratch.path)).toEqual(['file.lock']);
  });

  const alive: readonly [string, () => Partial<ProcessIdentity>, RegExp][] = [
    ['a process that runs', () => ({}), /in use by process \d+ since/],
    ['another host', () => ({ host: 'elsewhere', pid: deadPid() }), /in use by process \d+ on elsewhere since/],
    [
      'another container of this host',
      () => ({ pidNamespace: 'pid:[1]', pid: deadPid() }),
      /in use by process \d+ since/,
    ],
  ];
  it.each(alive)('of %s is respected', async (_, identity, message) => {
    await writeLock(identity());
    const before = await readFile(`${path}.lock`);
    await expect(lock()).rejects.toMatchObject({ code: 'LedgerLocked', message: expect.stringMatching(message) });
    expect(await readFile(`${path}.lock`)).toEqual(before);
    expect(await readdir(scratch.path)).toEqual(['file.lock']);
  });

  it.each(['', 'someone', '{"pid":1}'])(
    'that cannot be read (%j) is respected, and the hint says what to do',
    async (text) => {
      await writeFile(`${path}.lock`, text);
      await expect(lock()).rejects.toMatchObject({
        code: 'LedgerLocked',
        message: expect.stringContaining('cannot be read'),
        hint: expect.stringContaining(`delete ${path}.lock`),
      });
    },
  );

  it('is taken over from one who died while taking it over, however often that happened', async () => {
    const tokens = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
    const dead = { pid: deadPid(), startTicks: '1' };
    await writeLock(dead, tokens[0]);
    await writeLock(dead, tokens[1], `.${tokens[0]}`);
    await writeLock(dead, tokens[2], `.${tokens[1]}`);
    const taken = await lock();
    expect(await taken.isIntact()).toBe(true);
    expect(await readdir(scratch.path)).toEqual(['file.lock']);
  });

  it.each(['', '{"token":"8f14e45f'])('clears away that of one who died while writing it (%j)', async (text) => {
    await writeFile(`${path}.lock.00000000-0000-4000-8000-000000000001.tmp`, text);
    await lock();
    expect(await readdir(scratch.path)).toEqual(['file.lock']);
  });

  it('does not touch files that are not its own', async () => {
    const others = ['file.lock.bak', 'file.lock.tmp', 'file.locked'];
    for (const name of others) await writeFile(join(scratch.path, name), '');
    await lock();
    expect(await readdir(scratch.path)).toEqual(['file.lock', ...others]);
  });

  it('is respected while a living one takes it over', async () => {
    const token = '00000000-0000-4000-8000-000000000001';
    await writeLock({ pid: deadPid(), startTicks: '1' }, token);
    await writeLock({}, '00000000-0000-4000-8000-000000000002', `.${token}`);
    await expect(lock()).rejects.toMatchObject({ code: 'LedgerLocked' });
  });

  it('identifies the host by its name', () => {
    expect(identifyProcess().host).toBe(hostname());
  });

  it('belongs to one of many processes at any time, also when owners are killed', async () => {
    await writeFile(path, '0');
    const mortals = Array.from({ length: 4 }, () => contender.start(path, '1', 'kill'));
    const others = Array.from({ length: 3 }, () => contender.start(path, '40'));
    const ends = await Promise.all([...mortals, ...others].map(ended));
    expect(ends).toEqual([...Array(4).fill('SIGKILL'), ...Array(3).fill(0)]);
    // Two holders at the same time would have overwritten each other's count.
    expect(await readFile(path, 'utf8')).toBe(String(4 + 3 * 40));
    await lock();
    expect(await readdir(scratch.path)).toEqual(['file', 'file.lock']);
  });
});
