import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import { createDynamoDbLedger } from '../../../aws/dynamodb-ledger.ts';
import { DAY, MINUTE } from '../../../core/duration.ts';
import { auditAccount } from '../../../engine/audit/audit.ts';
import { runNightlySweep } from '../../../engine/sweep/nightly-sweep.ts';
import { createRotatorHandler } from '../../../lambda/rotator/handler.ts';
import { useAwsConfig } from '../../support/aws-config.ts';
import { connectSandbox } from '../../support/aws-sandbox.ts';
import { editableLedger, sortKeys } from '../../support/damaged-items.ts';
import { createLedgerTable } from '../../support/ledger-table.ts';
import { listenTo, notifierTo } from '../../support/listeners.ts';
import { createMemorySnapshots } from '../../support/memory-snapshots.ts';
import { openMixedNight } from '../../support/mixed-night.ts';
import { scratchDirectory } from '../../support/scratch-directory.ts';
import { account, enforcePolicy, openSweepWorld, staleKey } from '../../support/sweep-world.ts';

// Before the handler makes its logger: it writes to standard output.
vi.hoisted(() => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
});

const policy = enforcePolicy();
const folder = scratchDirectory();
useAwsConfig();

const context = {
  getRemainingTimeInMillis: () => 15 * MINUTE,
  awsRequestId: 'request',
  invokedFunctionArn: `arn:aws:lambda:us-east-1:${account}:function:rotator`,
} as unknown as Context;

/** The handler beside its policy, in an environment of its own, and the snapshot of an audit of just now. */
async function deploy() {
  const now = new Date();
  const seed = {
    id: account,
    alias: 'acme',
    users: [
      { name: 'alice', accessKeys: [{ id: staleKey, createdAt: new Date(now.getTime() - 200 * DAY).toISOString() }] },
    ],
  };
  const { sandbox, session, source } = await connectSandbox({ sandbox: { seed, now, clock: 'running' } });
  for (const [name, value] of Object.entries(sandbox.environment)) vi.stubEnv(name, value);
  await createLedgerTable(session.client('dynamodb', DynamoDBClient), 'ledger');
  vi.stubEnv('LAMBDA_TASK_ROOT', folder.path);
  vi.stubEnv('KEYSWEEP_INSTALLATION', 'Keysweep');
  vi.stubEnv('KEYSWEEP_LEDGER_TABLE', 'ledger');
  vi.stubEnv('KEYSWEEP_EVENT_BUS', 'default');
  vi.stubEnv('KEYSWEEP_DIGEST_TOPIC_ARN', listenTo(sandbox, 'digest'));
  await writeFile(join(folder.path, 'policy.json'), JSON.stringify(policy));
  const snapshots = createMemorySnapshots();
  const next = async () => snapshots.write(await auditAccount({ source }, policy, new Date()));
  const snapshot = await snapshots.write(await auditAccount({ source }, policy, now));
  return { sandbox, snapshot, next, session, handler: createRotatorHandler(() => ({ snapshots })) };
}

