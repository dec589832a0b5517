/** A change that AWS forbids: it neither starves the others nor cries wolf. */
import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import type { NoticeData } from '../../core/notice.ts';
import type { AccountSeed } from '../../sandbox/index.ts';
import {
  account,
  enforcePolicy,
  fewKeys,
  firstNight,
  openSweepWorld,
  type SweepWorld,
  staleKey,
  unusedKey,
} from '../support/sweep-world.ts';

const keyOf = (n: number) => `AKIADENIED${'QRSTUVWX'[n]}AAAAAAAAA`;

/** So many users with a key that was used once, long ago; the first ones are privileged, and so come first. */
function stale(count: number, privileged: number): AccountSeed {
  const users = Array.from({ length: count }, (_, n) => ({
    name: `user${n}`,
    ...(n < privileged ? { attachedPolicies: ['AdministratorAccess'] } : {}),
    accessKeys: [{ id: keyOf(n), createdAt: '2026-09-01T00:00:00Z', lastUsed: { at: '2026-09-02T10:00:00Z' } }],
  }));
  return { ...fewKeys, id: account, now: firstNight.toISOString(), users };
}

const one = enforcePolicy({
  limits: { maxDeactivations: { count: 1 }, maxDeletions: { count: 1 }, maxReportAge: DAY },
});

const scp = (action: string, user?: string) =>
  ({
    action,
    ...(user === undefined ? {} : { user }),
    kind: 'error',
    code: 'AccessDenied',
    status: 403,
    message: `User: arn:aws:sts::111122223333:assumed-role/keysweep/rotator is not authorized to perform: ${action} with an explicit deny in a service control policy`,
  }) as const;

interface Night {
  readonly night: number;
  readonly items: readonly NoticeData['items'][number][];
  readonly attempts: number;
  readonly holds: readonly string[];
}

/** Nights, with what each one said of a key, and how often IAM was asked to change it. */
async function sweepNights(world: SweepWorld, policy: typeof one, count: number, id: string, action: string) {
  const nights: Night[] = [];
  for (let night = 0; night < count; night++) {
    const before = world.notices.length;
    const asked = () => world.source.requests()[action] ?? 0;
    const attemptsBefore = asked();
    const result = await world.sweep(policy);
    const items = world.notices.slice(before).flatMap(({ data }) => data.items);
    nights.push({
      night,
      items: items.filter(({ credential, notice }) => credential?.id === id && notice !== undefined),
      attempts: asked() - attemptsBefore,
      holds: result.skipped.flatMap(({ skipReason, credential }) => (credential.id === id ? [skipReason] : [])),
    });
    world.pass(1, []);
  }
  return nights;
}

describe('a service control policy denies a read that must come before the change', () => {
  const byPath = { match: { path: '/sealed/' }, rules: '*', reason: 'r', owner: 'o', expires: '2027-06-30' } as const;
  const policy = { ...one, exemptions: [byPath] };

  it('of privileged users: the others are deactivated one a night', async () => {
    const world = await openSweepWorld({ seed: stale(4, 2) });
    for (const user of ['user0', 'user1']) world.sandbox.faults.add(scp('iam:GetUser', user));
    await world.nights(20, policy, []);
    expect(world.changes()).toEqual([2, 3].map((n) => `Inactive ${keyOf(n)}`));
  });

  it.each([
    ['iam:GetUser', '2026-09-02T10:00:00Z', '2026-09-01T00:00:00Z'],
    // Too old and no longer in use: nothing of the audit hangs on its last use.
    ['iam:GetAccessKeyLastUsed', '2026-10-10T10:00:00Z', '2026-01-01T00:00:00Z'],
  ])('%s: people are notified once, and then at most weekly', async (action, at, createdAt) => {
    const users = [{ name: 'user0', accessKeys: [{ id: keyOf(0), createdAt, lastUsed: { at } }] }];
    const world = await openSweepWorld({ seed: { ...stale(0, 0), users } });
    const longIdle = enforcePolicy({ exemptions: [byPath] }, { maxIdle: 400 * DAY });
    const by = action === 'iam:GetUser' ? policy : longIdle;
    world.sandbox.faults.add(scp(action, 'user0'));
    const nights = await sweepNights(world, by, 40, keyOf(0), action);
    const first = nights.findIndex(({ items }) => items.some(({ notice }) => notice === 'deactivated'));
    expect(nights[first]?.items.map(({ notice }) => notice)).toEqual(['deactivated', 'blocked']);
    expect(nights[first]?.items.at(-1)?.why).toContain(action);
    const after = nights.slice(first + 1);
    expect(new Set(after.flatMap(({ items }) => items.map(({ notice }) => notice)))).toEqual(new Set(['final-notice']));
    expect(after.filter(({ items }) => items.length > 0).length).toBeLessThanOrEqual(4);
    expect(after.filter(({ holds }) => holds.includes('blocked')).length).toBeGreaterThan(15);
    expect(world.changes()).toEqual([]);
  });

  it('once it is allowed, the change follows a new final notice', async () => {
    const world = await openSweepWorld({ seed: stale(1, 0) });
    const fault = world.sandbox.faults.add(scp('iam:GetUser', 'user0'));
    await world.nights(18, policy, []);
    fault.remove();
    const nights = await sweepNights(world, policy, 8, keyOf(0), 'iam:UpdateAccessKey');
    expect(nights.flatMap(({ items }) => items.map(({ notice }) => notice))).toEqual(['final-notice', 'deactivated']);
    expect(world.changes()).toEqual([`Inactive ${keyOf(0)}`]);
  });
});

