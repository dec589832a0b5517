/** What a sweep may do at all: the policy's mode, dry runs, caps, time. */

import { describe, expect, it } from 'vitest';
import { createSnsNotifier } from '../../../aws/sns-notifier.ts';
import { MINUTE } from '../../../core/duration.ts';
import { listenTo } from '../../support/listeners.ts';
import { doomedKey, dueKey, finalKey, notifiedIn, openMixedNight, secondDueKey } from '../../support/mixed-night.ts';
import { account, actionsOf, enforcePolicy, type SweepWorld } from '../../support/sweep-world.ts';

const policy = enforcePolicy();
const ledgerOf = async ({ ledger }: SweepWorld) => JSON.stringify((await ledger.entries(account)).entries);
const noActions = { actions: undefined };

describe('modes', () => {
  it('audit: no ledger, no notice, no read and no write', async () => {
    const world = await openMixedNight();
    const audit = enforcePolicy({ mode: 'audit' });
    const snapshot = await world.auditNow(audit);
    const before = await ledgerOf(world);
    world.sandbox.clearRequests();
    world.ledger.failRead(1);
    const result = await world.rotateBy(snapshot, audit);
    world.ledger.setHooks({});
    expect(result).toMatchObject({ mode: 'audit', dryRun: true, outcome: 'complete', actions: [] });
    expect(new Set(result.skipped.map(({ skipReason }) => skipReason))).toEqual(new Set(['mode']));
    expect(world.sandbox.requestCounts()).toEqual({});
    expect([await ledgerOf(world), world.notices]).toEqual([before, []]);
  });

  it('warn: notices go out and overdue keys are shown, and nothing holds what could write to IAM', async () => {
    const world = await openMixedNight();
    const result = await world.sweep(enforcePolicy({ mode: 'warn' }), noActions);
    expect(result.outcome).toBe('complete');
    expect(world.changes()).toEqual([]);
    const overdue = result.skipped
      .filter(({ skipReason }) => skipReason === 'mode')
      .map(({ credential }) => credential.id);
    expect(overdue.sort()).toEqual([doomedKey, dueKey, secondDueKey].sort());
    const [digest] = world.notices;
    expect(digest?.body).toContain('OVERDUE, NOT DONE IN THIS MODE (3 access keys)');
    expect(digest?.body).toContain('keysweep runs in mode warn: nothing happens on the date given unless the mode');
  });

  it('warn: what could write to IAM is not touched even where it is at hand', async () => {
    const world = await openMixedNight();
    const touched: string[] = [];
    const actions = new Proxy(world.ports.actions, {
      get: (_, method) => touched.push(String(method)),
    });
    await world.sweep(enforcePolicy({ mode: 'warn' }), { actions });
    expect(touched).toEqual([]);
  });

  it('enforce without anything that may write to IAM is an error, before anything happens', async () => {
    const world = await openMixedNight();
    const before = await ledgerOf(world);
    await expect(world.sweep(policy, noActions)).rejects.toMatchObject({ code: 'ActionsMissing' });
    expect([await ledgerOf(world), world.notices]).toEqual([before, []]);
  });

  it('what was only warned about in mode warn gets its final notice in mode enforce, before the change', async () => {
    const world = await openMixedNight();
    const warn = enforcePolicy({ mode: 'warn' });
    const newKey = 'AKIANEWAAAAAAAAAAAAA';
    for (let night = 0; night < 20; night++) {
      await world.sweep(warn);
      world.pass(1, []);
    }
    expect(actionsOf(await world.sweep(policy))).toContain(`warn final-notice ${newKey} applied`);
    expect(world.changes().join()).not.toContain(newKey);
    world.pass(1, []);
    expect(actionsOf(await world.sweep(policy))).toContain(`deactivate ${newKey} applied`);
  });
});

