/** A user may be given another name: its keys stay, under the new one, and so does what keysweep knows of them. */
import { expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { findRestoreCandidate, restore } from '../../../engine/restore/restore.ts';
import { openMixedNight, restoredKey } from '../../support/mixed-night.ts';
import { account, enforcePolicy, type SweepWorld } from '../../support/sweep-world.ts';

const owner = { id: account, partition: 'aws' };

// Nothing is wrong with erin’s key but what the ledger says of it, so that no one reads its id.
const policy = enforcePolicy({}, { maxAge: 1000 * DAY });

/** Erin, whose key keysweep has deactivated, is irene from now on. */
async function openRenamed(): Promise<SweepWorld> {
  const world = await openMixedNight();
  world.sandbox.account.setAccessKeyStatus(restoredKey, 'Inactive');
  world.sandbox.account.updateUser('erin', { name: 'irene' });
  return world;
}

it('the key is followed, kept waiting, and deleted under the name that its user has then', async () => {
  const world = await openRenamed();
  // The report shows no erin any more, and no one lists irene’s keys: the ledger alone knows of this one.
  await world.sweep(policy);
  expect(await world.entry(restoredKey)).toMatchObject({ stage: 'deactivated', principal: { name: 'irene' } });
  for (let night = 0; night < 70 && (await world.entry(restoredKey))?.stage !== 'deleted'; night++) {
    world.pass(1, []);
    await world.sweep(policy);
  }
  expect(await world.entry(restoredKey)).toMatchObject({
    stage: 'deleted',
    deletion: { by: 'keysweep' },
    principal: { name: 'irene', arn: `arn:aws:iam::${account}:user/irene` },
    userId: world.sandbox.account.user('irene').id,
  });
  expect(world.changes()).toContain(`deleted ${restoredKey}`);
});

it('its key is not taken for deleted where AWS does not say whose keys they are, and is followed once it does', async () => {
  const world = await openRenamed();
  world.sandbox.faults.add({ action: 'iam:GetAccessKeyLastUsed', kind: 'denied' });
  const before = await world.entry(restoredKey);
  const result = await world.sweep(policy);
  expect(result.outcome).toBe('partial');
  expect(result.skipped).toContainEqual(
    expect.objectContaining({ skipReason: 'unknown', credential: { kind: 'access-key', id: restoredKey } }),
  );
  expect(await world.entry(restoredKey)).toEqual(before);
  world.sandbox.faults.clear();
  world.pass(1, []);
  await world.sweep(policy);
  expect(await world.entry(restoredKey)).toMatchObject({ stage: 'deactivated', principal: { name: 'irene' } });
});

it('restore does not call its key deleted where AWS does not say whose keys they are, and says how to continue', async () => {
  const world = await openRenamed();
  world.sandbox.faults.add({ action: 'iam:GetAccessKeyLastUsed', kind: 'denied' });
  const looking = findRestoreCandidate(world.ports, owner, restoredKey, 'erin');
  await expect(looking).rejects.toMatchObject({
    code: 'AccessKeyNotFound',
    message: expect.stringMatching(
      /^user erin has no access key AKIA\w+, or AWS does not say which user has it now: Acc/,
    ),
    hint: expect.stringMatching(/^AWS denies this also for keys that do not exist\. .*--user NAME\.$/),
  });
});

it('another user with that name now is not touched, and the key is not taken for deleted', async () => {
  const world = await openRenamed();
  world.sandbox.account.createUser('erin');
  world.sandbox.account.createAccessKey('erin');
  await world.sweep(policy);
  expect(await world.entry(restoredKey)).toMatchObject({ stage: 'deactivated' });
  expect(world.changes().join()).not.toContain(restoredKey);
});

it.each(['irene', 'erin'])('its key can be restored by the name %s', async (name) => {
  const world = await openRenamed();
  const candidate = await findRestoreCandidate(world.ports, owner, restoredKey, name);
  expect([candidate.state.principal.name, candidate.isActive]).toEqual(['irene', false]);
  await restore(world.ports, { candidate, who: 'ann', why: 'production', id: 'r' });
  expect(world.sandbox.account.findAccessKey(restoredKey)?.key.status).toBe('Active');
  expect(await world.entry(restoredKey)).toMatchObject({ stage: 'restored', principal: { name: 'irene' } });
});

it('its key can be restored by the old name, although someone else has that now', async () => {
  const world = await openRenamed();
  world.sandbox.account.createUser('erin');
  const candidate = await findRestoreCandidate(world.ports, owner, restoredKey, 'erin');
  await restore(world.ports, { candidate, who: 'ann', why: 'production', id: 'r' });
  expect(world.sandbox.account.findAccessKey(restoredKey)?.key.status).toBe('Active');
  expect(await world.entry(restoredKey)).toMatchObject({
    stage: 'restored',
    principal: { name: 'irene' },
    userId: world.sandbox.account.user('irene').id,
  });
});

it('a user who is renamed the moment before the change is not taken for deleted', async () => {
  const world = await openMixedNight();
  const { actions } = world.ports;
  const setStatus: typeof actions.setStatus = async (user, credential, status) => {
    if (user === 'ivan') world.sandbox.account.updateUser('ivan', { name: 'igor' });
    return actions.setStatus(user, credential, status);
  };
  const result = await world.sweep(enforcePolicy(), { actions: { ...actions, setStatus } });
  expect(result.outcome).toBe('partial');
  const action = result.actions.find(({ principal }) => principal.name === 'ivan');
  expect(action).toMatchObject({ type: 'deactivate', outcome: 'failed' });
  const key = world.sandbox.account.user('igor').accessKeys[0];
  expect(key?.status).toBe('Active');
  world.pass(1, []);
  await world.sweep(enforcePolicy());
  expect(key?.status).toBe('Inactive');
});
