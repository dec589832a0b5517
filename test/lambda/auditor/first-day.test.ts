/** What the auditor does when the stack has been created. Its own handler, over the sandbox. */
import { expect, it, vi } from 'vitest';
import { handler as auditor } from '../../../lambda/auditor/index.ts';
import { handler as rotator } from '../../../lambda/rotator/index.ts';
import { useAwsConfig } from '../../support/aws-config.ts';
import { bucket, deployService, type Handlers } from '../../support/deployed-service.ts';
import { enforcePolicy } from '../../support/sweep-world.ts';

interface Emitted {
  readonly service: string;
  readonly installation: string;
  readonly values: Readonly<Record<string, number>>;
}

// Before the handlers make their loggers: they write to standard output.
const emitted = vi.hoisted((): Emitted[] => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  return [];
});
vi.mock('../../../lambda/metrics.ts', () => ({
  createMetricsEmitter: (service: string) => (metrics: { name: string; value: number }[], installation: string) => {
    const values = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    emitted.push({ service, installation, values });
  },
}));
useAwsConfig();

async function deploy() {
  emitted.length = 0;
  return deployService({ auditor, rotator } as unknown as Handlers, { policy: enforcePolicy() });
}

it('says that no sweep has completed yet, and does nothing else', async () => {
  const service = await deploy();
  service.sandbox.clearRequests();
  expect(await service.audit({ trigger: 'deployment', audit: false })).toEqual({ tries: 1, result: undefined });
  expect(emitted).toEqual([{ service: 'rotator', installation: 'Keysweep', values: { CompletedRuns: 0 } }]);
  // The credential report of the test itself.
  expect(Object.keys(service.sandbox.requestCounts()).filter((action) => !action.includes('CredentialReport'))).toEqual(
    [],
  );
});

it('audits and notifies people, but starts no sweep, even in mode enforce', async () => {
  const service = await deploy();
  const { result } = await service.audit({ trigger: 'deployment', audit: true });
  expect(result).toMatchObject({ newsPublished: true });
  expect(service.subjects('news')).toHaveLength(1);
  expect(service.completed()).toEqual([]);
  const folders = service.sandbox.buckets.keys(bucket).map((key) => key.split('/')[0]);
  expect([...new Set(folders)]).toEqual(['findings', 'reports']);
  expect(emitted.map(({ service: of }) => of)).toEqual(['rotator', 'auditor']);
  expect(emitted[1]?.values).toMatchObject({ CompletedRuns: 1, PartialRuns: 0 });
});

it('does not say that no one is reached: no one can have confirmed anything yet', async () => {
  const service = await deploy();
  for (const name of ['alerts', 'digests']) {
    const topic = service.sandbox.topics.topic(service.sandbox.topicArn(name));
    for (const { arn } of service.sandbox.topics.subscriptions(topic)) service.sandbox.topics.unsubscribe(arn);
  }
  await service.audit({ trigger: 'deployment', audit: true });
  expect(emitted[1]?.values).toMatchObject({ PartialRuns: 0 });
  expect(emitted[1]?.values).not.toHaveProperty('UnreachedTopics');
  // The first night sends the findings again.
  service.pass(1);
  await service.audit();
  expect(emitted.at(-1)?.values).toMatchObject({ UnreachedTopics: 2, PartialRuns: 1 });
  expect(service.subjects('news')).toHaveLength(2);
});

it.each([[{ trigger: 'schedule' }], [{}], [undefined], ['deployment']])(
  'any other event is a night: %j',
  async (event) => {
    const service = await deploy();
    await service.audit(event);
    expect(service.completed()).toHaveLength(1);
  },
);
