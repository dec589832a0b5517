/** Anyone who puts a user under an exempt glob, or tags it exempt, makes its keys exempt: people are notified of each, once. */
import { expect, it, vi } from 'vitest';
import type { Exemption } from '../../../core/policy/policy.ts';
import { handler as auditor } from '../../../lambda/auditor/index.ts';
import { handler as rotator } from '../../../lambda/rotator/index.ts';
import type { AccountSeed } from '../../../sandbox/index.ts';
import { useAwsConfig } from '../../support/aws-config.ts';
import { deployService, type Handlers } from '../../support/deployed-service.ts';
import { account, enforcePolicy, firstNight } from '../../support/sweep-world.ts';

// Before the handlers make their loggers: they write to standard output.
vi.hoisted(() => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
});
useAwsConfig();

const about = { rules: '*', reason: 'sealed', owner: 'security@example.com', expires: '2030-01-01' } as const;
const exemptions: readonly Exemption[] = [
  { match: { tag: { keysweep: 'keep' } }, ...about },
  { match: { user: 'break-glass-*' }, ...about },
];
const handlers = { auditor, rotator } as unknown as Handlers;
const key = 'AKIAKEYONEAAAAAAAAAA';

async function deploy(users: AccountSeed['users'], given: readonly Exemption[] = exemptions) {
  const seed = { id: account, alias: 'acme', now: firstNight.toISOString(), root: { mfa: true }, users };
  const service = await deployService(handlers, {
    policy: enforcePolicy({ mode: 'enforce', exemptions: given }),
    seed,
  });
  return {
    ...service,
    /** `KEY of USER by MATCH` of everything announced, in the order of the messages. */
    announced: () =>
      service.notices('news').flatMap(({ items }) => {
        return items.flatMap(({ group, principal, credential, exemption }) => {
          const what = `${credential?.id ?? ''} of ${principal.name} by ${exemption?.number} ${exemption?.match}`;
          return group === 'newly-exempt' ? [what] : [];
        });
      }),
  };
}

it('a key that someone makes under an exempt glob is announced once it would be a finding', async () => {
  const service = await deploy([{ name: 'break-glass-1' }]);
  await service.audit();
  service.sandbox.account.createUser('break-glass-evil');
  const made = service.sandbox.account.createAccessKey('break-glass-evil');
  service.pass(300);
  await service.audit();
  expect(service.announced()).toEqual([`${made.id} of break-glass-evil by 2 user=break-glass-*`]);
  const mail = service.mails('news').at(-1)?.replaceAll(/\s+/g, ' ') ?? '';
  expect(mail).toContain('NEWLY EXEMPT (1)');
  expect(mail).toContain(
    'exempt by exemption 2 (user=break-glass-*) until 2030-01-01: sealed; owner security@example.com',
  );
  const events = service.sandbox.busEvents.filter(({ detailType }) => detailType === 'Finding Exempted');
  expect(events).toHaveLength(1);
  service.pass(1);
  await service.audit();
  expect(service.announced()).toHaveLength(1);
});

it('a user that tags itself exempt is announced, and again by another match', async () => {
  const service = await deploy([{ name: 'mallory', accessKeys: [{ id: key, createdAt: '2025-01-15T00:00:00Z' }] }]);
  await service.audit();
  expect(service.announced()).toEqual([]);
  service.sandbox.account.tagUser('mallory', { KeySweep: 'keep' });
  service.pass(1);
  await service.audit();
  expect(service.announced()).toEqual([`${key} of mallory by 1 tag:keysweep=keep`]);
  service.sandbox.account.untagUser('mallory', ['KeySweep']);
  service.pass(1);
  await service.audit();
  service.sandbox.account.tagUser('mallory', { keysweep: 'keep' });
  service.pass(1);
  await service.audit();
  expect(service.announced()).toHaveLength(2);
});

it('what could not be published is announced the next night', async () => {
  const service = await deploy([
    { name: 'break-glass-1', accessKeys: [{ id: key, createdAt: '2025-01-15T00:00:00Z' }] },
  ]);
  service.sandbox.faults.add({ action: 'sns:Publish', kind: 'error', code: 'NotFound', status: 404, count: 10 });
  await service.audit().catch(() => undefined);
  service.sandbox.faults.clear();
  service.pass(1);
  await service.audit();
  expect(service.announced()).toEqual([`${key} of break-glass-1 by 2 user=break-glass-*`]);
});
