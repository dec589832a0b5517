/** A second sweep of the same night, while the credential report still shows what was before the first one. */
import { expect, it } from 'vitest';
import { HOUR } from '../../core/duration.ts';
import { enforcePolicy, openSweepWorld, staleKey, unusedKey } from '../support/sweep-world.ts';

it('judges a key that was just deactivated, though its user’s other key was created in the same second', async () => {
  const world = await openSweepWorld();
  const policy = enforcePolicy();
  for (const days of [13, 1]) {
    await world.sweep(policy);
    world.pass(days);
  }
  expect((await world.sweep(policy)).outcome).toBe('complete');
  expect(world.changes().toSorted()).toEqual([`Inactive ${staleKey}`, `Inactive ${unusedKey}`]);

  world.sandbox.clock.advance(2 * HOUR);
  const again = await world.sweep(policy);

  expect(again).toMatchObject({ outcome: 'complete', actions: [] });
  expect(
    again.skipped.filter(({ skipReason }) => skipReason === 'waiting').map(({ credential }) => credential.id),
  ).toEqual(expect.arrayContaining([staleKey, unusedKey]));
  expect(world.changes()).toHaveLength(2);
});
