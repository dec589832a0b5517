import { expect, it } from 'vitest';
import { endState, notifiedIn, openMixedNight } from '../../support/mixed-night.ts';
import { crashingPorts } from '../../support/stepped-ports.ts';
import { enforcePolicy, type SweepWorld } from '../../support/sweep-world.ts';

const policy = enforcePolicy();

/** A run that dies around its n-th call, and another one right after it. */
async function crashAndRunAgain(nth: number, when: 'before' | 'after') {
  const world = await openMixedNight();
  const crashing = crashingPorts(world.ports, nth, when);
  const snapshot = await world.auditNow(policy);
  await world.rotateBy(snapshot, policy, crashing.ports, { concurrency: 1 }).catch(() => undefined);
  return { world, again: await world.sweep(policy), crashedAt: crashing.crashedAt() };
}

const notifiedTo = ({ notices }: SweepWorld) => [...notifiedIn(notices.map(({ body }) => body))].sort();

async function undisturbed() {
  const world = await openMixedNight();
  const { outcome } = await world.sweep(policy);
  expect(outcome).toBe('complete');
  return { end: await endState(world), changes: world.changes(), notified: notifiedTo(world) };
}

it('the night has something of everything', async () => {
  const { changes, notified } = await undisturbed();
  expect(changes).toHaveLength(3);
  expect(notified).toHaveLength(8);
});

it.each(['before', 'after'] as const)(
  'a crash %s each call is made good by the next run: every change and every notice once',
  async (when) => {
    const expected = await undisturbed();
    const places = new Set<string>();
    for (let nth = 1; ; nth++) {
      const { world, again, crashedAt } = await crashAndRunAgain(nth, when);
      if (crashedAt === undefined) break;
      places.add(crashedAt);
      const label = `crash ${nth}: ${crashedAt}`;
      expect(await endState(world), label).toEqual(expected.end);
      expect([...world.changes()].sort(), label).toEqual([...expected.changes].sort());
      expect(again.outcome, label).toBe('complete');
      const notified = notifiedTo(world);
      expect([...new Set(notified)], label).toEqual(expected.notified);
      // A message that is out, and of which the ledger does not know, is the only one that is sent twice.
      if (world.notices.length === 1) expect(notified, label).toEqual(expected.notified);
      else
        expect([notified.length, crashedAt], label).toEqual([
          16,
          expect.stringMatching(/publish after|writeSweep before/),
        ]);
    }
    expect([...places].join()).toMatch(/ledger.write .*notifier.publish .*actions.setStatus /s);
  },
);
