/** The deployed functions, where what started them, what they write to, or their credentials are of another account. */
import type { Context } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import { MINUTE } from '../../core/duration.ts';
import { handler as auditor } from '../../lambda/auditor/index.ts';
import { handler as rotator } from '../../lambda/rotator/index.ts';
import { useAwsConfig } from '../support/aws-config.ts';
import { bucket, deployService, type Handlers } from '../support/deployed-service.ts';
import { callerOf } from '../support/lying-sts.ts';
import { enforcePolicy } from '../support/sweep-world.ts';

// Before the handlers make their loggers: they write to standard output.
vi.hoisted(() => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
});
useAwsConfig();

const other = '999988887777';
const handlers = { auditor, rotator } as unknown as Handlers;
const deploy = () => deployService(handlers, { policy: enforcePolicy() });
const mismatch = { deadLetter: { error: { code: 'AccountMismatch' } } };
/** Three tries, and nothing but the question who calls. */
const asked = { 'sts:GetCallerIdentity': 3 };

describe('credentials of another account than the function is in', () => {
  it('are refused by the auditor, before anything is read', async () => {
    const { sandbox, audit } = await deploy();
    sandbox.faults.add({ action: 'sts:GetCallerIdentity', ...callerOf(other) });
    expect(await audit()).toMatchObject(mismatch);
    expect(sandbox.requestCounts()).toEqual(asked);
  });

  it('are refused by the rotator, before anything is read', async () => {
    const { sandbox, audit, completed, rotate } = await deploy();
    await audit();
    sandbox.clearRequests();
    sandbox.faults.add({ action: 'sts:GetCallerIdentity', ...callerOf(other) });
    expect(await rotate(completed().at(-1))).toMatchObject(mismatch);
    expect(sandbox.requestCounts()).toEqual(asked);
  });

  it('are refused where nothing says which account the function is in', async () => {
    const { sandbox } = await deploy();
    sandbox.clearRequests();
    const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 15 * MINUTE, invokedFunctionArn: '' };
    await expect(auditor({}, context as unknown as Context)).rejects.toMatchObject({ code: 'AccountMismatch' });
    expect(sandbox.requestCounts()).toEqual({ 'sts:GetCallerIdentity': 1 });
  });
});

describe('a topic of another account', () => {
  it.each(['KEYSWEEP_ALERT_TOPIC_ARN', 'KEYSWEEP_DIGEST_TOPIC_ARN'])('%s: nothing is read', async (name) => {
    const { sandbox, audit } = await deploy();
    vi.stubEnv(name, `arn:aws:sns:us-east-1:${other}:digests`);
    expect(await audit()).toMatchObject(mismatch);
    expect(sandbox.requestCounts()).toEqual(asked);
  });

  it('of the digest is refused by the rotator', async () => {
    const { sandbox, audit, completed, rotate } = await deploy();
    await audit();
    sandbox.clearRequests();
    vi.stubEnv('KEYSWEEP_DIGEST_TOPIC_ARN', `arn:aws:sns:us-east-1:${other}:digests`);
    expect(await rotate(completed().at(-1))).toMatchObject(mismatch);
    expect(sandbox.requestCounts()).toEqual(asked);
  });
});

describe.each([
  ['a bus', 'KEYSWEEP_EVENT_BUS', `arn:aws:events:us-east-1:${other}:event-bus/default`],
  ['a forwarder', 'KEYSWEEP_FORWARDER_ARN', `arn:aws:lambda:us-east-1:${other}:function:forwarder`],
])('%s of another account', (_, name, arn) => {
  it('is refused by the auditor, before anything is read', async () => {
    const { sandbox, audit } = await deploy();
    vi.stubEnv(name, arn);
    expect(await audit()).toMatchObject(mismatch);
    expect(sandbox.requestCounts()).toEqual(asked);
  });

  it('is refused by the rotator, before anything is read', async () => {
    const { sandbox, audit, completed, rotate } = await deploy();
    await audit();
    sandbox.clearRequests();
    vi.stubEnv(name, arn);
    expect(await rotate(completed().at(-1))).toMatchObject(mismatch);
    expect(sandbox.requestCounts()).toEqual(asked);
  });
});

describe('an event of another account starts nothing', () => {
  it.each([
    ['put on another account’s bus', { account: other }, {}],
    ['about another account', {}, { account: other }],
    ['with a snapshot of another account', {}, { snapshot: `snapshots/${other}/2026-11-02T043000.000Z.json` }],
  ])('%s', async (_, envelope, detail) => {
    const { sandbox, audit, completed, rotate } = await deploy();
    await audit();
    sandbox.clearRequests();
    const event = completed().at(-1);
    expect(await rotate({ ...event, ...envelope, detail: { ...event?.detail, ...detail } })).toMatchObject(mismatch);
    expect(sandbox.requestCounts()).toEqual(asked);
  });

  it('while one that says its own account does', async () => {
    const { sandbox, audit, completed, rotate } = await deploy();
    await audit();
    const { deadLetter } = await rotate({ ...completed().at(-1), account: sandbox.account.id });
    expect(deadLetter).toBeUndefined();
  });
});

it('a bucket that another account has now gets nothing, and gives nothing', async () => {
  const { sandbox, audit, completed, rotate, changes } = await deploy();
  await audit();
  const keys = sandbox.buckets.keys(bucket);
  sandbox.buckets.create(bucket, other);
  expect(await rotate(completed().at(-1))).toMatchObject({ deadLetter: { error: { code: 'SnapshotMissing' } } });
  expect((await audit()).deadLetter).toBeDefined();
  expect(sandbox.buckets.keys(bucket)).toEqual(keys);
  expect(changes()).toEqual([]);
});
