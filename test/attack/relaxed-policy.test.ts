/** A relaxed policy always wins for what is under way, and people are notified once why nothing happens. */
import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import type { CredentialThresholds } from '../../core/kinds/kind.ts';
import type { Exemption, Policy } from '../../core/policy/policy.ts';
import type { AccountSeed, UserSeed } from '../../sandbox/state/seed.ts';
import { notifierTo } from '../support/listeners.ts';
import { accountWith, actionsOf, enforcePolicy, openSweepWorld } from '../support/sweep-world.ts';

const key = 'AKIAKEYONEAAAAAAAAAA';

function seedOf(user: Partial<UserSeed>): AccountSeed {
  return accountWith([{ name: 'bob', ...user }]);
}

/** Never used, and younger than maxIdle and maxAge. */
const neverUsed = seedOf({ accessKeys: [{ id: key, createdAt: '2026-10-24T00:00:00Z' }] });
/** Idle for 150 days, and too old. */
const idle = seedOf({
  accessKeys: [{ id: key, createdAt: '2026-01-01T00:00:00Z', lastUsed: { at: '2026-06-05T00:00:00Z' } }],
});
/** Too old; when it is deactivated its last use is 28 days ago. */
const usedLately = seedOf({
  accessKeys: [{ id: key, createdAt: '2025-01-01T00:00:00Z', lastUsed: { at: '2026-10-25T00:00:00Z' } }],
});
const inUse = seedOf({
  accessKeys: [{ id: key, createdAt: '2025-01-01T00:00:00Z', lastUsed: { at: '2026-11-02T00:00:00Z' } }],
});

const strict = enforcePolicy();
const off = (...rules: (keyof Policy['rules'])[]): Partial<Policy> => ({
  rules: Object.fromEntries(rules.map((rule) => [rule, { enabled: false }])),
});
const exemption = (fields: Partial<Exemption> = {}): Exemption => ({
  match: { user: 'bob' },
  rules: '*',
  reason: 'sealed',
  owner: 'security@example.com',
  expires: '2030-01-01',
  ...fields,
});

async function openWorld(seed: AccountSeed) {
  const world = await openSweepWorld({ seed });
  /** What happened to the key on which night from now on: `3 warn deferred`. */
  async function live(nights: number, policy: Policy, used: readonly string[] = []): Promise<readonly string[]> {
    const steps: string[] = [];
    for (let night = 0; night < nights; night++) {
      const result = await world.sweep(policy);
      steps.push(...actionsOf(result).map((action) => `${night} ${action.replace(` ${key}`, '')}`));
      world.pass(1, used);
    }
    return steps;
  }
  async function until(stage: string, policy: Policy, used: readonly string[] = []): Promise<void> {
    for (let night = 0; night < 40 && (await world.entry(key))?.stage !== stage; night++) await live(1, policy, used);
    expect((await world.entry(key))?.stage).toBe(stage);
    world.notices.length = 0;
  }
  const notified = () =>
    world.notices.flatMap(({ data }) => data.items.map(({ notice, when }) => `${notice}: ${when}`));
  return { ...world, live, until, notified };
}

const stays = 'deferred: stays inactive, and is not deleted while the policy stays as it is';

