/** A deletion wants the key inactive at every sweep since its deactivation, also at one that could not read everything. */
import { expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { actionsOf, enforcePolicy, openSweepWorld, unusedKey } from '../../support/sweep-world.ts';

const policy = enforcePolicy({}, { warn: [DAY, DAY], deleteAfter: DAY });

it.each([
  ['its last use', 'iam:GetAccessKeyLastUsed'],
  ['the list of keys, so that only the report shows it', 'iam:ListAccessKeys'],
])('a person reactivated it for one night, in which AWS denies %s', async (_, action) => {
  const world = await openSweepWorld();
  const { sandbox, pass, sweep } = world;
  await world.nights(2, policy);
  await sweep(policy);
  expect(world.changes()).toContain(`Inactive ${unusedKey}`);

  pass(1);
  sandbox.account.setAccessKeyStatus(unusedKey, 'Active');
  const denial = sandbox.faults.add({ action, kind: 'denied' });
  expect(actionsOf(await sweep(policy))).toContain(`observe restored ${unusedKey} applied`);
  denial.remove();

  pass(1);
  sandbox.account.setAccessKeyStatus(unusedKey, 'Inactive');
  expect(actionsOf(await sweep(policy))).toContain(`observe deactivated ${unusedKey} applied`);
  expect(world.changes()).not.toContain(`deleted ${unusedKey}`);
});
