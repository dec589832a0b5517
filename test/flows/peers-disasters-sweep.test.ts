/**
 * What other tools do to keys that they must not touch, each as a case that must come out right: nights of audit and
 * a sweep in mode enforce, through the real clients. What an audit says of such accounts: peers-disasters.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../core/duration.ts';
import type { SweepResult } from '../../core/lifecycle/sweep-result.ts';
import type { AccessKeySeed, AccountSeed } from '../../sandbox/index.ts';
import {
  account,
  actionsOf,
  busyKey,
  enforcePolicy,
  firstNight,
  openSweepWorld,
  type SweepWorld,
  staleKey,
  unusedKey,
} from '../support/sweep-world.ts';

const policy = enforcePolicy();
const createdLongAgo = '2025-06-01T00:00:00Z';
const usedLongAgo = { at: '2026-03-01T10:00:00Z' };

const daysBefore = (days: number) => new Date(firstNight.getTime() - days * DAY).toISOString();

function accountOf(...users: readonly (readonly [name: string, ...keys: AccessKeySeed[]])[]): AccountSeed {
  return {
    id: account,
    alias: 'acme',
    now: firstNight.toISOString(),
    users: users.map(([name, ...accessKeys]) => ({ name, accessKeys, tags: { owner: `${name}@example.com` } })),
  };
}

/** A sweep, then so many days, in which these keys are used. */
async function sweepAndPass(world: SweepWorld, days: number, inUse: readonly string[] = []): Promise<SweepResult> {
  const result = await world.sweep(policy);
  world.pass(days, inUse);
  return result;
}

/** First notice and final notice; the next sweep is the one that deactivates. */
async function warnAll(world: SweepWorld, inUse: readonly string[] = []): Promise<void> {
  for (const days of [13, 1]) await sweepAndPass(world, days, inUse);
}

const statusOf = (world: SweepWorld, id: string) => world.sandbox.account.findAccessKey(id)?.key.status;

/** Ids of the keys that any message names. */
function keysNotified({ notices }: SweepWorld): readonly (string | undefined)[] {
  return [...new Set(notices.flatMap(({ data }) => data.items.map(({ credential }) => credential?.id)))].toSorted();
}

/** Its owner is asked to rotate it, and is never notified that it will be deactivated. */
function expectRotateOnly({ notices }: SweepWorld, id: string): void {
  const items = notices.flatMap(({ data }) => data.items).filter(({ credential }) => credential?.id === id);
  expect(items.length).toBeGreaterThan(0);
  expect(items.map(({ about, dueAt }) => ({ about, dueAt }))).toEqual(
    items.map(() => ({ about: 'rotate', dueAt: undefined })),
  );
}

