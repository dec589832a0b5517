import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../core/duration.ts';
import { endState, notifiedIn, openMixedNight } from '../../support/mixed-night.ts';
import { steppedPorts } from '../../support/stepped-ports.ts';
import { enforcePolicy, type SweepWorld } from '../../support/sweep-world.ts';

const policy = enforcePolicy();
const notifiedTo = ({ notices }: SweepWorld) => [...notifiedIn(notices.map(({ body }) => body))].sort();

async function undisturbed() {
  const world = await openMixedNight();
  await world.sweep(policy);
  return { end: await endState(world), changes: [...world.changes()].sort(), notified: notifiedTo(world) };
}

it('two sweeps at once, each by an audit of its own, stay within the cap together, wherever the second comes in', async () => {
  const capped = enforcePolicy({ limits: { ...policy.limits, maxDeactivations: { count: 1 } } });
  let places = 0;
  for (let nth = 1; ; nth++) {
    const world = await openMixedNight();
    const snapshot = await world.auditNow(capped);
    let cameAt: string | undefined;
    const ports = steppedPorts(world.ports, async (call) => {
      if (call.nth !== nth || call.when !== 'before') return;
      cameAt = call.name;
      // From now on another key comes first.
      world.sandbox.account.attachPolicy('ivan', 'arn:aws:iam::aws:policy/AdministratorAccess');
      world.sandbox.clock.advance(MINUTE);
      await world.sweep(capped);
    });
    await world.rotateBy(snapshot, capped, ports, { concurrency: 1 });
    if (cameAt === undefined) break;
    places++;
    const off = new Set(world.changes().filter((change) => change.startsWith('Inactive')));
    expect([...off], `second at ${nth}: ${cameAt}`).toHaveLength(1);
  }
  expect(places).toBeGreaterThan(20);
});

describe('two rotators of the same night', () => {
  it('end as one when they start together', async () => {
    const expected = await undisturbed();
    const world = await openMixedNight();
    const snapshot = await world.auditNow(policy);
    await Promise.all([world.rotateBy(snapshot, policy), world.rotateBy(snapshot, policy)]);
    expect(await endState(world)).toEqual(expected.end);
    expect([...world.changes()].sort()).toEqual(expected.changes);
    expect(notifiedTo(world)).toEqual(expected.notified);
  });

  it('end as one wherever the second comes in between, from its first step to its last', async () => {
    const expected = await undisturbed();
    const notifiedTwice: string[] = [];
    for (let nth = 1; ; nth++) {
      const world = await openMixedNight();
      const snapshot = await world.auditNow(policy);
      let cameAt: string | undefined;
      const ports = steppedPorts(world.ports, async (call) => {
        if (call.nth !== nth || call.when !== 'before') return;
        cameAt = call.name;
        await world.rotateBy(snapshot, policy);
      });
      await world.rotateBy(snapshot, policy, ports, { concurrency: 1 });
      if (cameAt === undefined) break;
      const label = `second at ${nth}: ${cameAt}`;
      expect(await endState(world), label).toEqual(expected.end);
      const changes = [...world.changes()].sort();
      // Nothing can come between a check and its call to IAM, but another rotator: the same call once more is harmless.
      if (cameAt.startsWith('actions.')) expect([...new Set(changes)], label).toEqual(expected.changes);
      else expect(changes, label).toEqual(expected.changes);
      const notified = notifiedTo(world);
      expect([...new Set(notified)], label).toEqual(expected.notified);
      if (notified.length > expected.notified.length) notifiedTwice.push(cameAt);
    }
    // Between the last look into the ledger and the ledger's knowing that the digest is out.
    expect(notifiedTwice).toEqual(['notifier.publish', 'ledger.writeSweep']);
  });
});
