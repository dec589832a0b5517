import {
  CreateTopicCommand,
  PublishCommand,
  type PublishCommandInput,
  type SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../sandbox/index.ts';
import { openSubscriber } from '../support/http-subscriber.ts';
import { openSandbox, smallNow } from '../support/sandbox-clients.ts';

async function openTopic(options?: SandboxOptions) {
  const clients = await openSandbox(options);
  const { TopicArn = '' } = await clients.sns.send(new CreateTopicCommand({ Name: 'alerts' }));
  const publish = (input: Partial<PublishCommandInput>) =>
    clients.sns.send(new PublishCommand({ TopicArn, Message: 'hello', ...input }));
  return { ...clients, topicArn: TopicArn, publish };
}

function subscribe(sns: SNSClient, TopicArn: string, Endpoint: string, Attributes: Record<string, string> = {}) {
  return sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint, Attributes }));
}

describe('publishing', () => {
  it('makes a topic once', async () => {
    const { sns, topicArn, sandbox } = await openTopic();
    expect(topicArn).toBe('arn:aws:sns:us-east-1:111122223333:alerts');
    expect((await sns.send(new CreateTopicCommand({ Name: 'alerts' }))).TopicArn).toBe(topicArn);
    expect(sandbox.topicArn('alerts')).toBe(topicArn);
  });

  it('keeps the message for inspection', async () => {
    const { publish, sandbox, topicArn } = await openTopic();
    const Message = 'Key AKIA... of ü <b>&amp;</b>\n"quoted" 100%+1';
    const attribute = { DataType: 'String', StringValue: 'critical' };
    const { MessageId } = await publish({ Message, Subject: 'Root key', MessageAttributes: { severity: attribute } });
    expect(sandbox.messages).toEqual([
      {
        id: MessageId,
        at: smallNow,
        topicArn,
        subject: 'Root key',
        body: Message,
        structure: undefined,
        bodies: {},
        attributes: { severity: { type: 'String', value: 'critical' } },
      },
    ]);
  });

  it('keeps one text per protocol with MessageStructure json', async () => {
    const { publish, sandbox } = await openTopic();
    const Message = JSON.stringify({ default: '{}', email: 'Dear all' });
    await publish({ Message, MessageStructure: 'json' });
    expect(sandbox.messages).toMatchObject([
      { structure: 'json', body: Message, bodies: { default: '{}', email: 'Dear all' } },
    ]);
  });

  it.each([
    ['99 characters', { Subject: 'x'.repeat(99) }],
    ['exactly 256 KiB', { Message: 'ü'.repeat(128 * 1024) }],
  ])('takes %s', async (_case, input) => {
    const { publish } = await openTopic();
    expect((await publish(input)).MessageId).toMatch(/^[\da-f-]{36}$/);
  });

  it.each([
    ['a subject of 100 characters', { Subject: 'x'.repeat(100) }, 'InvalidParameterException'],
    ['a subject with a line break', { Subject: 'a\nb' }, 'InvalidParameterException'],
    ['a subject with a letter beyond ASCII', { Subject: 'Schlüssel' }, 'InvalidParameterException'],
    ['a subject that begins with a space', { Subject: ' a' }, 'InvalidParameterException'],
    ['more than 256 KiB', { Message: `${'ü'.repeat(128 * 1024)}x` }, 'InvalidParameterException'],
    ['an empty message', { Message: '' }, 'InvalidParameterException'],
    ['json without default', { Message: '{"email":"x"}', MessageStructure: 'json' }, 'InvalidParameterException'],
    ['json that is none', { Message: 'hello', MessageStructure: 'json' }, 'InvalidParameterException'],
    [
      'an attribute without a value',
      { MessageAttributes: { a: { DataType: 'String' } } },
      'InvalidParameterValueException',
    ],
    ['a topic that is not there', { TopicArn: 'arn:aws:sns:us-east-1:111122223333:none' }, 'NotFoundException'],
  ])('refuses %s', async (_case, input, name) => {
    const { publish, sandbox } = await openTopic();
    await expect(publish(input)).rejects.toMatchObject({ name });
    expect(sandbox.messages).toEqual([]);
  });
});