describe('Cloud Custodian', () => {
  it('disabled both of two keys created in the same second: only the stale one is deactivated', async () => {
    const world = await openSweepWorld();
    await warnAll(world, [busyKey]);
    await sweepAndPass(world, 29, [busyKey]);
    await sweepAndPass(world, 1, [busyKey]);
    await sweepAndPass(world, 1, [busyKey]);
    const ofAlice = world.changes().filter((change) => change.endsWith(staleKey) || change.endsWith(busyKey));
    expect(ofAlice).toEqual([`Inactive ${staleKey}`, `deleted ${staleKey}`]);
    expect(statusOf(world, busyKey)).toBe('Active');
    expect(await world.entry(busyKey)).not.toHaveProperty('deactivation');
    expectRotateOnly(world, busyKey);
  });

  it('skipped keys that were never used: they are warned about, deactivated and deleted in their turn', async () => {
    const id = 'AKIANEVERAAAAAAAAAAA';
    const world = await openSweepWorld({ seed: accountOf(['crm', { id, createdAt: createdLongAgo }]) });
    expect(actionsOf(await sweepAndPass(world, 13))).toEqual([`warn first-notice ${id} applied`]);
    expect(actionsOf(await sweepAndPass(world, 1))).toEqual([`warn final-notice ${id} applied`]);
    expect(world.changes()).toEqual([]);
    expect(actionsOf(await sweepAndPass(world, 29))).toEqual([`deactivate ${id} applied`]);
    expect(actionsOf(await sweepAndPass(world, 1))).toEqual([`warn final-notice ${id} applied`]);
    expect(actionsOf(await sweepAndPass(world, 1))).toEqual([`delete ${id} applied`]);
    expect(world.changes()).toEqual([`Inactive ${id}`, `deleted ${id}`]);
  });

  it.each([
    ['a minute before its grace ends', 7 - MINUTE / DAY, 0],
    ['as its grace ends', 7, 1],
  ])('a key that was never used is judged by its grace: %s', async (_, age, notices) => {
    const id = 'AKIAFRESHAAAAAAAAAAA';
    const world = await openSweepWorld({ seed: accountOf(['olga', { id, createdAt: daysBefore(age) }]) });
    const { outcome, actions } = await world.sweep(policy);
    expect({ outcome, actions: actions.length, notices: world.notices.length }).toEqual({
      outcome: 'complete',
      actions: notices,
      notices,
    });
    expect(world.changes()).toEqual([]);
  });

  it('disabled and deleted a 200-day-old key in one run, in use or not: one in use stays, however long', async () => {
    const id = 'AKIAPAYMENTSAAAAAAAA';
    const used = { id, createdAt: daysBefore(200), lastUsed: { at: daysBefore(0.1) } };
    const world = await openSweepWorld({ seed: accountOf(['payments', used]) });
    for (let month = 0; month < 6; month++) await sweepAndPass(world, 30, [id]);
    expect(world.changes()).toEqual([]);
    expect(statusOf(world, id)).toBe('Active');
    expectRotateOnly(world, id);
  });

  it('deleted a key in the run that disabled it: no night does both, even where all dates are past', async () => {
    const id = 'AKIAFORGOTTENAAAAAAA';
    const stale = { id, createdAt: createdLongAgo, lastUsed: usedLongAgo };
    const world = await openSweepWorld({ seed: accountOf(['batch', stale]) });
    const nights: (readonly string[])[] = [];
    for (const days of [200, 1, 200, 1, 1]) {
      const before = world.changes().length;
      await sweepAndPass(world, days);
      nights.push(world.changes().slice(before));
    }
    expect(nights).toEqual([[], [], [`Inactive ${id}`], [], [`deleted ${id}`]]);
  });

  describe('stopped at one AccessDenied, with 3 of 10 users done', () => {
    const ids = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J'].map((letter) => `AKIADENIED${letter}AAAAAAAAA`);
    const users = ids.map((id, at) => {
      const name = `user-${at + 1}`;
      return [name, { id, createdAt: createdLongAgo, lastUsed: usedLongAgo }] as const;
    });
    const [denied = '', deniedId = ''] = ['user-4', ids[3]];
    const others = ids.filter((id) => id !== deniedId);

    it.each(['iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed', 'iam:UpdateAccessKey'])(
      '%s: all others are dealt with, the sweep is partial and says whose key is not',
      async (action) => {
        const world = await openSweepWorld({ seed: accountOf(...users) });
        await warnAll(world);
        const fault = world.sandbox.faults.add({ action, user: denied, kind: 'denied' });
        const result = await sweepAndPass(world, 1);
        expect(result.outcome).toBe('partial');
        expect(world.changes().toSorted()).toEqual(others.map((id) => `Inactive ${id}`));
        expect(statusOf(world, deniedId)).toBe('Active');
        const failed = result.actions.filter(({ outcome }) => outcome === 'failed' || outcome === 'skipped');
        const open = [...failed, ...result.skipped.filter(({ skipReason }) => skipReason === 'unknown')];
        expect(open.map(({ principal, credential }) => `${principal.name} ${credential.id}`)).toEqual([
          `${denied} ${deniedId}`,
        ]);
        expect(JSON.stringify(open)).toContain('AccessDenied');
        fault.remove();
        // What AWS denied is tried again after a week, and after another final notice.
        const nights = action === 'iam:UpdateAccessKey' ? 9 : 1;
        for (let night = 0; night < nights; night++) await sweepAndPass(world, 1);
        expect(statusOf(world, deniedId)).toBe('Inactive');
        expect(world.changes()).toHaveLength(ids.length);
      },
    );
  });
});

