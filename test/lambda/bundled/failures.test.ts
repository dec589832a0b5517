/** How the deployed service fails: over the bundles, each failure ends in a retry, a dead letter or a partial run. */
import { describe, expect, it, vi } from 'vitest';
import { DAY, MINUTE } from '../../../core/duration.ts';
import { useAwsConfig } from '../../support/aws-config.ts';
import { bucket, deployService, loadBundle } from '../../support/deployed-service.ts';
import { enforcePolicy, fewKeys, staleKey, unusedKey } from '../../support/sweep-world.ts';

// Before the handlers make their loggers: they write to standard output.
vi.hoisted(() => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
});

const handlers = { auditor: await loadBundle('auditor'), rotator: await loadBundle('rotator') };
const policy = enforcePolicy({}, { warn: [2 * DAY, DAY], deleteAfter: 2 * DAY });
/** Root has a key: that wakes people. */
const alarming = { ...fewKeys, root: { accessKeys: [{ createdAt: '2026-01-01T00:00:00Z' }] } };
const warned = { [staleKey]: 'warned', [unusedKey]: 'warned' };

useAwsConfig();

describe('events', () => {
  it('a duplicate is swept again, and changes nothing', async () => {
    const service = await deployService(handlers, { policy });
    await service.audit();
    const [event] = service.completed();
    await service.rotate(event);
    const subjects = service.subjects('digests');
    expect(subjects).toHaveLength(1);
    expect(await service.rotate(event)).toMatchObject({ tries: 1, result: { outcome: 'complete' } });
    expect(service.subjects('digests')).toEqual(subjects);
    expect(service.changes()).toEqual([]);
  });

  it('two at once notify people once', async () => {
    const service = await deployService(handlers, { policy });
    await service.audit();
    const [event] = service.completed();
    const both = await Promise.all([service.rotate(event), service.rotate(event)]);
    expect(both.map(({ deadLetter }) => deadLetter)).toEqual([undefined, undefined]);
    expect(await service.stages()).toMatchObject(warned);
    expect(service.subjects('digests')).toHaveLength(1);
  });

  it('one that is a day late leads to no change, and to a partial run that says so', async () => {
    const service = await deployService(handlers, { policy });
    await service.night();
    service.pass(1);
    await service.audit();
    const late = service.completed().at(-1);
    service.pass(2);
    expect(await service.rotate(late)).toMatchObject({ tries: 1, result: { outcome: 'partial' } });
    expect(service.changes()).toEqual([]);
    await service.night();
    service.pass(1);
    await service.night();
    expect(service.changes()).toContain(`Inactive ${staleKey}`);
  });

  it.each([
    ['no detail', { source: 'keysweep' }],
    ['a detail without a snapshot', { detail: { account: '111122223333' } }],
    ['a snapshot that is no key', { detail: { snapshot: '../../etc/passwd' } }],
    ['nothing', null],
    ['a text', 'hello'],
  ])('a poisoned one is kept as a dead letter, and nothing is read or written: %s', async (_name, event) => {
    const service = await deployService(handlers, { policy });
    service.sandbox.clearRequests();
    const { tries, deadLetter } = await service.rotate(event);
    expect({ tries, event: deadLetter?.event }).toEqual({ tries: 3, event });
    const { 'sts:GetCallerIdentity': _, ...reads } = service.sandbox.requestCounts();
    expect(reads).toEqual({});
  });
});

describe('snapshots', () => {
  it.each([
    ['missing, where the role may not list the bucket', [], /snapshot/],
    ['missing', undefined, /snapshot/],
  ])('%s: a dead letter that says so; the next night continues', async (_, denied, message) => {
    const service = await deployService(handlers, { policy });
    const { sandbox } = service;
    await service.audit();
    for (const key of sandbox.buckets.keys(bucket).filter((name) => name.startsWith('snapshots/'))) {
      sandbox.buckets.delete(bucket, key);
    }
    if (denied !== undefined) {
      sandbox.permissions.allow(`arn:aws:iam::111122223333:role/KeysweepOperator`, [
        'iam:*',
        'sts:*',
        'sns:*',
        'dynamodb:*',
        'events:*',
        's3:GetObject',
        's3:PutObject',
      ]);
    }
    const { tries, deadLetter } = await service.rotate(service.completed().at(-1));
    expect(tries).toBe(3);
    expect(deadLetter?.error.message).toMatch(message);
    expect(await service.stages()).toEqual({});
    service.pass(1);
    await service.night();
    expect(await service.stages()).toMatchObject(warned);
  });

  it('of another form: a dead letter, and nothing is read of it', async () => {
    const service = await deployService(handlers, { policy });
    await service.audit();
    const event = service.completed().at(-1);
    const key = String(event?.detail.snapshot);
    service.sandbox.buckets.put(bucket, key, { body: '<html>sign in</html>', contentType: 'text/html' });
    expect((await service.rotate(event)).deadLetter?.error).toMatchObject({ code: 'SnapshotInvalid' });
    expect(await service.stages()).toEqual({});
  });
});

