/** Messages of the auditor that no one is known to have got: nothing of them counts as delivered. Its own handler, over the sandbox. */
import { expect, it, vi } from 'vitest';
import { findingHistories } from '../../../core/findings/findings-news.ts';
import { decodeOpenFindings } from '../../../core/findings/open-findings-codec.ts';
import { handler as auditor } from '../../../lambda/auditor/index.ts';
import { handler as rotator } from '../../../lambda/rotator/index.ts';
import type { AccountSeed } from '../../../sandbox/index.ts';
import { useAwsConfig } from '../../support/aws-config.ts';
import { bucket, deployService, type Handlers } from '../../support/deployed-service.ts';
import { account, enforcePolicy, fewKeys } from '../../support/sweep-world.ts';

// Before the handlers make their loggers: they write to standard output.
const emitted = vi.hoisted((): { readonly name: string; readonly value: number }[] => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  return [];
});
vi.mock('../../../lambda/metrics.ts', () => ({
  createMetricsEmitter: () => (metrics: typeof emitted) => void emitted.push(...metrics),
}));
useAwsConfig();

const handlers = { auditor, rotator } as unknown as Handlers;
/** Root has a key, and no MFA: two critical findings. */
const alarming: AccountSeed = {
  ...fewKeys,
  root: { accessKeys: [{ id: 'AKIAROOTAAAAAAAAAAAA', createdAt: '2026-01-01T00:00:00Z' }] },
  users: [],
};

async function deploy(seed: AccountSeed) {
  const service = await deployService(handlers, { policy: enforcePolicy({ mode: 'audit' }), seed });
  const { sandbox } = service;
  const topicOf = (name: string) => sandbox.topics.topic(sandbox.topicArn(name));
  return {
    ...service,
    skip: (name: string) => {
      for (const one of sandbox.topics.subscriptions(topicOf(name))) sandbox.topics.unsubscribe(one.arn);
    },
    join: (name: string) => sandbox.topics.subscribe(topicOf(name), 'email', 'b@example.com', { confirmed: true }),
    /** What the record says of each open finding: whether an alert has notified people of it. */
    alerted: () => {
      const text = sandbox.buckets.get(bucket, `findings/${account}.json`)?.body ?? '';
      return [...findingHistories(decodeOpenFindings(text, 'findings')).values()].map(({ alerted }) => alerted);
    },
    counted: (name: string) => emitted.findLast((metric) => metric.name === name)?.value,
  };
}

it('notifies of findings again each night until someone is known to have got it, and then no more', async () => {
  const service = await deploy(fewKeys);
  service.skip('digests');
  for (let night = 1; night <= 3; night++) {
    expect(await service.audit()).toMatchObject({ tries: 1, result: { newsPublished: true } });
    expect(service.subjects('news')).toHaveLength(night);
    expect(service.counted('UnreachedTopics')).toBe(1);
    service.pass(1);
  }
  service.join('digests');
  expect(await service.audit()).toMatchObject({ result: { newsPublished: true } });
  const [first, , , last] = service
    .notices('news')
    .map(({ items }) => items.map(({ rule, credential }) => [rule, credential?.id]));
  expect(last).toEqual(first);
  expect(service.counted('UnreachedTopics')).toBe(0);
  service.pass(1);
  expect(await service.audit()).toMatchObject({ result: { newsPublished: false } });
});

it.each(['sns:ListSubscriptionsByTopic', 'sns:GetSubscriptionAttributes'])(
  'what cannot be determined is no one: %s denied',
  async (action) => {
    const service = await deploy(fewKeys);
    const fault = service.sandbox.faults.add({ action, kind: 'denied' });
    await service.audit();
    expect(service.counted('UnreachedTopics')).toBe(2);
    fault.remove();
    service.pass(1);
    expect(await service.audit()).toMatchObject({ result: { newsPublished: true } });
    service.pass(1);
    expect(await service.audit()).toMatchObject({ result: { newsPublished: false } });
  },
);

it('an alert that no one got is none: its findings are new still in the one that someone gets', async () => {
  const service = await deploy(alarming);
  service.skip('alerts');
  expect(await service.audit()).toMatchObject({ tries: 1, result: { alerted: true } });
  expect(service.alerted()).toEqual([false, false]);
  service.pass(1);
  service.join('alerts');
  await service.audit();
  expect(service.alerted()).toEqual([true, true]);
});
