import { expect, it } from 'vitest';
import { HOUR } from '../../../core/duration.ts';
import { openRipeWorld, ripeKey } from '../../support/ripe-key.ts';
import { actionsOf, enforcePolicy } from '../../support/sweep-world.ts';

it('a live last use that is older than the known one takes nothing back: the deletion starts over', async () => {
  const world = await openRipeWorld();
  const { account, clock } = world.sandbox;
  account.setAccessKeyStatus(ripeKey, 'Active');
  account.useAccessKey(ripeKey, clock.now());
  account.setAccessKeyStatus(ripeKey, 'Inactive');
  clock.advance(5 * HOUR);
  const policy = enforcePolicy();
  const snapshot = await world.auditNow(policy);
  // The answers of IAM lag behind one another: the report shows a use that the live read does not.
  const source: typeof world.source = {
    ...world.source,
    lastUse: async () => ({ ok: true, value: { kind: 'never' } }),
  };

  const result = await world.rotateBy(snapshot, policy, { source });

  expect(actionsOf(result)).toEqual([`observe deactivated ${ripeKey} applied`]);
  expect((await world.entry(ripeKey))?.deactivation).toMatchObject({ at: clock.now(), by: 'person' });
});
