/** Exemptions and overrides go by what is true at the moment of the change, not by what was true when someone looked. */
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../core/duration.ts';
import type { Exemption, Match, Policy } from '../../core/policy/policy.ts';
import type { AccountSeed } from '../../sandbox/index.ts';
import { manualTiming } from '../support/manual-timing.ts';
import { notifiedIn } from '../support/mixed-night.ts';
import {
  account,
  accountWith,
  actionsOf,
  enforcePolicy,
  openSweepWorld,
  type SweepWorld,
} from '../support/sweep-world.ts';

const key = 'AKIAKEYONEAAAAAAAAAA';

function exempting(match: Match): Policy {
  const exemption: Exemption = { match, rules: '*', reason: 'sealed', owner: 'sec@example.com', expires: '2030-01-01' };
  return enforcePolicy({ exemptions: [exemption] });
}

function seedOf(createdAt: string): AccountSeed {
  const users = [{ name: 'bob', accessKeys: [{ id: key, createdAt }] }];
  return accountWith(users);
}

async function open(createdAt = '2026-09-15T00:00:00Z'): Promise<SweepWorld> {
  return openSweepWorld({ seed: seedOf(createdAt) });
}

async function nightsUntil(world: SweepWorld, policy: Policy, isThere: () => Promise<boolean>): Promise<void> {
  for (let night = 0; night < 60; night++) {
    if (await isThere()) return;
    await world.sweep(policy);
    world.pass(1, []);
  }
  throw new Error('it never came to that');
}

const isDeactivated = (world: SweepWorld) => async () => (await world.entry(key))?.stage === 'deactivated';

/** The night on which the key is going to be changed. */
const isDue = (world: SweepWorld, change: 'deactivation' | 'deletion') => async () => {
  const entry = await world.entry(key);
  const now = world.sandbox.clock.now();
  if (change === 'deactivation') {
    const { warning } = entry ?? {};
    return entry?.stage === 'warned' && warning?.finalNoticeAt !== undefined && warning.deactivateAt <= now;
  }
  const { deactivation } = entry ?? {};
  return deactivation?.finalNoticeAt !== undefined && deactivation.deleteAt <= now;
};

const moves: readonly [string, Match, (world: SweepWorld) => void][] = [
  [
    'moved under an exempt path',
    { path: '/break-glass/*' },
    ({ sandbox }) => sandbox.account.updateUser('bob', { path: '/break-glass/' }),
  ],
  [
    'moved to an exempt ARN',
    { arn: `arn:aws:iam::${account}:user/break-glass/*` },
    ({ sandbox }) => sandbox.account.updateUser('bob', { path: '/break-glass/' }),
  ],
  [
    'tagged as exempt',
    { tag: { keysweep: 'exempt' } },
    ({ sandbox }) => sandbox.account.tagUser('bob', { KeySweep: 'exempt' }),
  ],
  [
    'given an exempt name',
    { user: 'break-glass-*' },
    ({ sandbox }) => sandbox.account.updateUser('bob', { name: 'break-glass-bob' }),
  ],
];