describe('a service control policy denies the deactivation', () => {
  it('of privileged users: the others are deactivated one a night, although the denied ones come first', async () => {
    const world = await openSweepWorld({ seed: stale(6, 2) });
    for (const user of ['user0', 'user1']) world.sandbox.faults.add(scp('iam:UpdateAccessKey', user));
    await world.nights(24, one, []);
    expect(world.changes()).toEqual([2, 3, 4, 5].map((n) => `Inactive ${keyOf(n)}`));
  });

  it('people are notified once, then at most weekly, and never again that it is done', async () => {
    const world = await openSweepWorld({ seed: stale(1, 0) });
    world.sandbox.faults.add(scp('iam:UpdateAccessKey', 'user0'));
    const nights = await sweepNights(world, one, 50, keyOf(0), 'iam:UpdateAccessKey');
    const denied = nights.findIndex(({ attempts }) => attempts > 0);
    expect(nights[denied]?.items.map(({ notice }) => notice)).toEqual(['deactivated', 'blocked']);
    const after = nights.slice(denied + 1);
    expect(new Set(after.flatMap(({ items }) => items.map(({ notice }) => notice)))).toEqual(new Set(['final-notice']));
    const named = after.filter(({ items }) => items.length > 0).map(({ night }) => night);
    const attempted = nights.filter(({ attempts }) => attempts > 0).map(({ night }) => night);
    for (const list of [named, attempted]) {
      expect(list.length).toBeGreaterThan(2);
      for (const [at, night] of list.entries()) expect(night - (list[at - 1] ?? -7)).toBeGreaterThanOrEqual(7);
    }
    // Each attempt has a final notice of its own in the week before.
    for (const night of attempted.slice(1))
      expect(named.some((notified) => notified < night && night - notified <= 2)).toBe(true);
    expect(after.filter(({ items, attempts }) => items.length + attempts === 0).map(({ holds }) => holds)).toEqual(
      after.filter(({ items, attempts }) => items.length + attempts === 0).map(() => ['blocked']),
    );
    const entry = await world.entry(keyOf(0));
    expect(entry?.blocked).toMatchObject({ action: 'deactivate', why: expect.stringContaining('UpdateAccessKey') });
    expect(entry?.blocked?.since.getTime()).toBeLessThan(entry?.blocked?.lastAttemptAt.getTime() ?? 0);
    expect(world.notices[0]).toBeDefined();
    const correction = world.notices.find(({ kind }) => kind === 'correction');
    expect(correction?.subject).toContain('1 key denied by AWS');
    expect(correction?.body).toContain('DENIED BY AWS, NOT DONE (1 access key)');
  });

  it('once it is allowed, the next attempt succeeds, and people are notified', async () => {
    const world = await openSweepWorld({ seed: stale(1, 0) });
    const fault = world.sandbox.faults.add(scp('iam:UpdateAccessKey', 'user0'));
    await world.nights(18, one, []);
    expect(world.changes()).toEqual([]);
    world.sandbox.faults.clear();
    expect(fault).toBeDefined();
    const nights = await sweepNights(world, one, 10, keyOf(0), 'iam:UpdateAccessKey');
    expect(world.changes()).toEqual([`Inactive ${keyOf(0)}`]);
    expect(nights.flatMap(({ items }) => items.map(({ notice, by }) => `${notice} ${by}`))).toEqual([
      'final-notice undefined',
      'deactivated keysweep',
    ]);
    expect((await world.entry(keyOf(0)))?.blocked).toBeUndefined();
  });

  it('of all users: each is tried once, and then once a week', async () => {
    const world = await openSweepWorld();
    world.sandbox.faults.add(scp('iam:UpdateAccessKey'));
    const subjects: string[] = [];
    for (let night = 0; night < 26; night++) {
      const before = world.notices.length;
      await world.sweep(enforcePolicy());
      subjects.push(...world.notices.slice(before).map(({ subject }) => subject));
      world.pass(1);
    }
    expect(
      subjects.filter((subject) => subject.includes('deactivated,') || /\d deactivated /.test(subject)),
    ).toHaveLength(1);
    expect(subjects.filter((subject) => subject.includes('Correction'))).toHaveLength(1);
    for (const id of [staleKey, unusedKey]) expect((await world.entry(id))?.stage).toBe('warned');
  });
});

it('a deletion that is denied is announced once', async () => {
  const world = await openSweepWorld({ seed: stale(1, 0) });
  world.sandbox.faults.add(scp('iam:DeleteAccessKey', 'user0'));
  const nights = await sweepNights(world, one, 90, keyOf(0), 'iam:DeleteAccessKey');
  const notices = nights.flatMap(({ items }) => items.map(({ notice }) => notice));
  expect(notices.filter((notice) => notice === 'deleted')).toHaveLength(1);
  expect(notices.filter((notice) => notice === 'blocked')).toHaveLength(1);
  const attempted = nights.filter(({ attempts }) => attempts > 0).map(({ night }) => night);
  expect(attempted.length).toBeGreaterThan(2);
  for (const [at, night] of attempted.entries()) expect(night - (attempted[at - 1] ?? -7)).toBeGreaterThanOrEqual(7);
});

it('throttling is no denial: the next night tries again', async () => {
  const world = await openSweepWorld({ seed: stale(1, 0) });
  await world.nights(14, one, []);
  world.sandbox.faults.add({ action: 'iam:UpdateAccessKey', kind: 'throttle', count: 50 });
  await world.sweep(one);
  expect(world.changes()).toEqual([]);
  expect((await world.entry(keyOf(0)))?.blocked).toBeUndefined();
  world.sandbox.faults.clear();
  world.pass(1, []);
  await world.sweep(one);
  expect(world.changes()).toEqual([`Inactive ${keyOf(0)}`]);
});
