/** Reports that contradict themselves about one credential. */
import { describe, expect, it } from 'vitest';
import { snapshotReport } from '../../core/audit.ts';
import { DAY } from '../../core/duration.ts';
import { joinLedger, liveStatusOf } from '../../core/lifecycle/join.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import {
  awsTime,
  keyFields,
  passwordFields,
  type Row,
  reportBytes,
  rootRow,
  userRow,
} from '../support/report-builder.ts';

const asOf = new Date('2026-11-20T02:30:00Z');
const ago = (ms: number) => awsTime(new Date(asOf.getTime() - ms));
const { maxIdle } = defaultPolicy.accessKeys;

function judge(fields: Row) {
  const snapshot = snapshotReport({ content: reportBytes([rootRow(), userRow('alice', fields)]) }, defaultPolicy, asOf);
  const found = snapshot.audit.findings.map(({ rule, status, reason }) => ({ rule, status, reason }));
  return { snapshot, found };
}

const errorOf = (rule: string, reason: string) => ({ rule, status: 'error', reason: expect.stringContaining(reason) });

describe('never used, but a use is named', () => {
  it.each<[string, Row]>([
    ['a service', { access_key_1_last_used_service: 's3' }],
    ['a region', { access_key_1_last_used_region: 'eu-central-1' }],
    ['both', { access_key_1_last_used_region: 'us-east-1', access_key_1_last_used_service: 'iam' }],
  ])('%s: its last use is unknown', (_, named) => {
    const { found } = judge({ ...keyFields(1, { created: ago(60 * DAY) }), ...named });
    expect(found).toEqual([
      errorOf('access-key-unused', 'but that it was used with'),
      errorOf('access-key-never-used', 'says N/A for access_key_1_last_used_date, but that it was used with'),
    ]);
  });

  it('in an otherwise empty slot: a key may exist', () => {
    const { snapshot, found } = judge({ access_key_2_last_used_service: 's3' });
    expect(snapshot.users[0]?.credentials).toHaveLength(1);
    expect(found.map(({ status }) => status)).toContain('error');
  });

  it('N/A for the region alone is normal: S3 has none', () => {
    const key = {
      ...keyFields(1, { created: ago(60 * DAY), lastUsed: ago(DAY) }),
      access_key_1_last_used_region: 'N/A',
    };
    expect(judge(key).found).toEqual([]);
  });
});

describe('used, but there is no key', () => {
  it.each(['false', 'N/A', 'true'])('with active %s: its age is unknown, and nothing passes', (active) => {
    const { found } = judge({
      ...keyFields(1, { created: 'N/A', lastUsed: ago(400 * DAY) }),
      access_key_1_active: active,
    });
    expect(found.map(({ status }) => status)).toContain('error');
  });
});

describe('a last use before the creation', () => {
  const key = (age: number, lastUse = 900 * DAY) => keyFields(1, { created: ago(age), lastUsed: ago(lastUse) });

  it.each<[string, number, readonly object[]]>([
    ['a second less than the limit', maxIdle - 1000, []],
    [
      'the limit',
      maxIdle,
      [
        {
          rule: 'access-key-unused',
          status: 'fail',
          reason:
            'unused since its creation, for 45 days (limit 45); the last use on record (2024-06-03) is before that',
        },
      ],
    ],
  ])('idle since the creation, %s ago', (_, age, expected) => {
    expect(judge(key(age)).found).toEqual(expected);
  });

  it('its idleness in the evidence is that since the creation', () => {
    const { snapshot } = judge(key(60 * DAY));
    expect(snapshot.audit.findings[0]?.evidence).toMatchObject({
      idleDays: 60,
      lastUsedAt: '2024-06-03T02:30:00.000Z',
    });
  });

  it('rounded by AWS to less than an hour before it: nothing special', () => {
    expect(judge(key(60 * DAY, 60 * DAY + 59_000)).found).toEqual([
      { rule: 'access-key-unused', status: 'fail', reason: 'unused for 60 days (limit 45)' },
    ]);
  });

  it('for a change its last use is unknown', () => {
    const { snapshot } = judge(key(60 * DAY));
    const [seen] = snapshot.users[0]?.credentials ?? [];
    expect(seen && liveStatusOf(seen)).toMatchObject({
      kind: 'seen',
      lastUse: { kind: 'unknown', why: expect.stringContaining('is before its creation') },
    });
  });

  it('of an inactive key: inactive since the creation', () => {
    const { found } = judge({ ...key(130 * DAY), access_key_1_active: 'false' });
    expect(found).toEqual([
      { rule: 'access-key-inactive', status: 'fail', reason: 'inactive and unused for 130 days (limit 90)' },
    ]);
  });

  it('of a password: unused since the creation of its user', () => {
    const password = (age: number) => ({
      ...passwordFields({ lastUsed: ago(900 * DAY), lastChanged: ago(10 * DAY) }),
      user_creation_time: ago(age),
    });
    expect(judge(password(maxIdle - 1000)).found).toEqual([]);
    expect(judge(password(maxIdle)).found).toEqual([
      {
        rule: 'console-password-unused',
        status: 'fail',
        reason: expect.stringContaining('since its creation, for 45'),
      },
    ]);
  });
});

describe('a credential that is older than its user', () => {
  const born = (age: number) => ({ user_creation_time: ago(age) });
  const impossible = 'is before the creation of its user';
  const key = keyFields(1, { created: ago(200 * DAY), lastUsed: ago(DAY) });

  it('by less than a minute: both are to the second', () => {
    const { found } = judge({ ...key, ...born(200 * DAY - 59_000) });
    expect(found).toEqual([{ rule: 'access-key-too-old', status: 'fail', reason: 'created 200 days ago (limit 90)' }]);
  });

  it('a key: its age is unknown, and so is what a sweep would judge it by', () => {
    const { found, snapshot } = judge({ ...key, ...born(200 * DAY - 60_000) });
    expect(found).toEqual([errorOf('access-key-too-old', impossible)]);
    const [seen] = snapshot.users[0]?.credentials ?? [];
    expect(seen && liveStatusOf(seen)).toEqual({ kind: 'unknown', why: expect.stringContaining(impossible) });
  });

  it('an inactive key', () => {
    const { found } = judge({ ...key, ...born(100 * DAY), access_key_1_active: 'false' });
    expect(found).toEqual([errorOf('access-key-inactive', impossible)]);
  });

  it('a certificate', () => {
    const certificate = { cert_1_active: 'true', cert_1_last_rotated: ago(200 * DAY) };
    expect(judge({ ...certificate, ...born(200 * DAY) }).found).toMatchObject([{ status: 'fail' }]);
    expect(judge({ ...certificate, ...born(100 * DAY) }).found).toEqual([
      errorOf('signing-certificate-active', impossible),
    ]);
  });
});

it('a user whose row is unreadable is unknown to a sweep, not deleted', () => {
  const alice = userRow('alice', keyFields(1, { created: ago(60 * DAY) }));
  const content = reportBytes([rootRow(), alice, alice]);
  const snapshot = snapshotReport({ content }, defaultPolicy, asOf);
  expect(snapshot.userNames).toEqual(['alice']);
  expect(snapshot.users).toMatchObject([
    { principal: { name: 'alice' }, unreadable: expect.any(String), credentials: [] },
  ]);
  const { unjudged } = joinLedger(snapshot, { entries: [], damaged: [] });
  expect(unjudged).toMatchObject([{ principal: { name: 'alice' }, credential: { kind: 'access-key' } }]);
});