describe.each(moves)('a user who is %s', (_, match, move) => {
  const policy = exempting(match);

  it.each(['2026-09-15T00:00:00Z', '2026-10-24T00:00:00Z'])(
    'after the deactivation keeps the key (created %s)',
    async (createdAt) => {
      const world = await open(createdAt);
      await nightsUntil(world, policy, isDeactivated(world));
      move(world);
      const notified = world.notices.length;
      await world.nights(45, policy, []);
      // No one is notified of a deletion that will not come.
      const announced = notifiedIn(world.notices.slice(notified).map(({ body }) => body));
      expect(announced.filter((line) => /WILL BE DELETED|DELETED TONIGHT/.test(line))).toEqual([]);
      expect(await world.entry(key)).toMatchObject({ stage: 'deactivated' });
      expect(world.changes()).toEqual([`Inactive ${key}`]);
    },
  );

  it('in the warning period keeps it active', async () => {
    const world = await open();
    await world.nights(10, policy, []);
    move(world);
    await world.nights(20, policy, []);
    expect(world.changes()).toEqual([]);
    expect(await world.entry(key)).toMatchObject({ stage: 'compliant' });
  });

  describe.each(['deactivation', 'deletion'] as const)('on the night of the %s', (change) => {
    it.each([
      ['between the report and the sweep', 3 * HOUR],
      ['between the audit and the change', 0],
    ])('%s', async (when, later) => {
      const world = await open();
      await nightsUntil(world, policy, isDue(world, change));
      const before = world.changes();
      const snapshot = await world.auditNow(policy);
      world.sandbox.clock.advance(MINUTE);
      move(world);
      world.sandbox.clock.advance(later === 0 ? 50 * MINUTE : later);
      // Within four hours AWS gives the same report again.
      if (later === 0) await world.rotateBy(snapshot, policy);
      else await world.sweep(policy);
      expect(world.changes(), when).toEqual(before);
    });

    it('between two attempts', async () => {
      const world = await open();
      await nightsUntil(world, policy, isDue(world, change));
      const before = world.changes();
      const action = change === 'deletion' ? 'iam:DeleteAccessKey' : 'iam:UpdateAccessKey';
      world.sandbox.faults.add({ action, kind: 'throttle', count: 2 });
      const timing = manualTiming();
      const sleep = async (ms: number) => {
        await timing.sleep(ms);
        if (timing.sleeps.length === 1) move(world);
      };
      await world.sweep(policy, { timing: { ...timing, sleep } });
      expect(timing.sleeps.length).toBeGreaterThan(0);
      expect(world.changes()).toEqual(before);
    });
  });
});

it('an override goes by the tags at the moment of the change', async () => {
  const world = await open();
  const policy = enforcePolicy({
    overrides: [{ match: { tag: { kind: 'machine' } }, accessKeys: { neverUsedGrace: 900 * DAY, maxAge: 900 * DAY } }],
  });
  await nightsUntil(world, policy, isDue(world, 'deactivation'));
  const snapshot = await world.auditNow(policy);
  world.sandbox.account.tagUser('bob', { kind: 'machine' });
  const result = await world.rotateBy(snapshot, policy);
  expect(actionsOf(result)).toEqual([`deactivate ${key} skipped`]);
  expect(world.changes()).toEqual([]);
});

describe('where the user cannot be read', () => {
  it.each([
    [exempting({ path: '/break-glass/*' }), 'failed'],
    // Nothing that the policy says goes by the user.
    [enforcePolicy(), 'applied'],
  ] as const)('a change happens only if nothing hangs on it (%#)', async (policy, outcome) => {
    const world = await open();
    await nightsUntil(world, policy, isDue(world, 'deactivation'));
    world.sandbox.faults.add({ action: 'iam:GetUser', kind: 'denied' });
    const result = await world.sweep(policy);
    expect(actionsOf(result)).toEqual([`deactivate ${key} ${outcome}`]);
    expect(result.outcome).toBe(outcome === 'failed' ? 'partial' : 'complete');
    if (outcome === 'failed') expect(result.actions[0]?.detail).toContain('iam:GetUser');
  });
});

it('a user of the same name with another id is someone else', async () => {
  const world = await open();
  const policy = exempting({ path: '/break-glass/*' });
  await nightsUntil(world, policy, isDue(world, 'deletion'));
  const { source } = world;
  const user: typeof source.user = async (name) => {
    const read = await source.user(name);
    return read.ok ? { ok: true, value: { ...read.value, userId: 'AIDASOMEBODYELSEAAAA' } } : read;
  };
  const result = await world.sweep(policy, { source: { ...source, user } });
  expect(actionsOf(result)).toEqual([`delete ${key} failed`]);
  expect(result.actions[0]?.detail).toContain('AIDASOMEBODYELSEAAAA');
  expect(world.changes()).toEqual([`Inactive ${key}`]);
});
