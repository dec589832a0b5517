import { describe, expect, it } from 'vitest';
import { createForwarder } from '../../aws/forwarder.ts';
import { createS3ReceiptStore } from '../../aws/s3-receipt-store.ts';
import { createSnsNotifier } from '../../aws/sns-notifier.ts';
import { connectSandbox, type SandboxConnectionOptions } from '../support/aws-sandbox.ts';
import { manualTiming } from '../support/manual-timing.ts';

async function openTopic(options: SandboxConnectionOptions = {}) {
  const connected = await connectSandbox(options);
  const { sandbox, session } = connected;
  const arn = sandbox.topicArn('digests');
  const topic = sandbox.topics.topic(arn);
  return { ...connected, topic, notifier: createSnsNotifier(session, arn) };
}

describe('the subscriptions of a topic', () => {
  it('are all of them, over every page, with their states', async () => {
    const { sandbox, topic, notifier } = await openTopic({ sandbox: { paging: { maxPageSize: 2 } } });
    const { topics } = sandbox;
    topics.subscribe(topic, 'email', 'waits@example.com', { confirmed: false });
    const stays = topics.subscribe(topic, 'email', 'stays@example.com', { confirmed: true });
    const removed = topics.subscribe(topic, 'email', 'left@example.com', { confirmed: true });
    topics.unsubscribe(removed.arn);
    const queue = topics.subscribe(topic, 'sqs', 'arn:aws:sqs:us-east-1:111122223333:q');
    expect(await notifier.subscriptions()).toEqual({
      ok: true,
      value: [
        { protocol: 'email', endpoint: 'waits@example.com', state: 'pending' },
        { protocol: 'email', endpoint: 'stays@example.com', state: 'confirmed', arn: stays.arn },
        { protocol: 'email', endpoint: 'left@example.com', state: 'deleted' },
        { protocol: 'sqs', endpoint: 'arn:aws:sqs:us-east-1:111122223333:q', state: 'confirmed', arn: queue.arn },
      ],
    });
    expect(sandbox.requestCounts()).toMatchObject({ 'sns:ListSubscriptionsByTopic': 2 });
  });

  it('are a problem where they are denied', async () => {
    const { sandbox, notifier } = await openTopic();
    sandbox.faults.add({ action: 'sns:ListSubscriptionsByTopic', kind: 'denied' });
    expect(await notifier.subscriptions()).toMatchObject({ ok: false, problem: { code: 'access-denied' } });
  });

  it('are a problem where the topic does not exist', async () => {
    const { session } = await openTopic();
    const missing = createSnsNotifier(session, 'arn:aws:sns:us-east-1:111122223333:missing');
    expect(await missing.subscriptions()).toMatchObject({ ok: false, problem: { code: 'not-found' } });
  });
});

describe('the details of a subscription', () => {
  it('are its filter, and whether its end needs a sign-in', async () => {
    const { sandbox, topic, notifier } = await openTopic();
    const filter = { text: '{"kind":["alert"]}', scope: 'MessageBody' } as const;
    const plain = sandbox.topics.subscribe(topic, 'email', 'a@example.com', { confirmed: true });
    const filtered = sandbox.topics.subscribe(topic, 'email', 'b@example.com', { confirmed: true, filter });
    const queue = sandbox.topics.subscribe(topic, 'sqs', 'arn:aws:sqs:us-east-1:111122223333:q');
    expect(await notifier.subscriptionDetails(plain.arn)).toEqual({
      ok: true,
      value: { unsubscribesSignedInOnly: false },
    });
    expect(await notifier.subscriptionDetails(filtered.arn)).toMatchObject({
      value: { filter: { policy: '{"kind":["alert"]}', scope: 'MessageBody' } },
    });
    expect(await notifier.subscriptionDetails(queue.arn)).toEqual({
      ok: true,
      value: { unsubscribesSignedInOnly: true },
    });
    sandbox.topics.unsubscribe(plain.arn);
    expect(await notifier.subscriptionDetails(plain.arn)).toMatchObject({ ok: false, problem: { code: 'not-found' } });
  });
});

describe('the receipts of the forwarder', () => {
  it('are there once it has written them', async () => {
    const { sandbox, session } = await openTopic();
    sandbox.buckets.create('evidence');
    const receipts = createS3ReceiptStore(session, 'evidence');
    expect(await receipts.has('4711')).toBe(false);
    await receipts.write('4711');
    expect(await receipts.has('4711')).toBe(true);
    expect(await receipts.has('4712')).toBe(false);
  });

  it('lie below their prefix, whatever an id is', async () => {
    const { sandbox, session } = await openTopic();
    sandbox.buckets.create('evidence');
    await createS3ReceiptStore(session, 'evidence').write('../snapshots/x');
    expect(sandbox.requests.at(-1)?.params).toMatchObject({ path: '/evidence/receipts/___snapshots_x' });
  });

  it('are waited for, and not for ever', async () => {
    const timing = manualTiming();
    let asked = 0;
    const receipts = { write: async () => {}, has: async () => ++asked >= 3 };
    expect(await createForwarder('arn', receipts, { timing }).hasPosted('1')).toEqual({ ok: true, value: true });
    expect(timing.sleeps).toHaveLength(2);
    const never = createForwarder('arn', { ...receipts, has: async () => false }, { timing, patience: 10_000 });
    const before = timing.monotonic();
    expect(await never.hasPosted('1')).toEqual({ ok: true, value: false });
    expect(timing.monotonic() - before).toBeLessThanOrEqual(10_000);
  });

  it('prove nothing where they cannot be read', async () => {
    const has = () => Promise.reject(new Error('closed'));
    const forwarder = createForwarder('arn', { write: async () => {}, has }, { timing: manualTiming() });
    expect(await forwarder.hasPosted('1')).toMatchObject({ ok: false });
  });
});
