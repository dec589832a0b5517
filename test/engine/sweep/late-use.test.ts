/** IAM shows a use with a delay: a key may have been in use when it was deactivated, and no one could know. */
import { expect, it } from 'vitest';
import { DAY, MINUTE } from '../../../core/duration.ts';
import type { Policy } from '../../../core/policy/policy.ts';
import { actionsOf, enforcePolicy, oldKey, openSweepWorld, staleKey } from '../../support/sweep-world.ts';

/** Deactivated at the end of its warning, and used five minutes before, which IAM shows only afterwards. */
async function deactivatedInUse(policy: Policy, key = staleKey) {
  const world = await openSweepWorld();
  await world.nights(14, policy);
  world.sandbox.account.useAccessKey(key, new Date(world.sandbox.clock.now().getTime() - 5 * MINUTE));
  await world.sweep(policy);
  expect(world.changes()).toContain(`Inactive ${key}`);
  world.notices.length = 0;
  world.pass(1);
  return world;
}

it('people are notified at once, with the command to restore it', async () => {
  const world = await deactivatedInUse(enforcePolicy());
  expect(actionsOf(await world.sweep(enforcePolicy()))).toContain(`observe late-use ${staleKey} applied`);
  const [notice] = world.notices;
  expect(notice?.severity).toBe('high');
  expect(notice?.data.items[0]).toMatchObject({ notice: 'late-use', credential: { id: staleKey } });
  expect(notice?.data.items[0]?.why).toBe(
    'used 5 minutes before it was deactivated, but IAM showed that only afterward',
  );
  expect(notice?.body).toContain(`keysweep restore ${staleKey}`);
});

it('once, however often a sweep looks', async () => {
  const world = await deactivatedInUse(enforcePolicy());
  await world.sweep(enforcePolicy());
  await world.sweep(enforcePolicy());
  world.pass(1);
  await world.sweep(enforcePolicy());
  expect(world.notices).toHaveLength(1);
});

it('it is not deleted before deleteAfter and maxIdle have passed since then, and only after a final notice', async () => {
  const world = await deactivatedInUse(enforcePolicy());
  const notifiedAt = world.sandbox.clock.now();
  const sweeps = await world.nights(48, enforcePolicy());
  const steps = sweeps.flatMap((result) =>
    actionsOf(result)
      .filter((action) => action.includes(staleKey))
      .map((action) => [(result.startedAt.getTime() - notifiedAt.getTime()) / DAY, action]),
  );
  expect(steps).toEqual([
    [0, `observe late-use ${staleKey} applied`],
    [43, `warn final-notice ${staleKey} applied`],
    [44, `delete ${staleKey} applied`],
  ]);
});

it('also of a key whose deactivation only the next sweep could record', async () => {
  const world = await openSweepWorld();
  await world.nights(14, enforcePolicy());
  world.sandbox.account.useAccessKey(staleKey, new Date(world.sandbox.clock.now().getTime() - 5 * MINUTE));
  const killed = { ...world.ports.actions, setStatus: deactivateAndDie };
  async function deactivateAndDie(...args: Parameters<typeof world.ports.actions.setStatus>): Promise<never> {
    await world.ports.actions.setStatus(...args);
    throw new Error('killed');
  }
  await world.sweep(enforcePolicy(), { actions: killed }).catch(() => {});
  const found = await world.nights(3, enforcePolicy());
  const steps = found.flatMap((result) => actionsOf(result)).filter((action) => action.includes(staleKey));
  expect(steps).toEqual([`observe deactivated ${staleKey} applied`, `observe late-use ${staleKey} applied`]);
});

it('a key that is deactivated even when in use is not mentioned', async () => {
  const policy = enforcePolicy({}, { deactivateInUse: true });
  const world = await deactivatedInUse(policy, oldKey);
  expect(actionsOf(await world.sweep(policy)).filter((action) => action.includes('late-use'))).toEqual([]);
});
