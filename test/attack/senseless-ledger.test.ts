/** What cannot be true in the ledger is damage: the key is skipped, the sweep is partial, and says which and why. */
import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import type { LedgerEntry } from '../../core/lifecycle/ledger.ts';
import { account, accountWith, enforcePolicy, firstNight, openSweepWorld } from '../support/sweep-world.ts';

const key = 'AKIAKEYONEAAAAAAAAAA';
const createdAt = new Date('2026-08-15T00:00:00Z');
const seed = accountWith([
  { name: 'eve', accessKeys: [{ id: key, createdAt: createdAt.toISOString() }] },
  { name: 'bob', accessKeys: [{ id: 'AKIAKEYTWOAAAAAAAAAA', createdAt: createdAt.toISOString() }] },
]);
const policy = enforcePolicy();
const ago = (days: number) => new Date(firstNight.getTime() - days * DAY);

function entryOf(fields: Pick<LedgerEntry, 'stage'> & Partial<LedgerEntry>): LedgerEntry {
  return {
    account,
    credential: { kind: 'access-key', id: key },
    principal: { kind: 'user', name: 'eve', arn: `arn:aws:iam::${account}:user/eve` },
    createdAt,
    version: 1,
    since: ago(20),
    updatedAt: ago(1),
    rules: ['access-key-never-used'],
    ...fields,
  };
}

/** A ledger with the entry, as someone wrote it who can write the table. */
async function openForged(fields: Pick<LedgerEntry, 'stage'> & Partial<LedgerEntry>, isInactive = false) {
  const world = await openSweepWorld({ seed });
  const { version, ...entry } = entryOf(fields);
  for (let at = 1; at <= version; at++) {
    const { credential, stage: to } = entry;
    const event = { account, credential, version: at, at: entry.updatedAt, sweep: 'x', detail: '' };
    await world.ledger.write(
      { ...entry, version: at },
      { ...event, type: 'warned', by: 'keysweep', from: 'compliant', to },
    );
  }
  if (isInactive) world.sandbox.account.setAccessKeyStatus(key, 'Inactive');
  return world;
}

const warning = { firstNoticeAt: ago(20), lastNoticeAt: ago(1), deactivateAt: ago(6), finalNoticeAt: ago(1) };
const deactivation = { at: ago(40), by: 'keysweep', deleteAt: ago(10), finalNoticeAt: ago(1) } as const;
const far = new Date('2999-01-01T00:00:00Z');

const active: readonly (readonly [string, Pick<LedgerEntry, 'stage'> & Partial<LedgerEntry>])[] = [
  ['a restoration in the year 2999', { stage: 'restored', restoration: { at: far, by: 'person' }, version: 9 }],
  ['a warning that one write cannot have recorded', { stage: 'warned', warning }],
  ['a warning that two writes cannot have recorded', { stage: 'warned', warning, updatedAt: ago(0.5), version: 2 }],
  ['a stage without its record', { stage: 'warned', version: 9 }],
  ['a restoration without its record', { stage: 'restored', version: 9 }],
  ['a deletion without its record', { stage: 'deleted', version: 9 }],
  ['a deletion in the year 2999', { stage: 'deleted', deletion: { at: far, by: 'keysweep' }, version: 9 }],
  ['no rule', { stage: 'warned', warning, rules: [], version: 9 }],
  ['a notice before the creation', { stage: 'warned', warning: { ...warning, firstNoticeAt: ago(90) }, version: 9 }],
  ['a last notice before the first', { stage: 'warned', warning: { ...warning, lastNoticeAt: ago(30) }, version: 9 }],
  ['a final notice before the first', { stage: 'warned', warning: { ...warning, finalNoticeAt: ago(30) }, version: 9 }],
  ['a final notice after the last', { stage: 'warned', warning: { ...warning, lastNoticeAt: ago(5) }, version: 9 }],
  ['a notice after the last write', { stage: 'warned', warning, updatedAt: ago(5), since: ago(20), version: 9 }],
  ['a promise for the year 2999', { stage: 'warned', warning: { ...warning, deactivateAt: far }, version: 9 }],
  ['a named night in the year 2999', { stage: 'warned', warning: { ...warning, promisedNight: far }, version: 9 }],
  [
    'a final notice that names a night before it',
    { stage: 'warned', warning: { ...warning, promisedNight: ago(3) }, version: 9 },
  ],
  [
    'a denial in the year 2999',
    {
      stage: 'warned',
      warning,
      blocked: { action: 'deactivate', since: ago(3), lastAttemptAt: far, why: '' },
      version: 9,
    },
  ],
  ['a restoration before the creation', { stage: 'restored', restoration: { at: ago(300), by: 'person' }, version: 9 }],
  ['a deletion before the creation', { stage: 'deleted', deletion: { at: ago(300), by: 'keysweep' }, version: 9 }],
  [
    'a deactivation that was begun before the first notice',
    { stage: 'warned', warning, intent: { action: 'deactivate', at: ago(30), sweep: 'x' }, version: 9 },
  ],
  ['a stage that began after the last write', { stage: 'warned', warning, since: ago(0), version: 9 }],
  ['another creation', { stage: 'warned', warning, createdAt: ago(300), version: 9 }],
  ['a write in the future', { stage: 'compliant', updatedAt: ago(-3), version: 9 }],
  [
    'a deletion that was begun of what is warned',
    { stage: 'warned', warning, intent: { action: 'delete', at: ago(1), sweep: 'x' }, version: 9 },
  ],
];

