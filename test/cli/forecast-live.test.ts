import { expect, it } from 'vitest';
import type { CredentialSource } from '../../core/ports.ts';
import { forecastLive } from '../../engine/forecast.ts';
import { remember } from '../../engine/remember.ts';
import { account, enforcePolicy, openSweepWorld, unusedKey } from '../support/sweep-world.ts';

const denied = { ok: false, problem: { code: 'access-denied', message: 'AccessDenied: the caller lacks it' } } as const;

it.each<[string, Partial<CredentialSource>, why: string]>([
  ['AWS still knows it', {}, `${unusedKey} is not listed, but AWS still shows its user`],
  ['AWS does not say whose keys they are', { ownerOf: async () => denied }, denied.problem.message],
])('a key of a renamed user is not foretold as deleted, but listed as unknown: %s', async (_, changes, why) => {
  const world = await openSweepWorld();
  const policy = enforcePolicy();
  await world.sweep(policy);
  world.pass(1);
  const audited = await world.auditNow(policy);
  const withoutBob = {
    ...audited,
    users: audited.users.filter(({ principal }) => principal.name !== 'bob'),
    userNames: audited.userNames.filter((name) => name !== 'bob'),
  };
  const missing = { ok: false, problem: { code: 'not-found', message: 'there is no user bob' } } as const;
  const source: CredentialSource = {
    ...world.source,
    ...changes,
    credentials: async (kind, name) => (name === 'bob' ? missing : world.source.credentials(kind, name)),
  };
  const from = world.sandbox.clock.now();
  const span = { from, nights: 30, use: 'continue' } as const;
  const remembered = await remember(world.ledger, account, from);
  const { forecast } = await forecastLive(source, withoutBob, remembered, policy, span);
  expect(forecast.events.filter(({ credential }) => credential.id === unusedKey)).toEqual([]);
  expect(forecast.unknown).toMatchObject([{ credential: { id: unusedKey }, why }]);
});
