import { expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { enforcePolicy, openRotationWorld, staleKey, unusedKey } from '../../support/sweep-world.ts';

it('a key that somebody switches on again the same night still counts against the cap of that night', async () => {
  const limits = { ...enforcePolicy().limits, maxDeactivations: { count: 1 } };
  const policy = enforcePolicy({ limits }, { warn: [2 * DAY, DAY] });
  const world = await openRotationWorld();
  await world.nights(2, policy);
  await world.sweep(policy);
  expect(world.deeds()).toHaveLength(1);
  const [first = '', second = ''] = world.deeds()[0]?.includes(staleKey)
    ? [staleKey, unusedKey]
    : [unusedKey, staleKey];

  world.pass(1 / 24);
  world.sandbox.account.setAccessKeyStatus(first, 'Active');
  await world.sweep(policy);
  expect((await world.entry(first))?.stage).toBe('restored');
  await world.sweep(policy);
  expect(world.deeds()).toEqual([`Inactive ${first}`]);

  world.pass(1);
  await world.sweep(policy);
  expect(world.deeds()).toEqual([`Inactive ${first}`, `Inactive ${second}`]);
});
