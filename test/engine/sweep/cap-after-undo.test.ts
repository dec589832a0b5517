import { expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { enforcePolicy, openSweepWorld, staleKey, unusedKey } from '../../support/sweep-world.ts';

it('a key that someone reactivates the same night still counts against the cap of that night', async () => {
  const limits = { ...enforcePolicy().limits, maxDeactivations: { count: 1 } };
  const policy = enforcePolicy({ limits }, { warn: [2 * DAY, DAY] });
  const world = await openSweepWorld();
  await world.nights(2, policy);
  await world.sweep(policy);
  expect(world.changes()).toHaveLength(1);
  const [first = '', second = ''] = world.changes()[0]?.includes(staleKey)
    ? [staleKey, unusedKey]
    : [unusedKey, staleKey];

  world.pass(1 / 24);
  world.sandbox.account.setAccessKeyStatus(first, 'Active');
  await world.sweep(policy);
  expect((await world.entry(first))?.stage).toBe('restored');
  await world.sweep(policy);
  expect(world.changes()).toEqual([`Inactive ${first}`]);

  world.pass(1);
  await world.sweep(policy);
  expect(world.changes()).toEqual([`Inactive ${first}`, `Inactive ${second}`]);
});
