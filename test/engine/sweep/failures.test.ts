/** A topic or a ledger that fails: nothing is lost, and nothing is done that no one was notified of. */
import { describe, expect, it } from 'vitest';
import { KeysweepError } from '../../../core/error.ts';
import { notifierTo } from '../../support/listeners.ts';
import { doomedKey, dueKey, endState, newKey, notifiedIn, openMixedNight } from '../../support/mixed-night.ts';
import { actionsOf, enforcePolicy, openSweepWorld, type SweepWorld, staleKey } from '../../support/sweep-world.ts';

const policy = enforcePolicy();
const notifiedTo = ({ notices }: SweepWorld) => [...notifiedIn(notices.map(({ body }) => body))].sort();

const deaf = {
  notifier: notifierTo(() => Promise.reject(new KeysweepError('TimedOut', 'no answer to sns:Publish in time'))),
};

async function undisturbed() {
  const world = await openMixedNight();
  await world.sweep(policy);
  return { end: await endState(world), changes: [...world.changes()].sort(), notified: notifiedTo(world) };
}

describe('a digest that cannot be handed over', () => {
  it('lets no change happen; the next sweep notifies and does everything', async () => {
    const expected = await undisturbed();
    const world = await openMixedNight();
    const result = await world.sweep(policy, deaf);
    expect(result).toMatchObject({ outcome: 'failed', problems: [expect.stringContaining('sns:Publish')] });
    expect(new Set(result.actions.map(({ outcome }) => outcome))).toEqual(new Set(['failed']));
    expect(world.changes()).toEqual([]);
    expect((await world.sweep(policy)).outcome).toBe('complete');
    expect(await endState(world)).toEqual(expected.end);
    expect([...world.changes()].sort()).toEqual(expected.changes);
    expect(notifiedTo(world)).toEqual(expected.notified);
  });

  it('starts no clock: however many nights it fails, the whole warning period comes after the first notice that is delivered', async () => {
    const world = await openSweepWorld();
    for (let night = 0; night < 20; night++) {
      await world.sweep(policy, deaf);
      world.pass(1);
    }
    expect(world.changes()).toEqual([]);
    const events: string[] = [];
    for (let night = 0; night < 15; night++) {
      const result = await world.sweep(policy);
      for (const { type, notice, credential } of result.actions) {
        if (credential.id === staleKey) events.push(`${night} ${notice ?? type}`);
      }
      world.pass(1);
    }
    expect(events).toEqual(['0 first-notice', '7 reminder', '13 final-notice', '14 deactivate']);
  });

  it('a final notice that no one got is given again, a full lead before the change', async () => {
    const world = await openMixedNight();
    const finalKey = 'AKIAFINALAAAAAAAAAAA';
    await world.sweep(policy, deaf);
    world.pass(1, []);
    expect(actionsOf(await world.sweep(policy))).toContain(`warn final-notice ${finalKey} applied`);
    world.pass(1, []);
    expect(actionsOf(await world.sweep(policy))).toContain(`deactivate ${finalKey} applied`);
  });

  it('a correction that cannot be delivered is sent by the next sweep', async () => {
    const world = await openMixedNight();
    world.sandbox.faults.add({ action: 'iam:UpdateAccessKey', user: 'ivan', kind: 'denied', count: 1 });
    let published = 0;
    const notifier = notifierTo(async (notice) => {
      if (++published > 1) throw new KeysweepError('TimedOut', 'no answer');
      await world.ports.notifier.publish(notice);
    });
    const result = await world.sweep(policy, { notifier });
    expect(result).toMatchObject({ outcome: 'partial', problems: [expect.stringContaining('no answer')] });
    // Not due any more by the time of the next sweep: only the correction is left to send.
    world.sandbox.account.useAccessKey('AKIADUETWOAAAAAAAAAA', world.sandbox.clock.now());
    world.pass(1, []);
    await world.sweep(policy);
    expect(notifiedIn([world.notices[1]?.body ?? '']).join()).toMatch(/(DENIED BY AWS, NOT DONE|RESOLVED) AKIADUETWO/);
  });

  it('no one to notify, on purpose: everything is done, and no notice follows later', async () => {
    const expected = await undisturbed();
    const world = await openMixedNight();
    expect((await world.sweep(policy, { notifier: undefined })).outcome).toBe('complete');
    expect(await endState(world)).toEqual(expected.end);
    await world.sweep(policy);
    expect(world.notices).toEqual([]);
  });
});

