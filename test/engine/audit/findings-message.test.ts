/** What the auditor notifies people of: findings that are new or resolved; its own handler, over the sandbox. */
import { expect, it, vi } from 'vitest';
import { DAY, HOUR } from '../../../core/duration.ts';
import type { Mode } from '../../../core/policy/policy.ts';
import { handler as auditor } from '../../../lambda/auditor/index.ts';
import { handler as rotator } from '../../../lambda/rotator/index.ts';
import type { AccountSeed } from '../../../sandbox/index.ts';
import { useAwsConfig } from '../../support/aws-config.ts';
import { bucket, deployService, type Handlers } from '../../support/deployed-service.ts';
import { openByMessages } from '../../support/finding-follower.ts';
import { account, enforcePolicy, fewKeys, staleKey, unusedKey } from '../../support/sweep-world.ts';

// Before the handlers make their loggers: they write to standard output.
vi.hoisted(() => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
});
useAwsConfig();

const kept = `findings/${account}.json`;
/** Stale keys, two keys of one user, a password without MFA, and a root user who is fine. */
const seed: AccountSeed = {
  ...fewKeys,
  root: { mfa: true },
  users: [...fewKeys.users, { name: 'erin', password: { lastUsed: '2026-11-01T10:00:00Z' } }],
};
const rootKey = 'AKIAROOTAAAAAAAAAAAA';
/** Root has a key, and no MFA; there is no one else. */
const alarming: AccountSeed = {
  ...fewKeys,
  root: { accessKeys: [{ id: rootKey, createdAt: '2026-01-01T00:00:00Z' }] },
  users: [],
};

const handlers = { auditor, rotator } as unknown as Handlers;

async function deploy(options: { readonly mode?: Mode; readonly seed?: AccountSeed } = {}) {
  const { mode = 'audit' } = options;
  const service = await deployService(handlers, { policy: enforcePolicy({ mode }), seed: options.seed ?? seed });
  const { sandbox } = service;
  return {
    ...service,
    /** `GROUP KEY or USER`, of each message since the first `from`. */
    listed: (from = 0): readonly (readonly string[])[] =>
      service
        .notices('news')
        .map(({ items }) => {
          return items.map(({ group, rule, principal, credential }) => {
            return `${group.includes('/') ? group : `${group}/${rule}`} ${credential?.id ?? principal.name}`;
          });
        })
        .slice(from),
    record: () => JSON.parse(sandbox.buckets.get(bucket, kept)?.body ?? ''),
    putRecord: (record: object) => {
      sandbox.buckets.put(bucket, kept, { body: JSON.stringify(record), contentType: 'application/json' });
    },
    /** Publishing to that topic fails for so many tries. */
    silence: (count: number) =>
      sandbox.faults.add({ action: 'sns:Publish', kind: 'error', code: 'NotFound', status: 404, count }),
  };
}

const everything = [
  `new-high/access-key-unused ${staleKey}`,
  `new-high/access-key-never-used ${unusedKey}`,
  'new-high/console-mfa-missing erin',
  expect.stringMatching(/^new-medium\/access-key-too-old /),
  'new-low/access-keys-two-active alice',
];
const deletedWithTheStaleKey = [`resolved/access-key-unused ${staleKey}`, 'resolved/access-keys-two-active alice'];

it('on the first night notifies of everything that is open, and that it is the first', async () => {
  const service = await deploy();
  expect(await service.audit()).toMatchObject({ tries: 1, result: { alerted: false, newsPublished: true } });
  expect(service.listed()).toEqual([everything]);
  expect(service.subjects('news')).toEqual(['[acme] 5 new findings (3 high, 1 medium, 1 low)']);
  expect(service.mails('news')[0]?.replaceAll('\n', ' ')).toContain('keysweep has reported no earlier audit');
  expect(service.notices('news')[0]?.fullReport).toContain('-audit.txt');
  expect(service.sandbox.messages.map(({ attributes }) => attributes.kind?.value)).toEqual(['findings']);
});

it('notifies of nothing again: neither in the same night, nor in the next', async () => {
  const service = await deploy();
  await service.audit();
  expect(await service.audit()).toMatchObject({ tries: 1, result: { newsPublished: false } });
  service.pass(1);
  await service.audit();
  expect(service.listed()).toHaveLength(1);
});

it('notifies of what is resolved and what is new since, once, and since when', async () => {
  const service = await deploy();
  await service.audit();
  service.pass(1);
  await service.audit();
  service.sandbox.account.deleteAccessKey(staleKey);
  service.pass(1);
  await service.audit();
  service.pass(1);
  await service.audit();
  expect(service.listed(1)).toEqual([deletedWithTheStaleKey]);
  expect(service.subjects('news')[1]).toBe('[acme] 2 resolved');
  expect(service.notices('news')[1]).toMatchObject({ severity: 'info', audit: { fail: 3 } });
  expect(service.mails('news')[1]).toContain('Changes since the audit of 2026-11-03 04:31 UTC.');
});

