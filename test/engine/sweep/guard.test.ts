/** What happens between the plan and the change, or in its middle. */
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../core/duration.ts';
import type { FaultEffect } from '../../../sandbox/index.ts';
import { notifierTo } from '../../support/listeners.ts';
import {
  doomedKey,
  dueKey,
  finalKey,
  newKey,
  notifiedIn,
  openMixedNight,
  secondDueKey,
} from '../../support/mixed-night.ts';
import { patienceFor } from '../../support/patience.ts';
import { actionsOf, enforcePolicy, type SweepWorld } from '../../support/sweep-world.ts';

const policy = enforcePolicy();
const allChanges = [`Inactive ${dueKey}`, `Inactive ${secondDueKey}`, `deleted ${doomedKey}`].sort();
const changesOf = (world: SweepWorld) => [...world.changes()].sort();

/** An audit, something that happens, and the sweep by that audit. */
async function rotateAfter(happening: (world: SweepWorld) => void, options = {}) {
  const world = await openMixedNight(options);
  const snapshot = await world.auditNow(policy);
  happening(world);
  const result = await world.rotateBy(snapshot, policy);
  const [first, second, ...more] = world.notices;
  expect(more).toEqual([]);
  return {
    world,
    result,
    notified: notifiedIn([first?.body ?? '']),
    corrected: notifiedIn([second?.body ?? '']),
    second,
  };
}

describe('what happens after the audit and before the change', () => {
  it('a key that was used meanwhile stays active, and people are notified once', async () => {
    const { world, result, notified, corrected, second } = await rotateAfter(({ sandbox }) => {
      sandbox.account.useAccessKey(dueKey, new Date(sandbox.clock.now().getTime() - HOUR));
    });
    expect(actionsOf(result)).toContain(`deactivate ${dueKey} skipped`);
    expect(changesOf(world)).toEqual(allChanges.filter((change) => !change.includes(dueKey)));
    expect(notified).toContain(`DEACTIVATED TONIGHT ${dueKey}`);
    expect(corrected).toEqual([`ANNOUNCED, BUT NOT DONE ${dueKey}`]);
    expect(second?.subject).toMatch(/^\[acme\] Correction: 1 key announced but not done/);
    expect(second?.body).toContain('Why      it is in use now: created');
    expect(await world.entry(dueKey)).toMatchObject({ stage: 'warned' });
    expect((await world.entry(dueKey))?.intent).toBeUndefined();
    await world.sweep(policy);
    expect(world.notices).toHaveLength(2);
  });

  it('a key that a person reactivated is not deleted', async () => {
    const { world, result, corrected } = await rotateAfter(({ sandbox }) =>
      sandbox.account.setAccessKeyStatus(doomedKey, 'Active'),
    );
    expect(actionsOf(result)).toContain(`delete ${doomedKey} skipped`);
    expect(changesOf(world)).toEqual(allChanges.filter((change) => !change.includes(doomedKey)));
    expect(corrected).toEqual([`REACTIVATED ${doomedKey}`]);
    expect(await world.entry(doomedKey)).toMatchObject({ stage: 'restored', restoration: { by: 'person' } });
  });

  it('a key that a person deleted is not looked for', async () => {
    const { world, result, corrected } = await rotateAfter(({ sandbox }) => sandbox.account.deleteAccessKey(dueKey));
    expect(actionsOf(result)).toContain(`deactivate ${dueKey} skipped`);
    expect(corrected).toEqual([`DELETED BY SOMEONE ELSE ${dueKey}`]);
    expect(await world.entry(dueKey)).toMatchObject({ stage: 'deleted', deletion: { by: 'person' } });
  });

  it('a key whose restoration someone has begun is left to them', async () => {
    const world = await openMixedNight();
    const snapshot = await world.auditNow(policy);
    const entry = await world.entry(doomedKey);
    if (entry === undefined) throw new Error('no entry');
    const notifier = notifierTo(async () => {
      const current = await world.entry(doomedKey);
      if (current === undefined || current.intent?.action === 'restore') return;
      const at = world.sandbox.clock.now();
      const version = current.version + 1;
      const intent = { action: 'restore', at, sweep: 'by-hand' } as const;
      const { account, credential, stage } = current;
      await world.ledger.write(
        { ...current, version, intent },
        {
          account,
          credential,
          version,
          at,
          sweep: 'by-hand',
          type: 'restoration-intended',
          by: 'person',
          from: stage,
          to: stage,
          detail: 'erin: needed',
        },
      );
    });
    const result = await world.rotateBy(snapshot, policy, { notifier });
    expect(actionsOf(result)).toContain(`delete ${doomedKey} skipped`);
    expect(world.changes()).not.toContain(`deleted ${doomedKey}`);
    const next = await world.sweep(policy);
    expect(next.skipped.find(({ credential }) => credential.id === doomedKey)?.skipReason).toBe('restore-grace');
  });
});