describe('aws-iam-access-key-auto-rotation', () => {
  const options = { connect: { maxAttempts: 1 } };

  it('took a last use that was throttled for never used: it is said to be unjudged, and nothing is done', async () => {
    const world = await openSweepWorld(options);
    world.sandbox.faults.add({ action: 'iam:GetAccessKeyLastUsed', kind: 'throttle' });
    const { audit } = await world.auditNow(policy);
    const ofAlice = audit.findings.filter(({ principal }) => principal.name === 'alice');
    expect(ofAlice.map(({ rule, status }) => `${rule} ${status}`)).toContain('access-key-unused error');
    expect(ofAlice.filter(({ status, rule }) => status === 'fail' && rule === 'access-key-never-used')).toEqual([]);
    const result = await world.sweep(policy);
    expect(result.outcome).toBe('partial');
    const aboutAlice = result.actions.filter(({ principal }) => principal.name === 'alice');
    expect({ aboutAlice, changes: world.changes() }).toEqual({ aboutAlice: [], changes: [] });
    const aboutKeys = world.notices.flatMap(({ data }) =>
      data.items.filter(({ credential }) => credential?.id === busyKey || credential?.id === staleKey),
    );
    // Named as what could not be judged, and in no notice.
    expect(aboutKeys.map(({ group, notice }) => [group, notice])).toEqual(aboutKeys.map(() => ['unjudged', undefined]));
  });

  it('throttled just before the change: the key stays active, and is deactivated once its last use is known', async () => {
    const world = await openSweepWorld(options);
    await warnAll(world, [busyKey]);
    const fault = world.sandbox.faults.add({ action: 'iam:GetAccessKeyLastUsed', kind: 'throttle' });
    const throttled = await sweepAndPass(world, 1, [busyKey]);
    expect(throttled.outcome).toBe('partial');
    expect(world.changes()).toEqual([]);
    fault.remove();
    await sweepAndPass(world, 1, [busyKey]);
    expect(world.changes().toSorted()).toEqual([`Inactive ${staleKey}`, `Inactive ${unusedKey}`]);
  });

  it('deleted one of two old keys that were both used today: both stay', async () => {
    const keys = ['AKIABOTHONEAAAAAAAAA', 'AKIABOTHTWOAAAAAAAAA'];
    const used = keys.map((id, at) => ({ id, createdAt: daysBefore(300 + at), lastUsed: { at: daysBefore(0.1) } }));
    const world = await openSweepWorld({ seed: accountOf(['shop', ...used]) });
    for (let night = 0; night < 60; night += 5) await sweepAndPass(world, 5, keys);
    expect(world.changes()).toEqual([]);
    expect(keys.map((id) => statusOf(world, id))).toEqual(['Active', 'Active']);
  });

  describe('timed an inactive key from its creation', () => {
    const id = 'AKIAHANDAAAAAAAAAAAA';
    const seed = accountOf(['data', { id, createdAt: createdLongAgo, lastUsed: usedLongAgo }]);

    it('deactivated by a person yesterday, after a warning: deleted deleteAfter later, and after a final notice', async () => {
      const world = await openSweepWorld({ seed });
      await sweepAndPass(world, 4);
      world.sandbox.account.setAccessKeyStatus(id, 'Inactive');
      world.pass(1, []);
      const seenAt = world.sandbox.clock.now();
      expect(actionsOf(await sweepAndPass(world, 0))).toEqual([`observe deactivated ${id} applied`]);
      const { deactivation } = (await world.entry(id)) ?? {};
      expect(deactivation).toMatchObject({ by: 'person', at: seenAt, deleteAt: new Date(seenAt.getTime() + 30 * DAY) });
      world.pass(1, []);
      for (let night = 1; night < 29; night++) {
        expect(actionsOf(await sweepAndPass(world, 1))).toEqual([]);
      }
      expect(actionsOf(await sweepAndPass(world, 1))).toEqual([`warn final-notice ${id} applied`]);
      expect({ changes: world.changes(), status: statusOf(world, id) }).toEqual({ changes: [], status: 'Inactive' });
      expect(actionsOf(await sweepAndPass(world, 0))).toEqual([`delete ${id} applied`]);
      expect(world.changes()).toEqual([`deleted ${id}`]);
    });

    it('deactivated by a person yesterday, and never warned about: nothing for maxInactive and deleteAfter', async () => {
      const inactive = { id, createdAt: createdLongAgo, lastUsed: { at: daysBefore(1) }, status: 'Inactive' as const };
      const world = await openSweepWorld({ seed: accountOf(['data', inactive]) });
      for (const days of [30, 30, 28, 1]) expect(actionsOf(await sweepAndPass(world, days))).toEqual([]);
      expect(keysNotified(world)).toEqual([]);
      expect(actionsOf(await sweepAndPass(world, 28))).toEqual([`observe deactivated ${id} applied`]);
      expect(actionsOf(await sweepAndPass(world, 1))).toEqual([]);
      expect(actionsOf(await sweepAndPass(world, 1))).toEqual([`warn final-notice ${id} applied`]);
      expect(world.changes()).toEqual([]);
      expect(actionsOf(await sweepAndPass(world, 1))).toEqual([`delete ${id} applied`]);
    });
  });

  it('listed only the first 100 users: the last one of 150 is dealt with as well', async () => {
    const many = Array.from({ length: 150 }, (_, at) => {
      const inOrder = { createdAt: daysBefore(30), lastUsed: { at: daysBefore(0.5) } };
      return [`user-${String(at).padStart(3, '0')}`, inOrder] as const;
    });
    const id = 'AKIALASTAAAAAAAAAAAA';
    const last = ['zoe', { id, createdAt: createdLongAgo, lastUsed: usedLongAgo }] as const;
    const world = await openSweepWorld({
      seed: accountOf(...many, last),
      sandbox: { paging: { maxPageSize: 40 } },
    });
    expect(actionsOf(await world.sweep(policy))).toEqual([`warn first-notice ${id} applied`]);
    expect(keysNotified(world)).toEqual([id]);
  });
});