it.each<Mode>(['warn', 'enforce'])('leaves to the digest of the sweep in mode %s what it notifies of', async (mode) => {
  const service = await deploy({ mode });
  await service.audit();
  service.sandbox.account.deleteAccessKey(staleKey);
  service.pass(1);
  await service.audit();
  expect(service.listed()).toEqual([
    ['new-high/console-mfa-missing erin', 'new-low/access-keys-two-active alice'],
    ['resolved/access-keys-two-active alice'],
  ]);
  expect(service.mails('news')[0]?.replaceAll('\n', ' ')).toContain('the digest reports them.');
});

it('notifies of a key that cannot be judged in every mode, and no longer once it can', async () => {
  const service = await deploy({ mode: 'enforce' });
  await service.audit();
  const fault = service.sandbox.faults.add({ action: 'iam:GetAccessKeyLastUsed', kind: 'denied' });
  for (let night = 0; night < 2; night++) {
    service.pass(1);
    await service.audit();
  }
  fault.remove();
  service.pass(1);
  await service.audit();
  const [unjudged = [], ...more] = service.listed(1);
  expect(more).toEqual([]);
  expect(unjudged).toContain(`not-judged/access-key-unused ${staleKey}`);
  expect(service.notices('news')[1]?.items.map(({ status }) => status)).toEqual(unjudged.map(() => 'error'));
});

it('says nothing of findings that the alert lists, until one of them is resolved', async () => {
  const service = await deploy({ seed: alarming });
  expect(await service.audit()).toMatchObject({ tries: 1, result: { alerted: true, newsPublished: false } });
  expect(service.subjects('news')).toEqual([]);
  service.sandbox.account.deleteAccessKey(rootKey);
  service.pass(1);
  await service.audit();
  expect(service.listed()).toEqual([['resolved/root-access-key <root_account>']]);
  expect(service.notices('news')[0]).toMatchObject({ severity: 'info', items: [{ severity: 'critical' }] });
  expect(service.mails('news')[0]?.replaceAll('\n', ' ')).toContain(
    '1 critical finding is listed in the alert, not here',
  );
});

it('where it could not be published, hands over all the same, fails, and is made up for by the next try', async () => {
  const service = await deploy();
  service.silence(1);
  expect(await service.audit()).toMatchObject({ tries: 2, result: { newsPublished: true } });
  expect(service.completed()).toHaveLength(2);
  expect(service.listed()).toEqual([everything]);
  expect(service.mails('news')[0]).toContain('keysweep has reported no earlier audit');
});

it('where no one could be notified all night, the next audit notifies of all at once, as it is now', async () => {
  const service = await deploy();
  service.silence(3);
  expect((await service.audit()).deadLetter?.error).toMatchObject({ code: 'NotFound' });
  expect(service.completed()).toHaveLength(3);
  service.sandbox.account.deleteAccessKey(staleKey);
  service.pass(1);
  expect(await service.audit()).toMatchObject({ tries: 1 });
  // SNS may have taken a message whose answer was lost: a reader who knows of the key must learn that it no longer exists.
  expect(service.listed()).toEqual([[...everything.slice(1, 4), ...deletedWithTheStaleKey]]);
  expect(service.notices('news')[0]?.items[0]?.foundAt).toMatch(/^2026-11-02/);
});

it('where a delivery could not be recorded, everything is delivered again, with the id of the first message', async () => {
  const service = await deploy();
  // The record, the reports and the snapshot are kept before it.
  service.sandbox.faults.add({ action: 's3:PutObject', kind: 'denied', after: 4, count: 1 });
  expect(await service.audit()).toMatchObject({ tries: 2 });
  expect(service.listed()).toEqual([everything, everything]);
  const [first, second] = service.notices('news');
  expect(second?.id).toBe(first?.id);
  service.pass(1);
  await service.audit();
  expect(service.notices('news')).toHaveLength(2);
});

it('two audits at once notify of the same, and leave nothing pending', async () => {
  const service = await deploy();
  await Promise.all([service.audit(), service.audit()]);
  const messages = service.notices('news');
  expect(messages.length).toBeGreaterThan(0);
  expect(new Set(messages.map(({ id }) => id)).size).toBe(1);
  expect(openByMessages(messages)).toHaveLength(everything.length);
  service.pass(1);
  await service.audit();
  expect(service.notices('news')).toHaveLength(messages.length);
});

it('notifies no one of what it could not put on record: it would every night', async () => {
  const service = await deploy();
  const closed = service.sandbox.faults.add({ action: 's3:GetObject', kind: 'denied' });
  expect((await service.audit()).deadLetter).toBeDefined();
  expect(service.subjects('news')).toEqual([]);
  closed.remove();
  service.pass(1);
  await service.audit();
  expect(service.listed()).toEqual([everything]);
});

it('an audit that is older than the record notifies of nothing', async () => {
  const service = await deploy();
  await service.audit();
  const record = service.record();
  const asOf = new Date(new Date(record.asOf).getTime() + DAY + HOUR).toISOString();
  service.putRecord({ ...record, asOf, unjudged: [], findings: [] });
  service.pass(1);
  expect(await service.audit()).toMatchObject({ result: { newsPublished: false } });
  expect(service.notices('news')).toHaveLength(1);
});
