import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../core/duration.ts';
import { endState, openMixedNight, toldIn } from '../../support/mixed-night.ts';
import { enforcePolicy, type RotationWorld } from '../../support/sweep-world.ts';
import { steppedPorts } from '../../support/stepped-ports.ts';

const policy = enforcePolicy();
const toldTo = ({ notices }: RotationWorld) => [...toldIn(notices.map(({ body }) => body))].sort();

async function undisturbed() {
  const world = await openMixedNight();
  await world.sweep(policy);
  return { end: await endState(world), deeds: [...world.deeds()].sort(), told: toldTo(world) };
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
    const off = new Set(world.deeds().filter((deed) => deed.startsWith('Inactive')));
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
    expect([...world.deeds()].sort()).toEqual(expected.deeds);
    expect(toldTo(world)).toEqual(expected.told);
  });

  it('end as one wherever the second comes in between, from its first step to its last', async () => {
    const expected = await undisturbed();
    const toldTwice: string[] = [];
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
      const deeds = [...world.deeds()].sort();
      // Nothing can come between a check and its call to IAM, but another rotator: the same call once more is harmless.
      if (cameAt.startsWith('actions.')) expect([...new Set(deeds)], label).toEqual(expected.deeds);
      else expect(deeds, label).toEqual(expected.deeds);
      const told = toldTo(world);
      expect([...new Set(told)], label).toEqual(expected.told);
      if (told.length > expected.told.length) toldTwice.push(cameAt);
    }
    // Between the last look into the ledger and the ledger's knowing that the digest is out.
    expect(toldTwice).toEqual(['notifier.publish', 'ledger.writeSweep']);
  });
});