describe('a dry run', () => {
  it('says what the real run then does, and writes nothing', async () => {
    const world = await openMixedNight();
    const written = world.ledger.written;
    const dry = await world.sweep(policy, noActions, { enforce: false });
    expect([dry.dryRun, dry.outcome, world.ledger.written, world.notices]).toEqual([true, 'complete', written, []]);
    expect(world.changes()).toEqual([]);
    const real = await world.sweep(policy);
    expect(actionsOf(real)).toEqual(actionsOf(dry).map((action) => action.replace('planned', 'applied')));
  });
});

describe('caps', () => {
  const capped = enforcePolicy({ limits: { ...policy.limits, maxDeactivations: { count: 1 } } });

  it('defer the excess, say so, and hold for the whole night', async () => {
    const world = await openMixedNight();
    const result = await world.sweep(capped);
    expect(result.outcome).toBe('complete');
    expect(actionsOf(result)).toContain(`deactivate ${dueKey} applied`);
    const deferred = { skipReason: 'cap', credential: { id: secondDueKey }, why: expect.stringContaining('1 of 2') };
    expect(result.skipped).toContainEqual(expect.objectContaining({ ...deferred, credential: expect.anything() }));
    expect(world.notices[0]?.body).toContain('DUE, DEFERRED BY A LIMIT OF THE POLICY (1 access key)');
    const again = await world.sweep(capped);
    expect(again.actions).toEqual([]);
    expect(world.changes()).not.toContain(`Inactive ${secondDueKey}`);
    world.pass(1, []);
    // Another one would be due, was idle for longer, and gets its final notice only when there is a place for it.
    const next = actionsOf(await world.sweep(capped));
    expect(next).toContain(`deactivate ${secondDueKey} applied`);
    expect(next).toContain(`warn final-notice ${finalKey} applied`);
    world.pass(1, []);
    expect(actionsOf(await world.sweep(capped))).toContain(`deactivate ${finalKey} applied`);
  });
});

describe('time', () => {
  it('nothing new is begun when it runs out; the next run continues, and notifies no one twice', async () => {
    const world = await openMixedNight();
    let remaining = 10 * MINUTE;
    // Time runs out with the first change.
    const actions = {
      ...world.ports.actions,
      setStatus: (...args: Parameters<typeof world.ports.actions.setStatus>) => {
        remaining = 0;
        return world.ports.actions.setStatus(...args);
      },
    };
    const result = await world.sweep(policy, { actions }, { remainingTime: () => remaining, concurrency: 1 });
    expect(result.outcome).toBe('partial');
    expect(world.changes()).toEqual([`Inactive ${dueKey}`]);
    const noTime = result.skipped
      .filter(({ skipReason }) => skipReason === 'no-time')
      .map(({ credential }) => credential.id);
    expect(noTime.sort()).toEqual([doomedKey, secondDueKey].sort());
    const next = await world.sweep(policy);
    expect(next.outcome).toBe('complete');
    expect([...world.changes()].sort()).toEqual(
      [`Inactive ${dueKey}`, `Inactive ${secondDueKey}`, `deleted ${doomedKey}`].sort(),
    );
    expect(world.notices).toHaveLength(1);
  });

  it('without any time nothing is recorded, sent or done', async () => {
    const world = await openMixedNight();
    const before = await ledgerOf(world);
    const result = await world.sweep(policy, {}, { remainingTime: () => MINUTE });
    expect([result.outcome, result.actions, world.notices, world.changes()]).toEqual(['partial', [], [], []]);
    expect(await ledgerOf(world)).toBe(before);
  });
});

it('the digest reaches an SNS topic', async () => {
  const world = await openMixedNight();
  const notifier = createSnsNotifier(world.session, listenTo(world.sandbox, 'keysweep-digest'));
  await world.sweep(policy, { notifier });
  expect(world.sandbox.messages).toHaveLength(1);
  const [message] = world.sandbox.messages;
  expect(message?.subject).toMatch(/^\[acme\] 2 keys deactivated, 1 deleted, .*/);
  expect(notifiedIn([message?.bodies.email ?? ''])).toHaveLength(8);
});
