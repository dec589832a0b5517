import { chmod, copyFile, mkdir, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFileLedger } from '../../files/file-ledger.ts';
import { account, eventFor, following, ledgerEntry, sweepRecord } from '../support/ledger-builder.ts';
import { first, keyId, ledgerFile } from '../support/ledger-file.ts';

const file = ledgerFile();
const second = following(first);

describe('the file', () => {
  it('is made for its owner alone', async () => {
    await file.open();
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
  });

  it('holds a line that says what it is, and JSON on every line', async () => {
    await file.fill();
    const lines = (await readFile(file.path, 'utf8')).trimEnd().split('\n');
    expect(lines[0]).toBe('{"schema":"keysweep/ledger/v1"}');
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({
      record: { entry: { version: 2, createdAt: '2026-01-01T00:00:00.000Z' }, events: [{ type: 'reminded' }] },
    });
  });

  it('keeps its own permissions when it is rewritten', async () => {
    await file.fill(3);
    await chmod(file.path, 0o640);
    await (await file.open({ compactAbove: 1 })).close();
    expect((await stat(file.path)).mode & 0o777).toBe(0o640);
  });

  it('is followed through a symbolic link, which stays one', async () => {
    await file.fill();
    const real = join(file.folder, 'elsewhere.jsonl');
    await rename(file.path, real);
    await symlink(real, file.path);
    const ledger = await file.open({ compactAbove: 0 });
    await ledger.write(following(second), eventFor(following(second)));
    await ledger.close();
    expect(await readdir(file.folder)).toEqual(['elsewhere.jsonl', 'ledger.jsonl']);
    expect(await file.reopenedVersion()).toBe(3);
    expect((await stat(real)).size).toBe((await stat(file.path)).size);
  });

  it.each([
    ['in a folder that does not exist', 'nowhere/ledger.jsonl', 'LedgerUnwritable'],
    ['that is a folder', '', 'LedgerUnreadable'],
  ])('%s is an error that names it', async (_, name, code) => {
    const path = join(file.folder, 'folder', name);
    await mkdir(join(file.folder, 'folder'));
    await expect(openFileLedger(path)).rejects.toMatchObject({ code, message: expect.stringContaining(path) });
  });
});

describe('writing', () => {
  it('is refused, and nothing is lost, when the file was put away meanwhile', async () => {
    await file.fill(1);
    const ledger = await file.open();
    await rename(file.path, `${file.path}.old`);
    await expect(ledger.write(second, eventFor(second))).rejects.toMatchObject({ code: 'LedgerChanged' });
    await copyFile(`${file.path}.old`, file.path);
    await expect(ledger.write(second, eventFor(second))).rejects.toMatchObject({ code: 'LedgerChanged' });
    expect(await readFile(file.path)).toEqual(await readFile(`${file.path}.old`));
    await rename(`${file.path}.old`, file.path);
    await expect(ledger.write(second, eventFor(second))).rejects.toMatchObject({ code: 'LedgerChanged' });
  });

  it('is refused when someone else added to the file', async () => {
    await file.fill(1);
    const ledger = await file.open();
    await writeFile(file.path, 'x', { flag: 'a' });
    await expect(ledger.writeSweep(sweepRecord())).rejects.toMatchObject({ code: 'LedgerChanged' });
  });

  it('is refused when the lock was taken away', async () => {
    const ledger = await file.open();
    await writeFile(`${file.path}.lock`, '{}');
    await expect(ledger.write(first, eventFor(first))).rejects.toMatchObject({
      code: 'LedgerChanged',
      message: expect.stringContaining('lock'),
    });
  });

  it('is refused once the ledger is closed, but not before the writes under way are done', async () => {
    const ledger = await file.open();
    const writing = ledger.write(first, eventFor(first));
    const closing = ledger.close();
    expect(await writing).toBe('written');
    await expect(ledger.write(second, eventFor(second))).rejects.toMatchObject({ code: 'LedgerClosed' });
    await closing;
    await ledger.close();
    expect(await file.reopenedVersion()).toBe(1);
  });

  it('continues after a write that was refused', async () => {
    const ledger = await file.open();
    await expect(ledger.write(first, eventFor(second))).rejects.toMatchObject({ code: 'LedgerRecordInvalid' });
    expect(await ledger.write(first, eventFor(first))).toBe('written');
  });
});

describe('opening for reading only', () => {
  it('finds an empty ledger where there is none, and makes no file', async () => {
    const ledger = await file.open({ readOnly: true });
    expect((await ledger.entries(account)).entries).toEqual([]);
    expect(await readdir(file.folder)).toEqual([]);
  });

  it('sees what is there while someone else writes, a line under way left out', async () => {
    await file.fill(1);
    const writer = await file.open();
    await writer.write(second, eventFor(second));
    const reader = await file.open({ readOnly: true });
    expect(await reader.entry(account, keyId)).toStrictEqual(second);
    await writeFile(file.path, '{"sum":"', { flag: 'a' });
    expect(await (await file.open({ readOnly: true })).events(account, keyId)).toHaveLength(2);
  });

  it('refuses to write', async () => {
    const ledger = await file.open({ readOnly: true });
    await expect(ledger.write(first, eventFor(first))).rejects.toMatchObject({ code: 'LedgerReadOnly' });
    await expect(ledger.writeSweep(sweepRecord())).rejects.toMatchObject({ code: 'LedgerReadOnly' });
  });
});

describe('rewriting', () => {
  it('drops superseded entries and expired sweeps, and keeps everything else', async () => {
    const ledger = await file.open();
    const sweeps = ['a', 'b'].map((id, n) => sweepRecord(id, { expiresAt: new Date(Date.UTC(2027, n)) }));
    for (const sweep of sweeps) await ledger.writeSweep(sweep);
    const versions = Array.from({ length: 50 }, (_, n) => ({ ...first, version: n + 1 }));
    for (const entry of versions) await ledger.write(entry, eventFor(entry));
    const other = ledgerEntry('AKIABOBONEAAAAAAAAAA', { stage: 'deleted' });
    await ledger.write(other, eventFor(other));
    await ledger.close();
    const { size } = await stat(file.path);

    const now = () => new Date(Date.UTC(2027, 0));
    await (await file.open({ compactAbove: 10, now })).close();
    expect((await stat(file.path)).size).toBeLessThan(size / 2);
    const reader = await file.open({ readOnly: true });
    expect((await reader.entries(account)).entries).toStrictEqual([versions.at(-1), other]);
    expect(await reader.events(account, keyId)).toStrictEqual(versions.map((entry) => eventFor(entry)));
    expect(await reader.sweep(account, 'a')).toBeUndefined();
    expect(await reader.sweep(account, 'b')).toStrictEqual(sweeps[1]);

    const again = await file.open();
    const next = { ...first, version: 51 };
    expect(await again.write(next, eventFor(next))).toBe('written');
    await again.close();
    expect(await file.reopenedVersion()).toBe(51);
  });

  it('is left out while little is out of date', async () => {
    await file.fill(20);
    const before = await readFile(file.path);
    await (await file.open()).close();
    expect(await readFile(file.path)).toEqual(before);
  });
});