describe('a credential that cannot be dealt with stops no other', () => {
  const oneAttempt = (effect: FaultEffect) => ({ connect: { maxAttempts: 1, requestTimeout: patienceFor([effect]) } });
  const others = allChanges.filter((change) => !change.includes(secondDueKey));

  const reads: [string, FaultEffect][] = [
    ['iam:ListAccessKeys', { kind: 'denied' }],
    ['iam:GetAccessKeyLastUsed', { kind: 'denied' }],
    ['iam:GetAccessKeyLastUsed', { kind: 'throttle' }],
    ['iam:ListAccessKeys', { kind: 'server-error' }],
    ['iam:GetAccessKeyLastUsed', { kind: 'garbage' }],
    ['iam:ListAccessKeys', { kind: 'timeout' }],
  ];
  it.each(reads)('%s fails (%o)', async (action, effect) => {
    const { world, result, corrected } = await rotateAfter(
      ({ sandbox }) => sandbox.faults.add({ action, user: 'ivan', ...effect }),
      oneAttempt(effect),
    );
    expect(result.outcome).toBe('partial');
    expect(actionsOf(result)).toContain(`deactivate ${secondDueKey} failed`);
    expect(changesOf(world)).toEqual(others);
    const heading = effect.kind === 'denied' ? 'DENIED BY AWS, NOT DONE' : 'ANNOUNCED, BUT NOT DONE';
    expect(corrected).toEqual([`${heading} ${secondDueKey}`]);
  });

  it('a denied write: people are notified, and the next night neither tries nor says anything again', async () => {
    const { world, result, corrected } = await rotateAfter(({ sandbox }) => {
      sandbox.faults.add({ action: 'iam:UpdateAccessKey', user: 'ivan', kind: 'denied', count: 1 });
    });
    expect(result.outcome).toBe('partial');
    const action = result.actions.find(({ credential }) => credential.id === secondDueKey);
    expect(action).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('iam:UpdateAccessKey') });
    expect(corrected).toEqual([`DENIED BY AWS, NOT DONE ${secondDueKey}`]);
    expect((await world.entry(secondDueKey))?.intent).toBeUndefined();
    world.pass(1, []);
    const next = await world.sweep(policy);
    expect(next.skipped).toContainEqual(
      expect.objectContaining({ skipReason: 'blocked', credential: { kind: 'access-key', id: secondDueKey } }),
    );
    expect(notifiedIn([world.notices[2]?.body ?? '']).join()).not.toContain(secondDueKey);
  });

  const lostAnswers: FaultEffect[] = [
    { kind: 'reset', applied: true },
    { kind: 'timeout', applied: true },
    { kind: 'server-error', applied: true },
  ];
  it.each(lostAnswers)('a write whose answer is lost is found to be done ($kind)', async (effect) => {
    const { world, result, second } = await rotateAfter(
      ({ sandbox }) => sandbox.faults.add({ action: 'iam:UpdateAccessKey', user: 'ivan', ...effect }),
      oneAttempt(effect),
    );
    expect(actionsOf(result)).toContain(`deactivate ${secondDueKey} applied`);
    expect(changesOf(world)).toEqual(allChanges);
    expect(second).toBeUndefined();
    expect(await world.entry(secondDueKey)).toMatchObject({ stage: 'deactivated', deactivation: { by: 'keysweep' } });
  });

  it('a write of which it is unknown whether it was done is settled by the next sweep', async () => {
    const { world, result, corrected } = await rotateAfter(
      ({ sandbox }) => {
        sandbox.faults.add({ action: 'iam:UpdateAccessKey', user: 'ivan', kind: 'reset', applied: true, count: 1 });
        sandbox.faults.add({ action: 'iam:ListAccessKeys', user: 'ivan', kind: 'denied', after: 1, count: 1 });
      },
      oneAttempt({ kind: 'denied' }),
    );
    expect(result.outcome).toBe('partial');
    expect(corrected).toEqual([`ANNOUNCED, BUT NOT DONE ${secondDueKey}`]);
    expect(await world.entry(secondDueKey)).toMatchObject({ stage: 'warned', intent: { action: 'deactivate' } });
    world.pass(1, []);
    const next = await world.sweep(policy);
    expect(actionsOf(next)).toContain(`observe deactivated ${secondDueKey} applied`);
    expect(await world.entry(secondDueKey)).toMatchObject({ stage: 'deactivated', deactivation: { by: 'keysweep' } });
    expect(world.changes().filter((change) => change.includes(secondDueKey))).toHaveLength(1);
    expect(notifiedIn([world.notices[2]?.body ?? ''])).toContain(`DEACTIVATED TONIGHT ${secondDueKey}`);
  });
});

