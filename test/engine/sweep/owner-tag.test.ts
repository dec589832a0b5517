import { expect, it } from 'vitest';
import { account, enforcePolicy, firstNight, openSweepWorld } from '../../support/sweep-world.ts';

it.each([
  ['owner', { Owner: 'ann@example.com' }],
  ['Owner', { OWNER: 'ann@example.com' }],
])('a policy with ownerTag %s names the owner whatever the case of the tag', async (ownerTag, tags) => {
  const accessKeys = [{ id: 'AKIAKEYONEAAAAAAAAAA', createdAt: '2026-01-15T00:00:00Z' }];
  const seed = { id: account, now: firstNight.toISOString(), users: [{ name: 'bob', tags, accessKeys }] };
  const world = await openSweepWorld({ seed });
  await world.sweep(enforcePolicy({ notices: { ownerTag, channels: [] } }));
  expect(world.notices.flatMap(({ data }) => data.items.map(({ owner }) => owner))).toEqual(['ann@example.com']);
});

it('says where the owners cannot be read: a notice without an owner would look like one of no one’s key', async () => {
  const world = await openSweepWorld();
  world.sandbox.faults.add({ action: 'iam:ListUserTags', user: 'bob', kind: 'denied' });
  world.sandbox.faults.add({ action: 'iam:GetAccountAuthorizationDetails', kind: 'denied' });
  await world.sweep(enforcePolicy());
  expect(world.notices.flatMap(({ data }) => data.notes)).toEqual([
    expect.stringMatching(/^The owner tags of 1 user could not be read: AccessDenied: .*iam:ListUserTags/),
  ]);
});
