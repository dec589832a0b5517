/** A last use that cannot be read: what is known without it is judged, and what rests on it is not. */
import { describe, expect, it } from 'vitest';
import type { FaultEffect } from '../../sandbox/index.ts';
import { account, actionsOf, enforcePolicy, firstNight, openSweepWorld } from '../support/sweep-world.ts';

const key = 'AKIAELDERAAAAAAAAAAA';
const policy = enforcePolicy();

/** Too old, and by the report unused for 300 days. */
const elder = {
  id: account,
  now: firstNight.toISOString(),
  users: [
    {
      name: 'bob',
      accessKeys: [{ id: key, createdAt: '2025-09-01T00:00:00Z', lastUsed: { at: '2026-01-06T10:00:00Z' } }],
    },
  ],
};

const effects: [string, FaultEffect][] = [
  ['denied', { kind: 'denied' }],
  ['throttled', { kind: 'throttle' }],
  ['garbage', { kind: 'garbage' }],
];

describe.each(effects)('GetAccessKeyLastUsed %s', (_, effect) => {
  const open = async () => {
    const world = await openSweepWorld({ seed: elder, connect: { maxAttempts: 1 } });
    const fault = world.sandbox.faults.add({ action: 'iam:GetAccessKeyLastUsed', ...effect });
    return { world, fault };
  };

  it('too old is judged by the age that ListAccessKeys confirmed; unused is an error that says what is missing', async () => {
    const { world } = await open();
    const { audit, users } = await world.auditNow(policy);
    const found = audit.findings.filter(({ principal }) => principal.kind === 'user');
    expect(found.map(({ rule, status, reason }) => `${rule} ${status} ${reason}`)).toEqual([
      expect.stringMatching(
        /^access-key-unused error unused for 299 days \(limit 45\) according to the report; not confirmed: .*iam:GetAccessKeyLastUsed/,
      ),
      'access-key-too-old fail created 427 days ago (limit 90)',
    ]);
    expect(users[0]?.credentials[0]).toMatchObject({ status: { known: true, value: 'Active' }, source: 'live' });
    expect(users[0]?.credentials[0]?.unverified).toBeUndefined();
  });

  it('nothing is deactivated while it lasts; once it is read again, the key gets its whole warning', async () => {
    const { world, fault } = await open();
    const sweeps = await world.nights(40, policy, []);
    expect(world.changes()).toEqual([]);
    expect(sweeps.at(-1)?.outcome).toBe('partial');
    expect(sweeps.at(-1)?.skipped).toMatchObject([{ skipReason: 'unknown', credential: { id: key } }]);
    fault.remove();
    const begun = world.sandbox.clock.now().getTime();
    const after = await world.nights(16, policy, []);
    expect(after.flatMap(actionsOf)).toContain(`deactivate ${key} applied`);
    const [write] = world.sandbox.writes.filter(({ by }) => by === 'api');
    expect(Number(write?.at) - begun).toBeGreaterThanOrEqual(14 * 86_400_000);
  });
});
