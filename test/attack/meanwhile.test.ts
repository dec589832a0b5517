/** What people do while a sweep is at it, or between two of them. */
import { expect, it } from 'vitest';
import { notifierTo } from '../support/listeners.ts';
import { openRipeWorld, ripeKey } from '../support/ripe-key.ts';
import { accountWith, actionsOf, enforcePolicy, openSweepWorld } from '../support/sweep-world.ts';

const policy = enforcePolicy();

it('a key that someone reactivates when the message of its deletion arrives is not deleted', async () => {
  const world = await openRipeWorld();
  const result = await world.sweep(policy, {
    notifier: notifierTo(async (notice) => {
      world.notices.push(notice);
      world.sandbox.account.setAccessKeyStatus(ripeKey, 'Active');
    }),
  });
  expect(actionsOf(result)).toEqual([`delete ${ripeKey} skipped`]);
  expect(world.changes()).toEqual([`Inactive ${ripeKey}`]);
  expect(await world.entry(ripeKey)).toMatchObject({ stage: 'restored', restoration: { by: 'person' } });
  // A deletion was announced, so people are notified that it did not happen.
  expect(world.notices.at(-1)?.data.kind).toBe('correction');
});

it('a new user of the same name inherits nothing: neither a warning nor the time until a deletion', async () => {
  const seed = accountWith([{ name: 'bob', accessKeys: [{ id: ripeKey, createdAt: '2026-08-15T00:00:00Z' }] }]);
  const world = await openSweepWorld({ seed });
  await world.nights(20, policy, []);
  expect(world.changes()).toEqual([`Inactive ${ripeKey}`]);
  const { account } = world.sandbox;
  account.deleteAccessKey(ripeKey);
  account.deleteUser('bob');
  account.createUser('bob');
  const { id } = account.createAccessKey('bob');
  account.setAccessKeyStatus(id, 'Inactive');
  await world.nights(25, policy, []);
  expect(await world.entry(ripeKey)).toMatchObject({ stage: 'deleted', deletion: { by: 'person' } });
  expect(await world.entry(id)).toBeUndefined();
  expect(world.changes()).toEqual([`Inactive ${ripeKey}`]);
});
