import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeSnapshot } from '../../core/lifecycle/snapshot.ts';
import { createFileSnapshotStore } from '../../files/file-snapshot-store.ts';
import { mixedAudit } from '../support/audit-fixture.ts';
import {
  accessKey,
  ago,
  known,
  never,
  observation,
  unknown,
  unknownUse,
  used,
  user,
} from '../support/observation-builder.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const folder = scratchDirectory();

/** A snapshot with everything that one can hold. */
const snapshot = takeSnapshot(
  observation([
    user({
      tags: known({ owner: 'alice@example.com', 'a "b"\n': 'ü' }),
      credentials: [
        accessKey({ ref: { kind: 'access-key', id: 'AKIA1', slot: 1 }, source: 'live', lastUseUnverified: 'denied' }),
        accessKey({ lastUse: never, status: known('Inactive'), lastSeenActiveAt: ago(1) }),
        accessKey({ lastUse: unknownUse(), createdAt: unknown(), status: unknown(), unverified: 'denied' }),
        accessKey({ lastUse: { ...used(1), kind: 'used', at: ago(1), service: 's3', region: 'eu-central-1' } }),
      ],
    }),
    user({ credentialsIncomplete: 'more than two keys' }, 'bob'),
  ]),
  { ...mixedAudit, report: { rows: 3, generatedAt: ago(0), newestDate: ago(5) } },
);

describe('a snapshot in a file', () => {
  it('is read back as it was written, dates and all', async () => {
    const store = createFileSnapshotStore(join(folder.path, 'new', 'folder'));
    const key = await store.write(snapshot);
    expect(await store.read(key)).toEqual(snapshot);
  });

  it('is for its owner only, and leaves nothing beside it', async () => {
    const key = await createFileSnapshotStore(folder.path).write(snapshot);
    expect(await readdir(folder.path)).toEqual([key]);
    expect((await stat(join(folder.path, key))).mode & 0o777).toBe(0o600);
  });

  it('is replaced by one of the same account and moment', async () => {
    const store = createFileSnapshotStore(folder.path);
    await store.write(snapshot);
    const key = await store.write({ ...snapshot, userNames: [] });
    expect((await store.read(key)).userNames).toEqual([]);
  });

  it.each(['../secret.json', '/etc/passwd', 'a/b.json', '', '..'])('is not looked for elsewhere: %j', async (key) => {
    await expect(createFileSnapshotStore(folder.path).read(key)).rejects.toMatchObject({ code: 'SnapshotMissing' });
  });

  it('that is not there is an error', async () => {
    await expect(createFileSnapshotStore(folder.path).read('none.json')).rejects.toMatchObject({
      code: 'SnapshotMissing',
      message: expect.stringContaining('none.json'),
    });
  });

  it('that cannot be written is an error', async () => {
    await writeFile(join(folder.path, 'file'), '');
    await expect(createFileSnapshotStore(join(folder.path, 'file')).write(snapshot)).rejects.toMatchObject({
      code: 'SnapshotNotWritten',
    });
  });

  const plain = () => JSON.parse(JSON.stringify(snapshot));
  it.each([
    ['is not JSON', () => '{', 'is not JSON'],
    ['is of another version', () => JSON.stringify({ ...plain(), schema: 'keysweep/snapshot/v2' }), 'schema'],
    ['has no users', () => JSON.stringify({ ...plain(), users: undefined }), 'users'],
    ['has a field that nobody knows', () => JSON.stringify({ ...plain(), extra: 1 }), 'extra'],
    [
      'has a date that is none',
      () => JSON.stringify(plain()).replace(/"asOf":"[^"]+"/, '"asOf":"yesterday"'),
      'audit.asOf: not a time',
    ],
  ])('that %s is refused with what is wrong', async (_, text, message) => {
    await mkdir(folder.path, { recursive: true });
    await writeFile(join(folder.path, 'bad.json'), text());
    await expect(createFileSnapshotStore(folder.path).read('bad.json')).rejects.toMatchObject({
      code: 'SnapshotInvalid',
      message: expect.stringContaining(message),
      hint: expect.stringContaining('audit again'),
    });
  });
});