describe('a key that is deactivated', () => {
  it.each<[string, AccountSeed, Policy]>([
    ['the rule is off', neverUsed, enforcePolicy(off('access-key-never-used'))],
    ['every rule that condemned it is off', idle, enforcePolicy(off('access-key-unused', 'access-key-too-old'))],
    ['it is exempt', neverUsed, enforcePolicy({ exemptions: [exemption()] })],
    [
      'it is exempt from the rule',
      neverUsed,
      enforcePolicy({ exemptions: [exemption({ rules: ['access-key-never-used'] })] }),
    ],
    [
      'it may lie idle: its age alone is no reason either',
      idle,
      enforcePolicy({ exemptions: [exemption({ rules: ['access-key-unused'] })] }),
    ],
  ])('stays as long as %s, and people are notified once', async (_, seed, relaxed) => {
    const { until, live, notified, changes } = await openWorld(seed);
    await until('deactivated', strict);
    expect(await live(60, relaxed)).toEqual(['0 warn deferred applied']);
    expect(notified()).toEqual([stays]);
    expect(changes()).toEqual([`Inactive ${key}`]);
    // The policy is strict again: a final notice must be sent first.
    expect(await live(3, strict)).toEqual(['0 warn final-notice applied', '1 delete applied']);
  });

  it('is changed later where one of two reasons is off, and the limit of the other longer', async () => {
    const { until, live } = await openWorld(idle);
    await until('deactivated', strict);
    const relaxed = enforcePolicy(off('access-key-too-old'), { maxIdle: 400 * DAY });
    expect(await live(60, relaxed)).toEqual(['0 warn deferred applied']);
  });

  it('is deleted where one of two reasons is left', async () => {
    const { until, live } = await openWorld(idle);
    await until('deactivated', strict);
    expect(await live(31, enforcePolicy(off('access-key-too-old')))).toContain('29 delete applied');
  });

  it.each<[string, Partial<CredentialThresholds>, Policy | undefined]>([
    ['neverUsedGrace is longer', { neverUsedGrace: 90 * DAY }, undefined],
    [
      'an override matches now',
      {},
      enforcePolicy({ overrides: [{ match: { user: 'bob' }, accessKeys: { neverUsedGrace: 90 * DAY } }] }),
    ],
    ['deleteAfter is longer', { deleteAfter: 75 * DAY }, undefined],
  ])('is changed later where %s, and people are notified once', async (_, limits, policy) => {
    const { until, live, notified, changes, sandbox } = await openWorld(neverUsed);
    await until('deactivated', strict);
    const steps = await live(100, policy ?? enforcePolicy({}, limits));
    expect(steps.map((step) => step.replace(/^\d+ /, ''))).toEqual([
      'warn deferred applied',
      'warn final-notice applied',
      'delete applied',
    ]);
    expect(notified()[0]).toMatch(/^deferred: deleted on \w{3} 2027-0[12]-\d\d .* or later, after a final notice$/);
    expect(changes()).toHaveLength(2);
    const [deletedAt] = sandbox.writes.slice(-1).map(({ at }) => new Date(at).toISOString().slice(0, 10));
    expect(notified()[0]).toContain(deletedAt);
  });

  it('which went although it was in use stays where deactivateInUse is off by now', async () => {
    const { until, live, notified } = await openWorld(inUse);
    await until('deactivated', enforcePolicy({}, { deactivateInUse: true }), [key]);
    expect(await live(60, strict)).toEqual(['0 warn deferred applied']);
    expect(notified()).toEqual([stays]);
  });

  it('which was due for its age while no one used it is changed later where inUseWindow is longer by now', async () => {
    const { until, live, notified } = await openWorld(usedLately);
    await until('deactivated', strict);
    expect(await live(60, enforcePolicy({}, { inUseWindow: 75 * DAY }))).toEqual([
      '0 warn deferred applied',
      '45 warn final-notice applied',
      '46 delete applied',
    ]);
    expect(notified()[0]).toMatch(/^deferred: deleted on \w{3} 2027-01-08 /);
  });

  it('a notice that no one got is given again', async () => {
    const world = await openWorld(neverUsed);
    await world.until('deactivated', strict);
    const relaxed = enforcePolicy(off('access-key-never-used'));
    const notifier = notifierTo(() => Promise.reject(new Error('the topic is missing')));
    await world.sweep(relaxed, { notifier });
    world.pass(1, []);
    expect(await world.live(5, relaxed)).toEqual(['0 warn deferred applied']);
  });

  it('a stricter policy shortens no promise', async () => {
    const { until, live } = await openWorld(neverUsed);
    await until('deactivated', strict);
    await live(1, enforcePolicy({}, { deleteAfter: 60 * DAY }));
    const steps = await live(70, enforcePolicy({}, { deleteAfter: 5 * DAY }));
    expect(steps).toEqual(['57 warn final-notice applied', '58 delete applied']);
  });
});

describe('a key that is warned', () => {
  it('has the longer warning period, and its owner is notified of the new date', async () => {
    const { live, notified, notices } = await openWorld(idle);
    await live(2, strict);
    notices.length = 0;
    const longer = enforcePolicy({}, { warn: [60 * DAY, 7 * DAY, DAY] });
    const steps = await live(60, longer);
    expect(steps).toEqual([
      '0 warn deferred applied',
      '51 warn reminder applied',
      '57 warn final-notice applied',
      '58 deactivate applied',
    ]);
    expect(notified()[0]).toMatch(/^deferred: deactivated on \w{3} 2027-01-01 .* or later, after a final notice$/);
  });

  it('keeps the longer period where it was promised', async () => {
    const { live } = await openWorld(idle);
    await live(1, strict);
    await live(1, enforcePolicy({}, { warn: [60 * DAY, 7 * DAY, DAY] }));
    expect(await live(40, strict)).toEqual([]);
  });

  it('is reported as staying active where deactivateInUse is off by now', async () => {
    const { live } = await openWorld(inUse);
    await live(2, enforcePolicy({}, { deactivateInUse: true }), [key]);
    expect(await live(20, strict, [key])).toEqual(['0 warn reminder applied', '14 warn reminder applied']);
  });

  it.each<[string, Policy]>([
    ['its rules are off', enforcePolicy(off('access-key-unused', 'access-key-too-old'))],
    ['limits are longer', enforcePolicy({}, { maxIdle: 400 * DAY, maxAge: 900 * DAY })],
    [
      'an override matches',
      enforcePolicy({ overrides: [{ match: { user: 'b*' }, accessKeys: { maxIdle: 400 * DAY, maxAge: 900 * DAY } }] }),
    ],
    ['it is exempt', enforcePolicy({ exemptions: [exemption()] })],
  ])('is let go where %s', async (_, relaxed) => {
    const { live, notified, notices } = await openWorld(idle);
    await live(2, strict);
    notices.length = 0;
    expect(await live(30, relaxed)).toEqual(['0 resolve applied']);
    expect(notified()).toEqual(['resolved: undefined']);
  });

  it('is warned again where another rule applies than the one that people were notified of', async () => {
    const { live } = await openWorld(idle);
    await live(13, enforcePolicy(off('access-key-too-old')));
    expect(await live(16, enforcePolicy(off('access-key-unused')))).toEqual([
      '0 warn first-notice applied',
      '7 warn reminder applied',
      '13 warn final-notice applied',
      '14 deactivate applied',
    ]);
  });

  it('is not changed where the mode is lowered', async () => {
    const { live, changes } = await openWorld(idle);
    await live(13, strict);
    await live(30, enforcePolicy({ mode: 'warn' }));
    await live(30, enforcePolicy({ mode: 'audit' }));
    expect(changes()).toEqual([]);
    expect(await live(2, strict)).toEqual(['0 warn final-notice applied', '1 deactivate applied']);
  });
});