describe('the auditor', () => {
  it('hands over what it saw although the alert could not be published, and is tried again until it is', async () => {
    const service = await deployService(handlers, { policy, seed: alarming });
    service.sandbox.faults.add({ action: 'sns:Publish', kind: 'error', code: 'NotFound', status: 404, count: 1 });
    expect(await service.audit()).toMatchObject({ tries: 2, result: { alerted: true } });
    expect(service.subjects('alerts')).toHaveLength(1);
    expect(service.completed()).toHaveLength(2);
  });

  it.each(['s3:PutObject', 'events:PutEvents'])(
    'wakes people although %s is denied, and ends as a dead letter',
    async (action) => {
      const service = await deployService(handlers, { policy, seed: alarming });
      service.sandbox.faults.add({ action, kind: 'denied' });
      const { tries, deadLetter } = await service.audit();
      expect(tries).toBe(3);
      expect(deadLetter?.error.message).toContain(action);
      expect(service.subjects('alerts').length).toBeGreaterThan(0);
    },
  );

  it('ends as a dead letter where the credential report is denied: no event, no alert, no snapshot', async () => {
    const service = await deployService(handlers, { policy, seed: alarming });
    service.sandbox.faults.add({ action: 'iam:GetCredentialReport', kind: 'denied' });
    expect((await service.audit()).deadLetter?.error).toMatchObject({ code: 'AccessDenied' });
    expect(service.completed()).toEqual([]);
    expect(service.sandbox.buckets.keys(bucket)).toEqual([]);
  });
});

describe('the rotator', () => {
  it('is tried again where the digest could not be published, and notifies people once', async () => {
    const service = await deployService(handlers, { policy });
    await service.audit();
    service.sandbox.faults.add({ action: 'sns:Publish', kind: 'error', code: 'NotFound', status: 404, count: 2 });
    expect(await service.rotate(service.completed().at(-1))).toMatchObject({
      tries: 3,
      result: { outcome: 'complete' },
    });
    expect(service.subjects('digests')).toHaveLength(1);
  });

  it('does nothing where no one could be notified, and the next night makes it good', async () => {
    const service = await deployService(handlers, { policy });
    await service.night();
    service.pass(2);
    const silence = service.sandbox.faults.add({ action: 'sns:Publish', kind: 'error', code: 'NotFound', status: 404 });
    expect((await service.night()).rotator.deadLetter?.error).toMatchObject({ code: 'SweepFailed' });
    expect(service.changes()).toEqual([]);
    silence.remove();
    service.pass(1);
    await service.night();
    service.pass(1);
    await service.night();
    expect(service.changes()).toContain(`Inactive ${staleKey}`);
  });

  it('waits where DynamoDB throttles, and loses nothing', async () => {
    const service = await deployService(handlers, { policy });
    for (const action of ['dynamodb:TransactWriteItems', 'dynamodb:PutItem', 'dynamodb:Query']) {
      service.sandbox.faults.add({ action, kind: 'throttle', count: 1 });
    }
    expect((await service.night()).rotator).toMatchObject({ tries: 1, result: { outcome: 'complete' } });
    expect(await service.stages()).toMatchObject(warned);
  });

  it.each(['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:TransactWriteItems'])(
    'writes nothing to IAM where %s is refused, and the next night makes it good',
    async (action) => {
      const service = await deployService(handlers, { policy });
      await service.night();
      service.pass(2);
      const refusal = service.sandbox.faults.add({ action, kind: 'denied' });
      const { rotator } = await service.night();
      expect(rotator.deadLetter ?? rotator.result).toMatchObject(
        rotator.deadLetter === undefined ? { outcome: 'partial' } : { error: { code: expect.any(String) } },
      );
      expect(service.changes()).toEqual([]);
      refusal.remove();
      service.pass(1);
      await service.night();
      service.pass(1);
      await service.night();
      expect(service.changes()).toContain(`Inactive ${staleKey}`);
    },
  );

  it('stops in time before Lambda’s limit, says so, and the next run continues', async () => {
    const service = await deployService(handlers, { policy });
    service.setRemainingTime(() => MINUTE);
    const { rotator } = await service.night();
    expect(rotator).toMatchObject({ tries: 1, result: { outcome: 'partial' } });
    expect(await service.stages()).toEqual({});
    service.setRemainingTime(() => 15 * MINUTE);
    expect((await service.night()).rotator).toMatchObject({ result: { outcome: 'complete' } });
    expect(await service.stages()).toMatchObject(warned);
  });

  it.each(['s3:PutObject', 'events:PutEvents'])(
    'notifies people although %s is denied, and ends partial',
    async (action) => {
      const service = await deployService(handlers, { policy });
      await service.audit();
      service.sandbox.faults.add({ action, kind: 'denied' });
      const rotator = await service.rotate(service.completed().at(-1));
      expect(rotator).toMatchObject({ tries: 1, result: { outcome: 'partial' } });
      expect(service.subjects('digests')).toHaveLength(1);
      expect(await service.stages()).toMatchObject(warned);
    },
  );
});