const inactive: typeof active = [
  [
    'a deletion that was begun before the deactivation',
    { stage: 'deactivated', deactivation, intent: { action: 'delete', at: ago(60), sweep: 'x' }, version: 9 },
  ],
  [
    'a deletion announced for the year 2999',
    { stage: 'deactivated', deactivation: { ...deactivation, promisedNight: far }, version: 9 },
  ],
  [
    'a denied deletion in the year 2999',
    {
      stage: 'deactivated',
      deactivation,
      blocked: { action: 'delete', since: ago(3), lastAttemptAt: far, why: '' },
      version: 9,
    },
  ],
  [
    'a notice of the deletion in the year 2999',
    { stage: 'deactivated', deactivation: { ...deactivation, lastNoticeAt: far }, version: 9 },
  ],
  ['a deactivation that two writes cannot have recorded', { stage: 'deactivated', deactivation, version: 2 }],
  ['no record of the deactivation', { stage: 'deactivated', version: 9 }],
  [
    'a deactivation after the last write',
    {
      stage: 'deactivated',
      deactivation: { ...deactivation, finalNoticeAt: ago(40) },
      updatedAt: ago(45),
      since: ago(45),
      version: 9,
    },
  ],
  [
    'a deletion due before it',
    { stage: 'deactivated', deactivation: { ...deactivation, deleteAt: ago(50) }, version: 9 },
  ],
  [
    'a use known from the time after',
    { stage: 'deactivated', deactivation: { ...deactivation, lastUseAt: ago(20) }, version: 9 },
  ],
];

describe.each([...active.map((one) => [...one, false] as const), ...inactive.map((one) => [...one, true] as const)])(
  '%s',
  (_, fields, isInactive) => {
    it('nothing is done, the sweep is partial and names the key, and the entry stays as it is', async () => {
      const world = await openForged(fields, isInactive);
      const before = JSON.stringify(await world.entry(key));
      const [first] = await world.nights(2, policy, []);
      expect(first?.outcome).toBe('partial');
      expect(first?.skipped.filter(({ credential }) => credential.id === key)).toMatchObject([
        { skipReason: 'unknown', why: expect.stringContaining('A damaged entry') },
      ]);
      // The other key gets its first notice.
      expect(world.notices).toHaveLength(1);
      expect(world.changes()).toEqual([]);
      expect(JSON.stringify(await world.entry(key))).toBe(before);
    });
  },
);

it('what a clock that ran ahead has left is rechecked when its time has come', async () => {
  const world = await openForged({
    stage: 'restored',
    restoration: { at: ago(-2), by: 'person' },
    updatedAt: ago(-2),
    since: ago(-2),
  });
  const outcomes = (await world.nights(4, policy, [])).map(({ outcome }) => outcome);
  expect(outcomes).toEqual(['partial', 'partial', 'complete', 'complete']);
});