describe('others', () => {
  it('iam-key-enforcer deleted keys that were used 10 days before: within inUseWindow nothing is done', async () => {
    const id = 'AKIATENDAYSAAAAAAAAA';
    const used = { id, createdAt: daysBefore(400), lastUsed: { at: daysBefore(10) } };
    const world = await openSweepWorld({ seed: accountOf(['reports', used]) });
    for (let night = 0; night < 60; night += 3) {
      world.sandbox.account.useAccessKey(id, new Date(world.sandbox.clock.now().getTime() - 10 * DAY));
      await sweepAndPass(world, 3);
    }
    expect(world.changes()).toEqual([]);
    expect(statusOf(world, id)).toBe('Active');
    expectRotateOnly(world, id);
  });

  it('aws-key-disabler warned only on the exact day: missed nights lose no notice', async () => {
    const world = await openSweepWorld();
    await sweepAndPass(world, 13.5, [busyKey]);
    const late = await sweepAndPass(world, 1, [busyKey]);
    expect(actionsOf(late)).toContain(`warn final-notice ${staleKey} applied`);
    expect(world.changes()).toEqual([]);
    await sweepAndPass(world, 1, [busyKey]);
    expect(world.changes()).toContain(`Inactive ${staleKey}`);
  });

  it('an SSM remediation reported success where UpdateAccessKey had failed: the sweep is partial, the key is Active', async () => {
    const world = await openSweepWorld({ connect: { maxAttempts: 1 } });
    await warnAll(world, [busyKey]);
    world.sandbox.faults.add({ action: 'iam:UpdateAccessKey', kind: 'server-error' });
    const result = await sweepAndPass(world, 0);
    expect(result.outcome).toBe('partial');
    expect(result.actions.filter(({ type }) => type === 'deactivate').map(({ outcome }) => outcome)).toEqual([
      'failed',
      'failed',
    ]);
    expect([staleKey, unusedKey].map((id) => statusOf(world, id))).toEqual(['Active', 'Active']);
    expect((await world.entry(staleKey))?.stage).toBe('warned');
  });
});
