import { describe, expect, it } from 'vitest';
import { takeSnapshot } from '../../../core/lifecycle/snapshot.ts';
import { decodeSnapshot, encodeSnapshot } from '../../../core/lifecycle/snapshot-codec.ts';
import { mixedAudit } from '../../support/audit-fixture.ts';
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
} from '../../support/observation-builder.ts';

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
    user({ incomplete: { 'access-key': 'more than two keys' } }, 'bob'),
  ]),
  { ...mixedAudit, report: { rows: 3, generatedAt: ago(0), newestDate: ago(5) } },
);

describe('a snapshot as text', () => {
  it('is read back as it was written, dates and all', () => {
    expect(decodeSnapshot(encodeSnapshot(snapshot), 'snapshot.json')).toEqual(snapshot);
  });

  const plain = () => JSON.parse(JSON.stringify(snapshot));
  it.each([
    ['is not JSON', () => '{', 'is not JSON'],
    ['is of another version', () => JSON.stringify({ ...plain(), schema: 'keysweep/snapshot/v2' }), 'schema'],
    [
      'has no findings',
      () => JSON.stringify({ ...plain(), audit: { ...plain().audit, findings: undefined } }),
      'findings',
    ],
    ['has no users', () => JSON.stringify({ ...plain(), users: undefined }), 'users'],
    [
      'says of an access key that its use is not tracked',
      () => JSON.stringify(plain()).replace(/"lastUse":\{"kind":"used"[^}]*\}/, '"lastUse":{"kind":"untracked"}'),
      'a last use that is impossible for its kind',
    ],
    ['has a field that no one knows', () => JSON.stringify({ ...plain(), extra: 1 }), 'extra'],
    [
      'has a date that is none',
      () => JSON.stringify(plain()).replace(/"asOf":"[^"]+"/, '"asOf":"yesterday"'),
      'audit.asOf: not a time',
    ],
  ])('that %s is refused with what is wrong', (_, text, message) => {
    expect(() => decodeSnapshot(text(), 'snapshot.json')).toThrow(
      expect.objectContaining({
        code: 'SnapshotInvalid',
        message: expect.stringContaining(message),
        hint: expect.stringContaining('audit again'),
      }),
    );
  });
});