describe('the handler', () => {
  it('rotates by the snapshot that the event names, and notifies people and the ledger', async () => {
    const { sandbox, snapshot, session, handler } = await deploy();
    const result = await handler({ 'detail-type': 'Audit Completed', detail: { snapshot } }, context);
    expect(result).toMatchObject({ account: { id: account }, mode: 'enforce', outcome: 'complete' });
    expect(sandbox.messages.map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^\[acme\] 1 key on first notice/),
    ]);
    const ledger = createDynamoDbLedger(session, 'ledger');
    expect(await ledger.entry(account, staleKey)).toMatchObject({ stage: 'warned' });
    expect(await ledger.sweep(account, result.sweep)).toMatchObject({ outcome: 'complete' });
  });

  it('makes sure whose account it is, and does not ask for its name: the snapshot has it', async () => {
    const { sandbox, snapshot, handler } = await deploy();
    sandbox.clearRequests();
    const { account: named } = await handler({ detail: { snapshot } }, context);
    expect(named).toEqual({ id: account, partition: 'aws', alias: 'acme' });
    expect(sandbox.requestCounts()).toMatchObject({ 'sts:GetCallerIdentity': 1 });
    expect(sandbox.requestCounts()).not.toHaveProperty('iam:ListAccountAliases');
  });

  it('is called twice with the same event, and notifies people once', async () => {
    const { sandbox, snapshot, handler } = await deploy();
    const first = await handler({ detail: { snapshot } }, context);
    const second = await handler({ detail: { snapshot } }, context);
    expect(second.sweep).not.toBe(first.sweep);
    expect(sandbox.messages).toHaveLength(1);
  });

  it('is partial, and no failure to try again, where an entry of the ledger is damaged', async () => {
    const { sandbox, snapshot, next, session, handler } = await deploy();
    await handler({ detail: { snapshot } }, context);
    const client = session.client('dynamodb', DynamoDBClient);
    const { edit } = editableLedger(createDynamoDbLedger(session, 'ledger'), client, account, 'ledger');
    await edit(sortKeys.entry(staleKey), (item) => ({ ...item, version: { N: '77' } }));
    expect(await handler({ detail: { snapshot: await next() } }, context)).toMatchObject({ outcome: 'partial' });
    expect(sandbox.messages).toHaveLength(1);
    expect(sandbox.writes).toEqual([]);
  });

  it('fails with an empty table where the policy names an existing ledger, and continues one that was used', async () => {
    const { sandbox, snapshot, session, handler } = await deploy();
    const continued = { ...policy, deployment: { ...policy.deployment, ledgerTable: 'ledger' } };
    await writeFile(join(folder.path, 'policy.json'), JSON.stringify(continued));
    await expect(handler({ detail: { snapshot } }, context)).rejects.toMatchObject({ code: 'LedgerEmpty' });
    expect(sandbox.messages).toEqual([]);
    const ledger = createDynamoDbLedger(session, 'ledger');
    expect((await ledger.entries(account)).entries).toEqual([]);
    await writeFile(join(folder.path, 'policy.json'), JSON.stringify(policy));
    await handler({ detail: { snapshot } }, context);
    await writeFile(join(folder.path, 'policy.json'), JSON.stringify(continued));
    await expect(handler({ detail: { snapshot } }, context)).resolves.toMatchObject({ outcome: 'complete' });
    expect(sandbox.messages).toHaveLength(1);
  });

  it.each([
    ['nothing', undefined],
    ['no snapshot', { detail: {} }],
    ['a snapshot that is no text', { detail: { snapshot: 7 } }],
  ])('refuses an event with %s', async (_, event) => {
    const { handler } = await deploy();
    await expect(handler(event, context)).rejects.toMatchObject({ code: 'EventInvalid' });
  });

  it.each(['KEYSWEEP_LEDGER_TABLE', 'KEYSWEEP_DIGEST_TOPIC_ARN', 'KEYSWEEP_EVENT_BUS'])(
    'refuses to run without %s',
    async (name) => {
      const { snapshot, handler } = await deploy();
      vi.stubEnv(name, '');
      await expect(handler({ detail: { snapshot } }, context)).rejects.toMatchObject({ code: 'ConfigurationMissing' });
    },
  );
});

describe('a run', () => {
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };

  it('refuses the snapshot of another account, and writes nothing', async () => {
    const world = await openSweepWorld();
    const snapshot = await world.auditNow(policy);
    const other = { ...snapshot, audit: { ...snapshot.audit, account: { id: '999988887777', partition: 'aws' } } };
    const snapshots = { read: async () => other, write: async () => 'key' };
    const ports = { ...world.ports, snapshots, log };
    await expect(runNightlySweep(ports, policy, 'key', { sweep: 's', enforce: true })).rejects.toMatchObject({
      code: 'AccountMismatch',
    });
    expect(world.ledger.written).toBe(0);
  });

  it('has every change in the log before its event is published: a run that is killed there leaves a trace', async () => {
    const world = await openMixedNight();
    const snapshot = await world.auditNow(policy);
    log.info.mockClear();
    const logged: unknown[] = [];
    const events = { publish: async () => void logged.push(...log.info.mock.calls.map(([, facts]) => facts.action)) };
    const snapshots = { read: async () => snapshot, write: async () => 'key' };
    const { actions } = await runNightlySweep({ ...world.ports, snapshots, events, log }, policy, 'key', {
      sweep: 's',
      enforce: true,
    });
    expect(actions.length).toBeGreaterThan(0);
    expect(logged).toEqual(actions);
  });

  it('fails where people could not be notified, so that it is tried again', async () => {
    const world = await openSweepWorld();
    const snapshot = await world.auditNow(policy);
    const notifier = notifierTo(() => Promise.reject(new Error('no answer')));
    const ports = {
      ...world.ports,
      notifier,
      snapshots: { read: async () => snapshot, write: async () => 'key' },
      log,
    };
    await expect(runNightlySweep(ports, policy, 'key', { sweep: 's', enforce: true })).rejects.toMatchObject({
      code: 'SweepFailed',
      message: expect.stringContaining('no answer'),
    });
    expect(log.error).toHaveBeenCalledWith('sweep failed', expect.objectContaining({ outcome: 'failed' }));
  });
});
