import { expect, it, vi } from 'vitest';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { seedAccount } from '../../sandbox/index.ts';
import { policyWith, secret, templateOf } from '../lib/synth.ts';
import { useAwsConfig } from '../support/aws-config.ts';
import { bucket, deployService, loadBundle } from '../support/deployed-service.ts';
import { expectSamples, markdownTable, readPage } from '../support/doc-page.ts';

const page = 'docs/operations.md';
const handlers = { auditor: await loadBundle('auditor'), rotator: await loadBundle('rotator') };
const template = templateOf(defaultPolicy);
const withSlack = templateOf(policyWith({ slackWebhookSecret: secret }));

useAwsConfig();

it('has a section for each alarm', () => {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
  expect(alarms.length).toBeGreaterThan(0);
  const headings = new Set(readPage(page).match(/^### .*$/gm));
  for (const { Properties } of alarms) {
    const [, anchor] = / See docs\/operations\.md#([\w-]+)$/.exec(Properties.AlarmDescription) ?? [];
    expect(headings).toContain(`### ${anchor}`);
  }
});

it('names outputs that the stack has', () => {
  const named = readPage(page).match(/\b[A-Z]\w+(?:Arn|FunctionName|LogGroupName|TableName|BucketName)\b/g) ?? [];
  expect(new Set(named).size).toBeGreaterThan(3);
  expect(Object.keys(withSlack.findOutputs('*'))).toEqual(expect.arrayContaining(named));
});

/** Dollars in us-east-1, November 2026. */
const prices = {
  lambdaGigabyteSecond: 0.0000133334,
  lambdaRequest: 0.2 / 1e6,
  metricMonth: 0.3,
  alarmMonth: 0.1,
  logGigabyte: 0.5,
  s3GigabyteMonth: 0.023,
  s3Put: 0.005 / 1e3,
  dynamoWriteUnit: 0.625 / 1e6,
  event: 1 / 1e6,
  email: 2 / 1e5,
  trace: 5 / 1e6,
};
const nights = 30;
const gigabyte = 2 ** 30;

interface MeasuredNight {
  readonly logBytes: number;
  readonly objects: number;
  readonly objectBytes: number;
  readonly transactions: number;
  readonly events: number;
  readonly messages: number;
  readonly metrics: number;
}

/** The first night in mode warn: every stale key is recorded and named in a notice, and no later night writes as much. */
async function measureNight(): Promise<MeasuredNight> {
  const lines: string[] = [];
  const keep = (chunk: unknown) => lines.push(String(chunk)) > 0;
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  try {
    const seed = seedAccount({ users: 1_000, keysPerUser: 2, staleFraction: 0.1 });
    const { sandbox, night } = await deployService(handlers, { policy: { ...defaultPolicy, mode: 'warn' }, seed });
    await night();
    const bodies = sandbox.buckets.keys(bucket).map((key) => sandbox.buckets.get(bucket, key)?.body ?? '');
    const metrics = lines.filter((line) => line.includes('"_aws"')).map((line) => JSON.parse(line));
    return {
      logBytes: lines.join('').length,
      objects: bodies.length,
      objectBytes: bodies.join('').length,
      transactions: sandbox.requestCounts()['dynamodb:TransactWriteItems'] ?? 0,
      events: sandbox.busEvents.length,
      messages: sandbox.messages.length,
      metrics: metrics.flatMap(({ _aws }) => _aws.CloudWatchMetrics[0].Metrics).length,
    };
  } finally {
    out.mockRestore();
  }
}

type Item = readonly [name: string, amount: string, dollars: number];

function costOf(night: MeasuredNight): readonly Item[] {
  const alarms = Object.keys(template.findResources('AWS::CloudWatch::Alarm')).length;
  const kept = defaultPolicy.deployment.snapshotRetention / 86_400_000;
  const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
  const { logBytes, objects, objectBytes, transactions, events, messages, metrics } = night;
  return [
    ['CloudWatch alarms', `${alarms}`, alarms * prices.alarmMonth],
    ['CloudWatch custom metrics', `${metrics}, an hour a day`, (metrics * prices.metricMonth) / 24],
    ['CloudWatch dashboard', '1, of the three that are free', 0],
    ['CloudWatch logs', `${megabytes(logBytes)} a night`, (nights * logBytes * prices.logGigabyte) / gigabyte],
    [
      'Lambda',
      `${nights * 2} runs of a minute`,
      nights * 2 * (60 * 0.5 * prices.lambdaGigabyteSecond + prices.lambdaRequest),
    ],
    [
      'S3',
      `${objects} objects, ${megabytes(objectBytes)} a night, kept for ${kept} days`,
      (kept * objectBytes * prices.s3GigabyteMonth) / gigabyte + nights * objects * prices.s3Put,
    ],
    // An entry and an event at a time, each in a transaction: four write units.
    ['DynamoDB writes', `${transactions} records a night`, nights * transactions * 4 * prices.dynamoWriteUnit],
    ['EventBridge and Scheduler', `${events + 1} events a night`, nights * (events + 1) * prices.event],
    ['SNS', `messages: ${messages} a night, to 5 addresses`, nights * messages * 5 * prices.email],
    ['X-Ray', `${nights * 2} traces`, nights * 2 * prices.trace],
    ["SQS, AWS's own KMS keys, idle table", 'negligible', 0],
  ];
}

function inDollars(dollars: number): string {
  return dollars === 0 ? '0' : dollars < 0.01 ? 'under 0.01' : dollars.toFixed(2);
}

it('states what a month costs, item by item, under 3 dollars (else: npm run docs)', async () => {
  const items = costOf(await measureNight());
  const sum = items.reduce((total, [, , dollars]) => total + dollars, 0);
  expect(sum).toBeLessThan(3);
  const rows = items.map(([name, amount, dollars]) => [name, amount, inDollars(dollars)]);
  const table = markdownTable(
    ['item', 'how much', 'dollars a month'],
    [...rows, ['**sum**', '', `**${inDollars(sum)}**`]],
  );
  await expectSamples(page, { cost: table });
});
