/** What the deployed auditor reports of changes since the night before: in events to machines, in the alert to people. */
import { expect, it, vi } from 'vitest';
import { DAY, HOUR } from '../../../core/duration.ts';
import { decodeOpenFindings, encodeOpenFindings } from '../../../core/findings/open-findings-codec.ts';
import type { AuditSummary, Finding } from '../../../core/model.ts';
import type { AccountSeed } from '../../../sandbox/index.ts';
import { useAwsConfig } from '../../support/aws-config.ts';
import { bucket, deployService, loadBundle } from '../../support/deployed-service.ts';
import { account, enforcePolicy, fewKeys, oldKey, staleKey, unusedKey } from '../../support/sweep-world.ts';

// Before the handlers make their loggers: they write to standard output.
vi.hoisted(() => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
});

const handlers = { auditor: await loadBundle('auditor'), rotator: await loadBundle('rotator') };
const policy = enforcePolicy({ mode: 'audit' });
const kept = `findings/${account}.json`;
/** Root has a key and no MFA: that wakes people. */
const alarming: AccountSeed = { ...fewKeys, root: { accessKeys: [{ createdAt: '2026-01-01T00:00:00Z' }] } };

useAwsConfig();

async function deploy(seed: AccountSeed = fewKeys) {
  const service = await deployService(handlers, { policy, seed });
  let seen = 0;
  return {
    ...service,
    /** `Finding Opened RULE KEY` for each event since this was last asked. */
    news(): readonly string[] {
      const events = service.sandbox.busEvents.slice(seen);
      seen = service.sandbox.busEvents.length;
      return events
        .filter(({ detailType }) => detailType.startsWith('Finding '))
        .map(({ detailType, detail }) => {
          const { rule, principal, credential } = detail.finding as Finding;
          return [detailType, rule, credential?.id ?? principal.name].join(' ');
        });
    },
  };
}

const firstNews = [
  `Finding Opened access-key-unused ${staleKey}`,
  `Finding Opened access-key-never-used ${unusedKey}`,
  `Finding Opened access-key-too-old ${oldKey}`,
  'Finding Opened access-keys-two-active alice',
  'Finding Opened root-mfa-missing <root_account>',
];

it('reports each finding once when it appears, and once when it no longer exists', async () => {
  const service = await deploy();
  await service.audit();
  expect([...service.news()].sort()).toEqual([...firstNews].sort());
  service.pass(1);
  await service.audit();
  expect(service.news()).toEqual([]);
  service.sandbox.account.deleteAccessKey(staleKey);
  service.pass(1);
  await service.audit();
  expect([...service.news()].sort()).toEqual([
    `Finding Resolved access-key-unused ${staleKey}`,
    'Finding Resolved access-keys-two-active alice',
  ]);
  const [opened, resolved] = service.sandbox.busEvents
    .map(({ detail }) => detail)
    .filter(({ finding }) => (finding as Finding | undefined)?.credential?.id === staleKey);
  expect(opened).toMatchObject({ version: '1', account, since: opened?.asOf, finding: { severity: 'high' } });
  expect(resolved).toMatchObject({
    since: opened?.asOf,
    resolution: 'no-longer-found',
    finding: { credential: { id: staleKey }, reason: 'unused for 61 days (limit 45)' },
  });
  expect(new Date(String(resolved?.asOf)).getTime() - new Date(String(resolved?.since)).getTime()).toBeGreaterThan(DAY);
});

it('neither opens nor resolves what cannot be judged', async () => {
  const service = await deploy();
  await service.audit();
  service.news();
  service.pass(1);
  const fault = service.sandbox.faults.add({ action: 'iam:GetAccessKeyLastUsed', kind: 'denied' });
  const { result } = await service.audit();
  expect((result as { readonly summary: AuditSummary }).summary.error).toBeGreaterThan(0);
  expect(service.news()).toEqual([]);
  fault.remove();
  service.pass(1);
  await service.audit();
  expect(service.news()).toEqual([]);
});

