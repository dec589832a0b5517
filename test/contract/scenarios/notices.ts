import {
  CreateTopicCommand,
  PublishCommand,
  type PublishCommandInput,
  SubscribeCommand,
  type SubscribeResponse,
} from '@aws-sdk/client-sns';
import { expect } from 'vitest';
import { createSnsNotifier } from '../../../aws/sns-notifier.ts';
import { noticeData, noticeOf } from '../../support/notice.ts';
import { refusalOf } from '../answers.ts';
import type { ScenarioGroup } from '../scenario.ts';
import { openSubscriber, type Subscriber } from '../subscriber.ts';
import type { World } from '../world.ts';

const largest = 256 * 1024;
const invalidParameter = { name: 'InvalidParameterException', status: 400 };

export const noticeScenarios: ScenarioGroup = {
  title: 'notices over SNS',
  scenarios: [
    {
      name: 'a notice reaches an http subscriber with its subject and its data as JSON',
      run: async (world) => {
        const { topicArn, subscriber } = await openTopic(world);
        const subject = 'keysweep: 2 critical findings';
        const notice = noticeOf({ subject, data: noticeData({ subject, summary: 'Key of "zoë":\n\t& <tell> us' }) });
        await createSnsNotifier(world.session, topicArn).publish(notice);
        const { envelope } = await subscriber.next();
        expect(JSON.parse(String(envelope.Message))).toEqual(notice.data);
        expect(envelope).toMatchObject({
          Type: 'Notification',
          TopicArn: topicArn,
          MessageId: expect.stringMatching(/^[\da-f-]{36}$/),
          Subject: notice.subject,
          Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        });
      },
    },
    {
      name: 'a notice has the attributes that filter policies match',
      run: async (world) => {
        const { topicArn, subscriber } = await openTopic(world);
        await createSnsNotifier(world.session, topicArn).publish(noticeOf());
        expect((await subscriber.next()).envelope.MessageAttributes).toEqual({
          kind: { Type: 'String', Value: 'alert' },
          severity: { Type: 'String', Value: 'critical' },
          account: { Type: 'String', Value: '111122223333' },
        });
      },
      except: {
        moto: {
          does: 'does not send them to http subscribers',
          proof: async (world) => {
            const { topicArn, subscriber } = await openTopic(world);
            await createSnsNotifier(world.session, topicArn).publish(noticeOf());
            expect((await subscriber.next()).envelope).not.toHaveProperty('MessageAttributes');
          },
        },
      },
    },
    {
      name: 'the headers of a message give its type',
      run: async (world) => {
        const { topicArn, subscriber } = await openTopic(world);
        await world.sns.send(new PublishCommand({ TopicArn: topicArn, Message: 'hello' }));
        expect((await subscriber.next()).headers).toMatchObject({
          'x-amz-sns-message-type': 'Notification',
          'x-amz-sns-topic-arn': topicArn,
        });
      },
      except: {
        moto: {
          does: 'sends none of the headers',
          proof: async (world) => {
            const { topicArn, subscriber } = await openTopic(world);
            await world.sns.send(new PublishCommand({ TopicArn: topicArn, Message: 'hello' }));
            expect(Object.keys((await subscriber.next()).headers).filter((name) => name.startsWith('x-amz'))).toEqual(
              [],
            );
          },
        },
      },
    },
    {
      name: 'a subscriber must confirm before it gets a message',
      run: async (world) => {
        const { subscribed, topicArn, subscriber } = await subscribe(world);
        expect(subscribed.SubscriptionArn).toBe('pending confirmation');
        await world.sns.send(new PublishCommand({ TopicArn: topicArn, Message: 'too early' }));
        expect((await subscriber.next()).envelope).toMatchObject({
          Type: 'SubscriptionConfirmation',
          TopicArn: topicArn,
          Token: expect.any(String),
          SubscribeURL: expect.stringContaining('Action=ConfirmSubscription'),
        });
        expect(subscriber.waiting()).toBe(0);
      },
      except: {
        moto: {
          does: 'needs no confirmation',
          proof: async (world) => {
            const { subscribed, topicArn, subscriber } = await subscribe(world);
            expect(subscribed.SubscriptionArn).toMatch(/^arn:aws:sns:/);
            await world.sns.send(new PublishCommand({ TopicArn: topicArn, Message: 'at once' }));
            expect((await subscriber.next()).envelope).toMatchObject({ Type: 'Notification', Message: 'at once' });
          },
        },
      },
    },
    {
      name: 'a subject of 99 characters is accepted, one of 101 is InvalidParameter, HTTP 400',
      run: async (world) => {
        const { topicArn, subscriber } = await openTopic(world);
        await world.sns.send(new PublishCommand({ TopicArn: topicArn, Message: 'm', Subject: 's'.repeat(99) }));
        expect((await subscriber.next()).envelope.Subject).toHaveLength(99);
        expect(await refused(world, { TopicArn: topicArn, Message: 'm', Subject: 's'.repeat(101) })).toMatchObject(
          invalidParameter,
        );
      },
    },
    {
      name: 'a subject with a line break is InvalidParameter, HTTP 400',
      run: async (world) => {
        const { topicArn } = await openTopic(world);
        expect(await refused(world, { TopicArn: topicArn, Message: 'm', Subject: 'two\nlines' })).toMatchObject(
          invalidParameter,
        );
      },
      except: {
        moto: {
          does: 'accepts it',
          proof: async (world) => {
            const { topicArn, subscriber } = await openTopic(world);
            await world.sns.send(new PublishCommand({ TopicArn: topicArn, Message: 'm', Subject: 'two\nlines' }));
            expect((await subscriber.next()).envelope.Subject).toBe('two\nlines');
          },
        },
      },
    },
    {
      name: 'a message of 256 KiB is accepted, one byte more is InvalidParameter, HTTP 400',
      run: async (world) => {
        const { topicArn, subscriber } = await openTopic(world);
        await world.sns.send(new PublishCommand({ TopicArn: topicArn, Message: 'm'.repeat(largest) }));
        expect((await subscriber.next()).envelope.Message).toHaveLength(largest);
        expect(await refused(world, { TopicArn: topicArn, Message: 'm'.repeat(largest + 1) })).toMatchObject(
          invalidParameter,
        );
      },
    },
    {
      name: 'the size of a message counts in bytes, not in characters',
      run: async (world) => {
        const { topicArn } = await openTopic(world);
        expect(await refused(world, { TopicArn: topicArn, Message: 'é'.repeat(largest / 2 + 1) })).toMatchObject(
          invalidParameter,
        );
      },
      except: {
        moto: {
          does: 'counts characters',
          proof: async (world) => {
            const { topicArn, subscriber } = await openTopic(world);
            const Message = 'é'.repeat(largest / 2 + 1);
            await world.sns.send(new PublishCommand({ TopicArn: topicArn, Message }));
            expect((await subscriber.next()).envelope.Message).toBe(Message);
          },
        },
      },
    },
    {
      name: 'of a message for several protocols, each subscriber gets the text for its protocol, or the default',
      run: async (world) => {
        const { topicArn, subscriber } = await openTopic(world);
        for (const [texts, expected] of [
          [{ default: 'for all', http: 'for http', email: 'for e-mail' }, 'for http'],
          [{ default: 'for all', email: 'for e-mail' }, 'for all'],
        ] as const) {
          await world.sns.send(
            new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify(texts), MessageStructure: 'json' }),
          );
          expect((await subscriber.next()).envelope.Message).toBe(expected);
        }
      },
    },
    {
      name: 'a message for several protocols without a default, or not in JSON, is InvalidParameter, HTTP 400',
      run: async (world) => {
        const { topicArn, subscriber } = await openTopic(world);
        for (const Message of [JSON.stringify({ email: 'for e-mail' }), 'no JSON']) {
          expect(await refused(world, { TopicArn: topicArn, Message, MessageStructure: 'json' })).toMatchObject(
            invalidParameter,
          );
        }
        expect(subscriber.waiting()).toBe(0);
      },
    },
    {
      name: 'publishing to a topic that does not exist is NotFound, HTTP 404',
      run: async (world) => {
        const TopicArn = `arn:aws:sns:us-east-1:${world.account.id}:nowhere`;
        expect(await refused(world, { TopicArn, Message: 'm' })).toMatchObject({
          name: 'NotFoundException',
          status: 404,
        });
        await expect(createSnsNotifier(world.session, TopicArn).publish(noticeOf())).rejects.toMatchObject({
          code: 'NotFound',
        });
      },
    },
  ],
};

interface SubscribedTopic {
  readonly topicArn: string;
  readonly subscriber: Subscriber;
  readonly subscribed: SubscribeResponse;
}

async function subscribe({ sns }: World): Promise<SubscribedTopic> {
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'notices' }));
  const subscriber = await openSubscriber();
  const subscribed = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: subscriber.url }));
  return { topicArn: TopicArn, subscriber, subscribed };
}

/** A topic with a subscriber that has confirmed, where it was asked to. */
async function openTopic(world: World): Promise<SubscribedTopic> {
  const topic = await subscribe(world);
  if (topic.subscribed.SubscriptionArn !== 'pending confirmation') return topic;
  const { envelope } = await topic.subscriber.next();
  const answer = await fetch(String(envelope.SubscribeURL));
  expect(answer.status).toBe(200);
  return topic;
}

function refused({ sns }: World, message: PublishCommandInput) {
  return refusalOf(sns.send(new PublishCommand(message)));
}
