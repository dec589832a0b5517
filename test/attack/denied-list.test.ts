/** Lists that are denied, and users who are no longer there: what could not be judged is said, and never taken for nothing. */
import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import { sweepMetrics } from '../../core/metrics.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { FaultEffect } from '../../sandbox/index.ts';
import { account, actionsOf, enforcePolicy, firstNight, openSweepWorld, unusedKey } from '../support/sweep-world.ts';

const noCost = { requests: {}, throttles: 0, duration: 0 };
const key = 'AKIAKEYONEAAAAAAAAAA';
const oneKey = {
  id: account,
  now: firstNight.toISOString(),
  users: [{ name: 'bob', accessKeys: [{ id: key, createdAt: '2026-09-15T00:00:00Z' }] }],
};

const effects: [string, FaultEffect, string][] = [
  ['denied', { kind: 'denied' }, 'the caller lacks iam:ListAccessKeys'],
  ['throttled', { kind: 'throttle' }, 'Rate exceeded'],
  ['garbage', { kind: 'garbage' }, 'unexpected answer'],
];

describe.each(effects)('ListAccessKeys %s', (_, effect, why) => {
  it.each<Policy['mode']>(['enforce', 'warn', 'audit'])(
    'mode %s: the user and slot are left unknown, the sweep is partial',
    async (mode) => {
      const world = await openSweepWorld({ seed: oneKey, connect: { maxAttempts: 1 } });
      world.sandbox.faults.add({ action: 'iam:ListAccessKeys', ...effect });
      for (const enforce of [false, true]) {
        const result = await world.sweep(enforcePolicy({ mode }), {}, { enforce });
        expect(result).toMatchObject({ outcome: 'partial', actions: [] });
        expect(result.skipped).toEqual([
          {
            skipReason: 'unknown',
            principal: expect.objectContaining({ kind: 'user', name: 'bob' }),
            credential: { kind: 'access-key', slot: 1 },
            why: expect.stringContaining(why),
          },
        ]);
        const metrics = sweepMetrics(result, [], noCost);
        expect(metrics).toContainEqual({ name: 'UnjudgedKeys', unit: 'Count', value: 1 });
        expect(metrics).toContainEqual({ name: 'PartialRuns', unit: 'Count', value: 1 });
      }
    },
  );
});

it('a key that the ledger knows is named by its id, and once', async () => {
  const world = await openSweepWorld({ seed: oneKey });
  await world.nights(3, enforcePolicy(), []);
  world.sandbox.faults.add({ action: 'iam:ListAccessKeys', kind: 'denied' });
  const result = await world.sweep(enforcePolicy());
  expect(result.outcome).toBe('partial');
  expect(result.skipped).toMatchObject([{ skipReason: 'unknown', credential: { id: key } }]);
});

it('the list denied for one user: the digest about the others names who could not be judged', async () => {
  const world = await openSweepWorld();
  world.sandbox.faults.add({ action: 'iam:ListAccessKeys', user: 'bob', kind: 'denied' });
  const result = await world.sweep(enforcePolicy());
  expect(result.outcome).toBe('partial');
  const [digest] = world.notices;
  expect(digest?.body).toContain('COULD NOT BE JUDGED, SO NOT CHANGED (1 access key)\n   access key 1 of bob: ');
  expect(digest?.data.groups).toContainEqual(expect.objectContaining({ id: 'unjudged', count: 1 }));
  expect(digest?.data.items.at(-1)).toMatchObject({
    group: 'unjudged',
    credential: { slot: 1 },
    principal: { name: 'bob' },
  });
});