describe('delivery to http subscribers', () => {
  it('posts the envelope and the headers of SNS', async () => {
    const { sns, topicArn, publish, sandbox } = await openTopic();
    const subscriber = await openSubscriber();
    const { SubscriptionArn } = await subscribe(sns, topicArn, subscriber.url);
    const attribute = { DataType: 'String', StringValue: 'critical' };
    const { MessageId } = await publish({ Subject: 'Root key', MessageAttributes: { severity: attribute } });
    await sandbox.deliveriesSettled();
    const [post] = subscriber.received;
    expect(JSON.parse(post?.body ?? '')).toEqual({
      Type: 'Notification',
      MessageId,
      TopicArn: topicArn,
      Subject: 'Root key',
      Message: 'hello',
      Timestamp: '2026-11-20T02:30:00.000Z',
      SignatureVersion: '1',
      Signature: expect.any(String),
      SigningCertURL: expect.stringMatching(/^https:\/\/sns\.us-east-1\.amazonaws\.com\/.*\.pem$/),
      UnsubscribeURL: expect.stringContaining('Action=Unsubscribe'),
      MessageAttributes: { severity: { Type: 'String', Value: 'critical' } },
    });
    expect(post?.headers).toMatchObject({
      'content-type': 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': MessageId,
      'x-amz-sns-topic-arn': topicArn,
      'x-amz-sns-subscription-arn': SubscriptionArn,
      'user-agent': 'Amazon Simple Notification Service Agent',
    });
  });

  it('sends the text of the protocol, or default', async () => {
    const { sns, topicArn, publish, sandbox } = await openTopic();
    const subscriber = await openSubscriber();
    await subscribe(sns, topicArn, subscriber.url, { RawMessageDelivery: 'true' });
    await publish({ Message: JSON.stringify({ default: 'for all', http: 'for you' }), MessageStructure: 'json' });
    await sandbox.deliveriesSettled();
    await publish({ Message: JSON.stringify({ default: 'for all' }), MessageStructure: 'json' });
    await sandbox.deliveriesSettled();
    expect(subscriber.received.map((post) => post.body)).toEqual(['for you', 'for all']);
    expect(subscriber.received[0]?.headers['x-amz-sns-rawdelivery']).toBe('true');
  });

  it('tries again after a 500, at most three times, and not after a 404', async () => {
    const { sns, topicArn, publish, sandbox } = await openTopic();
    const flaky = await openSubscriber(500, 503);
    const broken = await openSubscriber(500, 500, 500, 500, 500);
    const missing = await openSubscriber(404);
    for (const { url } of [flaky, broken, missing]) {
      await subscribe(sns, topicArn, url);
    }
    await publish({});
    await sandbox.deliveriesSettled();
    expect([flaky, broken, missing].map(({ received }) => received.length)).toEqual([3, 4, 1]);
    const attempts = sandbox.deliveries.filter(({ endpoint }) => endpoint === flaky.url);
    expect(attempts.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 500],
      [2, 503],
      [3, 200],
    ]);
  });

  it('notes that no one listens', async () => {
    const { sns, topicArn, publish, sandbox } = await openTopic();
    await subscribe(sns, topicArn, 'http://127.0.0.1:1/hook');
    await publish({});
    await sandbox.deliveriesSettled();
    expect(sandbox.deliveries.at(-1)).toMatchObject({ attempt: 4, error: expect.stringContaining('ECONNREFUSED') });
  });

  it('waits for the confirmation by SubscribeURL when set to', async () => {
    const { sns, topicArn, publish, sandbox } = await openTopic({ subscriptionConfirmation: 'handshake' });
    const subscriber = await openSubscriber();
    expect((await subscribe(sns, topicArn, subscriber.url)).SubscriptionArn).toBe('pending confirmation');
    await publish({});
    await sandbox.deliveriesSettled();
    const types = () => subscriber.received.map((post) => JSON.parse(post.body).Type);
    expect(types()).toEqual(['SubscriptionConfirmation']);
    const { SubscribeURL } = JSON.parse(subscriber.received[0]?.body ?? '');
    const confirmation = await fetch(SubscribeURL);
    expect(await confirmation.text()).toContain(`<SubscriptionArn>${topicArn}:`);
    await publish({});
    await sandbox.deliveriesSettled();
    expect(types()).toEqual(['SubscriptionConfirmation', 'Notification']);
  });

  it.each([
    ['a protocol that SNS does not know', { Protocol: 'pigeon', Endpoint: 'x' }, 'InvalidParameterException'],
    [
      'an endpoint of another protocol',
      { Protocol: 'https', Endpoint: 'http://example.com' },
      'InvalidParameterException',
    ],
    ['an e-mail address that is none', { Protocol: 'email', Endpoint: 'absent' }, 'InvalidParameterException'],
  ])('refuses to subscribe %s', async (_case, input, name) => {
    const { sns, topicArn } = await openTopic();
    await expect(sns.send(new SubscribeCommand({ TopicArn: topicArn, ...input }))).rejects.toMatchObject({ name });
  });

  it('is set up by a seed', async () => {
    const subscriber = await openSubscriber();
    const topics = [{ name: 'seeded', subscriptions: [{ protocol: 'http', endpoint: subscriber.url }] }];
    const { sns, sandbox } = await openSandbox({ seed: { id: '111122223333', users: [], topics } });
    await sns.send(new PublishCommand({ TopicArn: sandbox.topicArn('seeded'), Message: 'hello' }));
    await sandbox.deliveriesSettled();
    expect(subscriber.received).toHaveLength(1);
  });
});
