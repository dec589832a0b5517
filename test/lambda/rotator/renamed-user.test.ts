/** A user may be given another name: its keys stay, under the new one. */
import { expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import type { CredentialSource, LiveRead } from '../../../core/ports.ts';
import { findRestoreCandidate } from '../../../lambda/rotator/restore.ts';
import { openMixedNight, restoredKey } from '../../support/mixed-night.ts';
import { account, enforcePolicy, type RotationWorld } from '../../support/rotation-world.ts';

const owner = { id: account, partition: 'aws' };

// Nothing is wrong with erin’s key but what the ledger says of it, so that nobody reads its id.
const policy = enforcePolicy({}, { maxAge: 1000 * DAY });

/** What IAM answers once erin is called irene. */
function renamed({ source }: RotationWorld): CredentialSource {
  const problem = (code: 'not-found' | 'unexpected', message: string): LiveRead<never> => {
    return { ok: false, problem: { code, message } };
  };
  return {
    ...source,
    accessKeys: async (name) =>
      name === 'erin'
        ? problem('not-found', 'there is no user erin')
        : source.accessKeys(name === 'irene' ? 'erin' : name),
    accessKeyLastUse: async (name, id) =>
      id === restoredKey && name === 'erin'
        ? problem('unexpected', 'it belongs to irene, not to erin')
        : source.accessKeyLastUse(name === 'irene' ? 'erin' : name, id),
  };
}

it('a key of a renamed user is not taken for deleted', async () => {
  const world = await openMixedNight();
  world.sandbox.account.setAccessKeyStatus(restoredKey, 'Inactive');
  const { users, userNames, ...snapshot } = await world.auditNow(policy);
  const rotation = await world.rotateBy(
    {
      ...snapshot,
      users: users.map((user) => {
        const { principal } = user;
        return principal.name === 'erin' ? { ...user, principal: { ...principal, name: 'irene' } } : user;
      }),
      userNames: userNames.map((name) => (name === 'erin' ? 'irene' : name)),
    },
    policy,
    { source: renamed(world) },
  );
  expect(await world.entry(restoredKey)).toMatchObject({ stage: 'deactivated' });
  expect(rotation.left).toContainEqual(
    expect.objectContaining({ hold: 'unknown', why: 'it belongs to irene, not to erin' }),
  );
});

it('its key can be restored under the name that the user has now', async () => {
  const world = await openMixedNight();
  world.sandbox.account.setAccessKeyStatus(restoredKey, 'Inactive');
  const credentialReport = async () => {
    const report = await world.source.credentialReport();
    const text = new TextDecoder().decode(report.content).replaceAll('erin', 'irene');
    return { ...report, content: new TextEncoder().encode(text) };
  };
  const ports = { ...world.ports, source: { ...renamed(world), credentialReport } };
  const { state, isActive } = await findRestoreCandidate(ports, owner, restoredKey, 'irene');
  expect([state.principal.name, isActive]).toEqual(['irene', false]);
  // By the ledger's name there is an answer that does not sound as if the key were lost.
  await expect(findRestoreCandidate(ports, owner, restoredKey, 'erin')).rejects.toMatchObject({
    code: 'AccessKeyUnreadable',
    message: expect.stringContaining('belongs to irene'),
  });
});
