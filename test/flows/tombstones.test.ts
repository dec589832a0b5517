/** What the ledger keeps of deleted keys must not be taken for keys that are still there. */
import { expect, it } from 'vitest';
import { DAY, HOUR } from '../../core/duration.ts';
import { enforcePolicy, openSweepWorld, staleKey, unusedKey } from '../support/sweep-world.ts';

it('a deleted key is not seen in its user’s other key of the same second, nor in a report from before', async () => {
  const world = await openSweepWorld();
  // Nothing is wrong with the other key, so that no one has to read its id.
  const policy = enforcePolicy({}, { maxAge: 1000 * DAY });
  // Two warnings, two deactivations, two final notices; the sweep of the last night deletes.
  for (const days of [13, 1, 29, 1]) {
    await world.sweep(policy);
    world.pass(days);
  }
  expect((await world.sweep(policy)).outcome).toBe('complete');
  expect(world.changes().slice(-2).toSorted()).toEqual([`deleted ${staleKey}`, `deleted ${unusedKey}`]);

  // The credential report is the one from before the deletions.
  world.sandbox.clock.advance(2 * HOUR);
  expect(await world.sweep(policy)).toMatchObject({ outcome: 'complete', actions: [] });

  world.pass(1);
  expect(await world.sweep(policy)).toMatchObject({ outcome: 'complete', actions: [] });
});
