import { expect, it } from 'vitest';
import { openRipeWorld, ripeKey } from '../../support/ripe-key.ts';
import { enforcePolicy } from '../../support/sweep-world.ts';

it('a deletion that only a fresh read led to waits for a sweep that plans it, under the caps', async () => {
  const world = await openRipeWorld();
  // Active while the audit looks, and inactive again when the sweep asks what became of it.
  world.sandbox.account.setAccessKeyStatus(ripeKey, 'Active');
  world.sandbox.clock.advance(1_000);
  const snapshot = await world.auditNow(enforcePolicy());
  world.sandbox.account.setAccessKeyStatus(ripeKey, 'Inactive');

  const result = await world.rotateBy(snapshot, enforcePolicy());

  expect(world.changes()).toEqual([`Inactive ${ripeKey}`]);
  expect(result.skipped).toMatchObject([{ skipReason: 'waiting', credential: { id: ripeKey } }]);
});