describe('requests', () => {
  it('the changes cost one list, one last use and one write per key, and a second run no write at all', async () => {
    const world = await openMixedNight();
    const result = await world.sweep(policy);
    expect(result.stats.requests).toEqual({
      // One of each change, of which alice has two. Users of whom something was observed: erin, gina.
      'iam:ListAccessKeys': 5,
      // One of each change, one of gina’s key: whether AWS still knows it, and one of another: whether it would say so.
      'iam:GetAccessKeyLastUsed': 5,
      'iam:UpdateAccessKey': 2,
      'iam:DeleteAccessKey': 1,
      'iam:GetAccountAuthorizationDetails': 1,
    });
    const written = world.ledger.written;
    const again = await world.sweep(policy);
    expect(again.actions).toEqual([]);
    expect(again.outcome).toBe('complete');
    expect(world.changes()).toHaveLength(3);
    expect(world.notices).toHaveLength(1);
    // The record of the second sweep, its opening and its closing, and nothing else.
    expect(world.ledger.written).toBe(written + 3);
  });
});

describe('a person’s hand', () => {
  it('a key used again in its warning period is withdrawn, and warned again when it is idle again', async () => {
    const world = await openMixedNight();
    const result = await world.sweep(policy);
    expect(notifiedIn(world.notices.map(({ body }) => body))).toContain('RESOLVED AKIAUSEDAAAAAAAAAAAA');
    expect(result.actions.find(({ type }) => type === 'resolve')?.outcome).toBe('applied');
    world.pass(60, []);
    expect(actionsOf(await world.sweep(policy))).toContain('warn first-notice AKIAUSEDAAAAAAAAAAAA applied');
  });

  it('a restored key is skipped for restoreGrace, keeps its age, and is warned again after it', async () => {
    const world = await openMixedNight();
    await world.sweep(policy);
    const restored = 'AKIARESTOREDAAAAAAAA';
    expect(await world.entry(restored)).toMatchObject({ stage: 'restored' });
    world.pass(13, []);
    const during = await world.sweep(policy);
    expect(during.skipped.find(({ credential }) => credential.id === restored)?.skipReason).toBe('restore-grace');
    world.pass(2, []);
    expect(actionsOf(await world.sweep(policy))).toContain(`warn first-notice ${restored} applied`);
  });

  it('nothing is concluded from a report that is older than what keysweep did itself', async () => {
    const world = await openMixedNight();
    await world.sweep(policy);
    // Within four hours AWS gives the same report, in which the key is still active.
    world.sandbox.clock.advance(HOUR);
    const again = await world.sweep(policy);
    expect(again.actions).toEqual([]);
    expect(await world.entry(secondDueKey)).toMatchObject({ stage: 'deactivated' });
    expect(world.notices).toHaveLength(1);
  });

  it('a user whose keys cannot be listed is unknown, and the sweep says that it is partial', async () => {
    const world = await openMixedNight({ connect: { maxAttempts: 1 } });
    world.sandbox.faults.add({ action: 'iam:ListAccessKeys', user: 'bob', kind: 'denied' });
    const result = await world.sweep(policy);
    expect(actionsOf(result).join()).not.toContain(newKey);
    expect(changesOf(world)).toEqual(allChanges);
  });
});

it('a report older than maxReportAge leads to nothing', async () => {
  const world = await openMixedNight();
  const snapshot = await world.auditNow(policy);
  world.sandbox.clock.advance(DAY + 1);
  const result = await world.rotateBy(snapshot, policy);
  expect(result.actions).toEqual([]);
  expect(new Set(result.skipped.map(({ skipReason }) => skipReason))).toEqual(new Set(['report-stale']));
  expect([world.changes(), world.notices, result.skipped.map(({ credential }) => credential.id)]).toEqual([
    [],
    [],
    expect.arrayContaining([dueKey, doomedKey, finalKey]),
  ]);
});

it.each(['reset', 'server-error'] as const)(
  'a deletion that took effect unseen (%s) is put down to keysweep by the next sweep',
  async (kind) => {
    const world = await openMixedNight({ connect: { maxAttempts: 1 } });
    world.sandbox.faults.add({ action: 'iam:DeleteAccessKey', kind, applied: true });
    const { source } = world;
    const before = await source.credentials('access-key', 'alice');
    // IAM is eventually consistent: a list may lag behind a write.
    const lagging = {
      ...source,
      credentials: (...args: Parameters<typeof source.credentials>) =>
        args[1] === 'alice' ? Promise.resolve(before) : source.credentials(...args),
    };
    const result = await world.sweep(policy, { source: lagging });
    expect(result.outcome).toBe('partial');
    expect(world.changes()).toContain(`deleted ${doomedKey}`);
    world.pass(1, []);
    await world.sweep(policy);
    expect(await world.entry(doomedKey)).toMatchObject({ stage: 'deleted', deletion: { by: 'keysweep' } });
  },
);