describe('a ledger that fails', () => {
  it.each(['before', 'after'] as const)(
    'at any one of its writes (%s it takes effect): the next sweep ends as if it never had',
    async (when) => {
      const expected = await undisturbed();
      for (let nth = 1; ; nth++) {
        const world = await openMixedNight();
        const written = world.ledger.written;
        const snapshot = await world.auditNow(policy);
        world.ledger.failWrite(nth, when);
        await world.rotateBy(snapshot, policy).catch(() => undefined);
        const isOver = world.ledger.written - written < nth - 1;
        world.ledger.setHooks({});
        if (isOver) break;
        const label = `write ${nth}`;
        await world.sweep(policy);
        expect(await endState(world), label).toEqual(expected.end);
        expect([...world.changes()].sort(), label).toEqual(expected.changes);
        expect([...new Set(notifiedTo(world))], label).toEqual(expected.notified);
      }
    },
  );

  it('one record that cannot be written stops no other, and nothing happens to its credential', async () => {
    const world = await openMixedNight();
    world.ledger.setHooks({
      before: (call) => {
        if (call.kind === 'write' && call.entry.credential.id === dueKey) throw new Error('no room');
      },
    });
    const result = await world.sweep(policy);
    expect(result.outcome).toBe('partial');
    expect(actionsOf(result).filter((action) => action.endsWith('failed'))).toEqual([`deactivate ${dueKey} failed`]);
    expect(world.changes()).toHaveLength(2);
    expect(notifiedTo(world).join()).not.toContain(dueKey);
  });

  it('a ledger that cannot be read back after the records ends the sweep before anyone is notified', async () => {
    const world = await openMixedNight();
    const snapshot = await world.auditNow(policy);
    world.ledger.setHooks({
      before: (call) => {
        if (call.kind === 'write') world.ledger.failRead(1);
      },
    });
    const result = await world.rotateBy(snapshot, policy);
    expect(result).toMatchObject({ outcome: 'failed', problems: [expect.stringContaining('read back')] });
    expect([world.changes(), world.notices]).toEqual([[], []]);
  });

  it('a ledger that cannot be read at all is an error', async () => {
    const world = await openMixedNight();
    world.ledger.failRead(1);
    await expect(world.sweep(policy)).rejects.toThrow('the ledger cannot be reached');
  });
});

describe('tags', () => {
  const exempt = enforcePolicy({
    exemptions: [
      {
        match: { tag: { owner: 'ali*' } },
        rules: '*',
        reason: 'sealed',
        owner: 'security@example.com',
        expires: '2027-06-30',
      },
    ],
  });

  it('an exemption by tag also protects a key that no one had to look at in the audit', async () => {
    const world = await openMixedNight();
    const result = await world.sweep(exempt);
    expect(actionsOf(result)).toContain(`warn deferred ${doomedKey} applied`);
    expect(world.changes().join()).not.toMatch(/AKIADUEAAA|AKIADOOMED/);
    expect(actionsOf(result)).toContain(`warn first-notice ${newKey} applied`);
  });

  it('tags that cannot be read mean no change, and a partial sweep', async () => {
    const world = await openMixedNight({ connect: { maxAttempts: 1 } });
    world.sandbox.faults.add({ action: 'iam:GetAccountAuthorizationDetails', kind: 'denied' });
    world.sandbox.faults.add({ action: 'iam:ListUserTags', kind: 'denied' });
    const result = await world.sweep(exempt);
    expect(result.outcome).toBe('partial');
    expect(world.changes()).toEqual([]);
  });
});

describe('a ledger that cannot be read just before one change', () => {
  it('costs that change alone, and the next sweep does it', async () => {
    const expected = await undisturbed();
    const world = await openMixedNight();
    let failed = false;
    const ledger: typeof world.ports.ledger = {
      ...world.ports.ledger,
      entry: async (account, id) => {
        if (failed) return world.ports.ledger.entry(account, id);
        failed = true;
        throw new KeysweepError('LedgerUnreachable', 'no answer');
      },
    };
    const result = await world.sweep(policy, { ledger });
    const lost = result.actions.filter(({ outcome }) => outcome === 'failed');
    expect(lost.map(({ detail }) => detail)).toEqual([expect.stringContaining('no answer')]);
    expect(result.outcome).toBe('partial');
    expect(world.changes()).toHaveLength(expected.changes.length - 1);
    await world.sweep(policy);
    expect(await endState(world)).toEqual(expected.end);
    expect([...world.changes()].sort()).toEqual(expected.changes);
  });
});
