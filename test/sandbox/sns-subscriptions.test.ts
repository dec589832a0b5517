import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../sandbox/index.ts';
import { openSubscriber } from '../support/http-subscriber.ts';
import { openSandbox } from '../support/sandbox-clients.ts';

const hour = 3_600_000;

async function openTopic(options: SandboxOptions = { subscriptionConfirmation: 'handshake' }) {
  const { sns, sandbox } = await openSandbox(options);
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'alerts' }));
  return {
    sns,
    sandbox,
    topicArn: TopicArn,
    subscribe: async (Protocol: string, Endpoint: string, Attributes: Record<string, string> = {}) => {
      const asked = { TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true };
      return (await sns.send(new SubscribeCommand(asked))).SubscriptionArn ?? '';
    },
    confirm: async (endpoint: string, AuthenticateOnUnsubscribe?: 'true') => {
      const topic = sandbox.topics.topic(TopicArn);
      const Token = sandbox.topics.subscriptions(topic).find((one) => one.endpoint === endpoint)?.token;
      await sns.send(
        new ConfirmSubscriptionCommand({
          TopicArn,
          Token,
          ...(AuthenticateOnUnsubscribe && { AuthenticateOnUnsubscribe }),
        }),
      );
    },
    listed: async () => {
      const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
      return Subscriptions.map(({ Protocol, Endpoint, SubscriptionArn }) => {
        return [Protocol, Endpoint, SubscriptionArn?.startsWith('arn:') ? 'arn' : SubscriptionArn];
      });
    },
    attributes: async (SubscriptionArn: string) =>
      (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes ?? {},
  };
}

describe('a subscription of an address', () => {
  it('waits for its confirmation, and no longer exists after 48 hours', async () => {
    const { subscribe, listed, sandbox } = await openTopic();
    await subscribe('email', 'a@example.com');
    sandbox.clock.advance(48 * hour - 1);
    expect(await listed()).toEqual([['email', 'a@example.com', 'PendingConfirmation']]);
    sandbox.clock.advance(1);
    expect(await listed()).toEqual([]);
  });

  it('stays once it is confirmed, and says how', async () => {
    const { subscribe, confirm, listed, attributes, sandbox } = await openTopic();
    const open = await subscribe('email', 'a@example.com');
    const safe = await subscribe('email', 'b@example.com');
    await confirm('a@example.com');
    await confirm('b@example.com', 'true');
    sandbox.clock.advance(1000 * hour);
    expect(await listed()).toEqual([
      ['email', 'a@example.com', 'arn'],
      ['email', 'b@example.com', 'arn'],
    ]);
    expect(await attributes(open)).toMatchObject({
      Endpoint: 'a@example.com',
      PendingConfirmation: 'false',
      ConfirmationWasAuthenticated: 'false',
    });
    expect((await attributes(safe)).ConfirmationWasAuthenticated).toBe('true');
  });

  it('that was ended is listed as deleted for three days, and may be asked for again', async () => {
    const { sns, subscribe, confirm, listed, attributes, sandbox } = await openTopic();
    const arn = await subscribe('email', 'a@example.com');
    await confirm('a@example.com');
    await sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
    expect(await listed()).toEqual([['email', 'a@example.com', 'Deleted']]);
    await expect(attributes(arn)).rejects.toMatchObject({ name: 'NotFoundException' });
    expect(await subscribe('email', 'a@example.com')).not.toBe(arn);
    sandbox.clock.advance(72 * hour);
    expect(await listed()).toEqual([]);
  });
});

it('those of AWS’s own services need no confirmation', async () => {
  const { subscribe, listed, attributes } = await openTopic();
  const arn = await subscribe('sqs', 'arn:aws:sqs:us-east-1:111122223333:q');
  expect(await listed()).toEqual([['sqs', 'arn:aws:sqs:us-east-1:111122223333:q', 'arn']]);
  expect((await attributes(arn)).ConfirmationWasAuthenticated).toBe('true');
});

it('lists pages', async () => {
  const { sns, subscribe, topicArn } = await openTopic({ paging: { maxPageSize: 2 } });
  for (const name of ['a', 'b', 'c']) await subscribe('email', `${name}@example.com`);
  const first = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
  expect(first.Subscriptions).toHaveLength(2);
  const rest = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, NextToken: first.NextToken }));
  expect(rest.Subscriptions?.map(({ Endpoint }) => Endpoint)).toEqual(['c@example.com']);
  expect(rest.NextToken).toBeUndefined();
});

it('a filter policy decides what is delivered', async () => {
  const { sns, sandbox, topicArn, subscribe, attributes } = await openTopic({});
  const subscriber = await openSubscriber();
  const arn = await subscribe('http', subscriber.url, { FilterPolicy: '{"kind":["alert"]}' });
  expect(await attributes(arn)).toMatchObject({
    FilterPolicy: '{"kind":["alert"]}',
    FilterPolicyScope: 'MessageAttributes',
  });
  const publish = async (kind: string) => {
    const MessageAttributes = { kind: { DataType: 'String', StringValue: kind } };
    await sns.send(new PublishCommand({ TopicArn: topicArn, Message: kind, MessageAttributes }));
    await sandbox.deliveriesSettled();
  };
  await publish('digest');
  await publish('alert');
  const set = (AttributeValue: string) =>
    sns.send(
      new SetSubscriptionAttributesCommand({ SubscriptionArn: arn, AttributeName: 'FilterPolicy', AttributeValue }),
    );
  await set('{}');
  await publish('correction');
  await set('{"kind":[{"anything-but":["correction"]}]}');
  await publish('correction');
  expect(subscriber.received.map(({ body }) => JSON.parse(body).Message)).toEqual(['alert', 'correction']);
  await expect(set('no JSON')).rejects.toMatchObject({ name: 'InvalidParameterException' });
});