it('says in the alert what is new, once there is an audit to compare with', async () => {
  const service = await deploy(alarming);
  await service.audit();
  service.pass(1);
  await service.audit();
  const subjects = () => service.subjects('alerts').map((subject) => subject?.replace(/ in AWS account.*/, ''));
  expect(subjects()).toEqual(['[acme] 2 critical findings', '[acme] 2 critical findings (none new)']);
  const [first, second] = service.sandbox.messages.filter(({ attributes }) => attributes.kind?.value === 'alert');
  expect([first, second].map((message) => message?.attributes.newFindings?.value)).toEqual(['2', '0']);
  expect(first?.bodies.email).not.toContain('Found ');
  expect(second?.bodies.email).toMatch(/Found {5}first on 2026-11-02 04:30 UTC, 24 hours before this audit/);
});

it('says that findings are new until an alert was sent, and puts them on the bus once', async () => {
  const service = await deploy(alarming);
  service.sandbox.faults.add({ action: 'sns:Publish', kind: 'error', code: 'NotFound', status: 404, count: 6 });
  expect((await service.audit()).deadLetter).toBeDefined();
  expect(service.news()).toHaveLength(firstNews.length + 1);
  service.pass(1);
  await service.audit();
  expect(service.news()).toEqual([]);
  expect(service.subjects('alerts')).toEqual([expect.stringContaining('2 critical findings (2 new)')]);
});

it('publishes later what it could not publish, with the night on which it was found', async () => {
  const service = await deploy();
  const silence = service.sandbox.faults.add({ action: 'events:PutEvents', kind: 'denied' });
  expect((await service.audit()).deadLetter?.error.message).toContain('events:PutEvents');
  silence.remove();
  service.sandbox.account.deleteAccessKey(staleKey);
  service.pass(1);
  await service.audit();
  expect([...service.news()].sort()).toEqual(
    [
      ...firstNews,
      `Finding Resolved access-key-unused ${staleKey}`,
      'Finding Resolved access-keys-two-active alice',
    ].sort(),
  );
  const times = service.sandbox.busEvents.map(({ detail }) => String(detail.asOf).slice(0, 10));
  expect(new Set(times)).toEqual(new Set(['2026-11-02', '2026-11-03']));
});

it('two audits at once leave one record, and events that are the same to the letter', async () => {
  const service = await deploy();
  await Promise.all([service.audit(), service.audit()]);
  const events = service.sandbox.busEvents.filter(({ detailType }) => detailType.startsWith('Finding '));
  const different = new Set(events.map(({ detailType, detail }) => JSON.stringify([detailType, detail])));
  expect(different.size).toBe(firstNews.length);
  service.pass(1);
  service.news();
  await service.audit();
  expect(service.news()).toEqual([]);
});

it('counts everything as new where the record of the last audit is not one, and replaces it', async () => {
  const service = await deploy();
  service.sandbox.buckets.put(bucket, kept, { body: '<html>sign in</html>', contentType: 'text/html' });
  expect(await service.audit()).toMatchObject({ tries: 1 });
  expect(service.news()).toHaveLength(firstNews.length);
  expect(decodeOpenFindings(service.sandbox.buckets.get(bucket, kept)?.body ?? '', kept).findings).toHaveLength(
    firstNews.length,
  );
});

it.each([
  ['leaves the record of a later audit alone', HOUR, 0],
  ['goes on from the record of an audit whose clock was wrong', 400 * DAY, firstNews.length],
])('%s', async (_, ahead, news) => {
  const service = await deploy();
  const asOf = new Date(service.sandbox.clock.now().getTime() + ahead);
  const body = encodeOpenFindings({
    schema: 'keysweep/open-findings/v1',
    ...{ asOf, account, findings: [], exempt: [], unjudged: [] },
    outbox: { alerts: [], digests: [], bus: [] },
  });
  service.sandbox.buckets.put(bucket, kept, { body, contentType: 'application/json' });
  expect(await service.audit()).toMatchObject({ tries: 1 });
  expect(service.news()).toHaveLength(news);
  expect(service.sandbox.buckets.get(bucket, kept)?.body === body).toBe(news === 0);
});

it('wakes people and hands over although the record may not be read, and ends as a dead letter', async () => {
  const service = await deploy(alarming);
  service.sandbox.faults.add({ action: 's3:GetObject', kind: 'denied' });
  const { deadLetter } = await service.audit();
  expect(deadLetter?.error.message).toContain('s3:GetObject');
  expect(service.subjects('alerts')[0]).toMatch(/^\[acme\] 2 critical findings/);
  expect(service.completed()).toHaveLength(3);
  expect(service.news()).toEqual([]);
});