it('more keys than the report shows, and no list: the user is unknown', async () => {
  const eve = {
    name: 'eve',
    additionalCredentialsInfo: 'access_keys: 3',
    accessKeys: [{ id: key, createdAt: '2026-10-31T00:00:00Z' }],
  };
  const world = await openSweepWorld({
    seed: { ...oneKey, users: [eve] },
    sandbox: { report: { additionalCredentialsInfo: true } },
  });
  world.sandbox.faults.add({ action: 'iam:ListAccessKeys', kind: 'denied' });
  const result = await world.sweep(enforcePolicy());
  expect(result.outcome).toBe('partial');
  expect(result.skipped).toMatchObject([
    { skipReason: 'unknown', principal: { name: 'eve' }, credential: { kind: 'access-key' } },
  ]);
});

it('a rule that could not judge is said beside what the others lead to', async () => {
  const elder = { id: key, createdAt: '2025-09-01T00:00:00Z', lastUsed: { at: '2026-01-06T10:00:00Z' } };
  const world = await openSweepWorld({ seed: { ...oneKey, users: [{ name: 'bob', accessKeys: [elder] }] } });
  world.sandbox.faults.add({ action: 'iam:GetAccessKeyLastUsed', kind: 'denied' });
  for (const policy of [enforcePolicy(), enforcePolicy({ mode: 'audit' })]) {
    const { outcome, actions, skipped } = await world.sweep(policy);
    expect(outcome).toBe('partial');
    expect([...actions, ...skipped]).toEqual([
      expect.objectContaining({ unjudged: expect.stringContaining('not confirmed') }),
    ]);
  }
});

describe('tags that cannot be read', () => {
  const deny = async (policy: Policy) => {
    const world = await openSweepWorld();
    world.sandbox.faults.add({ action: 'iam:ListUserTags', user: 'bob', kind: 'denied' });
    world.sandbox.faults.add({ action: 'iam:GetAccountAuthorizationDetails', kind: 'denied' });
    return world.sweep(policy);
  };

  it('leave the key unknown where an exemption hangs on them', async () => {
    const exemption = {
      match: { tag: { keep: 'yes' } },
      rules: '*',
      reason: 'r',
      owner: 'o',
      expires: '2027-06-30',
    } as const;
    const { outcome, skipped } = await deny(enforcePolicy({ exemptions: [exemption] }));
    expect(outcome).toBe('partial');
    expect(skipped.find(({ principal }) => principal.name === 'bob')).toMatchObject({
      skipReason: 'unknown',
      credential: { id: unusedKey },
    });
  });

  it('matter to nothing where no match uses tags', async () => {
    const result = await deny(enforcePolicy());
    expect(result.outcome).toBe('complete');
    expect(actionsOf(result)).toContain(`warn first-notice ${unusedKey} applied`);
  });
});

describe('users who are no longer there', () => {
  const openWithMissing = async (policy: Policy) => {
    const world = await openSweepWorld();
    await world.auditNow(policy);
    world.sandbox.clock.advance(DAY / 24);
    world.sandbox.account.deleteUser('bob');
    return world;
  };

  it('are counted and named by audit, plan, sweep and digest, and make no run partial', async () => {
    const policy = enforcePolicy();
    const world = await openWithMissing(policy);
    const { audit, users } = await world.auditNow(policy);
    expect(audit.missingUsers).toEqual(['bob']);
    expect(users.map(({ principal }) => principal.name)).not.toContain('bob');
    for (const enforce of [false, true]) {
      expect(await world.sweep(policy, {}, { enforce })).toMatchObject({ outcome: 'complete', missingUsers: ['bob'] });
    }
    const said = '1 user in the credential report no longer exists in IAM under this name: bob.';
    expect(world.notices[0]?.data.notes).toEqual([said]);
    expect(world.notices[0]?.body.replace(/\n/g, ' ')).toContain(said);
  });

  it('are found by their tags as well', async () => {
    const policy = enforcePolicy({
      overrides: [{ match: { tag: { kind: 'machine' } }, accessKeys: { maxIdle: 60 * DAY } }],
    });
    const world = await openWithMissing(policy);
    expect((await world.auditNow(policy)).audit.missingUsers).toEqual(['bob']);
  });
});
