/** Report and IAM agree on a last use that cannot be: before the key was created. */
import { expect, it } from 'vitest';
import { auditAccount } from '../../../engine/audit/audit.ts';
import { enforcePolicy, oldKey, openSweepWorld } from '../../support/sweep-world.ts';

/** A key that is too old, and goes where no one uses it. */
async function isDeactivated(shownUse: Date) {
  const world = await openSweepWorld();
  const policy = enforcePolicy();
  const truth = world.sandbox.account.findAccessKey(oldKey)?.key.uses.latest();
  const trueUse = `${new Date(truth?.at ?? 0).toISOString().slice(0, -5)}Z`;
  const source: typeof world.source = {
    ...world.source,
    lastUse: async (userName, credential) =>
      credential.id === oldKey
        ? { ok: true, value: { kind: 'used', at: shownUse } }
        : world.source.lastUse(userName, credential),
    credentialReport: async () => {
      const report = await world.source.credentialReport();
      const text = new TextDecoder().decode(report.content).replaceAll(trueUse, shownUse.toISOString());
      return { ...report, content: new TextEncoder().encode(text) };
    },
  };
  for (let night = 0; night < 30; night++) {
    const snapshot = await auditAccount({ source }, policy, world.sandbox.clock.now());
    await world.rotateBy(snapshot, policy, { source });
    world.pass(1, []);
  }
  return world.changes().includes(`Inactive ${oldKey}`);
}

it('nothing depends on it: the key stays active', async () => {
  expect(await isDeactivated(new Date('2020-01-01T00:00:00Z'))).toBe(false);
});

it('a plausible use lets the change happen', async () => {
  expect(await isDeactivated(new Date('2026-06-01T00:00:00Z'))).toBe(true);
});
