import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { expect } from 'vitest';
import { createSnsNotifier } from '../../../aws/sns-notifier.ts';
import type { ScenarioGroup } from '../scenario.ts';
import type { World } from '../world.ts';

const queue = 'arn:aws:sqs:us-east-1:111122223333:tickets';

export const listenerScenarios: ScenarioGroup = {
  title: 'the subscribers of a topic',
  scenarios: [
    {
      name: 'every subscription is listed with its protocol, endpoint and ARN, over several pages',
      run: async (world) => {
        const { topicArn, subscribe } = await openTopic(world);
        for (let index = 0; index < 101; index++) await subscribe('sms', `+49151123${String(index).padStart(5, '0')}`);
        const list = await createSnsNotifier(world.session, topicArn).subscriptions();
        if (!list.ok) throw new Error(list.problem.message);
        expect(list.value).toHaveLength(101);
        expect(list.value[0]).toEqual({
          protocol: 'sms',
          endpoint: '+4915112300000',
          state: 'confirmed',
          arn: expect.stringMatching(/^arn:aws:sns:us-east-1:\d{12}:listened:[\da-f-]{36}$/),
        });
        const first = await world.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
        expect(first.Subscriptions).toHaveLength(100);
      },
    },
    {
      name: 'a filter policy is among the attributes of its subscription, and of no other',
      run: async (world) => {
        const { topicArn, subscribe } = await openTopic(world);
        const filtered = await subscribe('sqs', queue, { FilterPolicy: '{"kind": ["alert"]}' });
        const plain = await subscribe('sqs', `${queue}-2`);
        const notifier = createSnsNotifier(world.session, topicArn);
        expect(await notifier.subscriptionDetails(filtered)).toMatchObject({
          ok: true,
          value: { filter: { policy: '{"kind": ["alert"]}', scope: 'MessageAttributes' } },
        });
        const other = await notifier.subscriptionDetails(plain);
        expect(other.ok && other.value.filter).toBeUndefined();
      },
    },
    {
      name: 'the attributes of a subscription that no longer exists are NotFound',
      run: async (world) => {
        const { topicArn, subscribe } = await openTopic(world);
        const arn = await subscribe('sqs', queue);
        await world.sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
        expect(await createSnsNotifier(world.session, topicArn).subscriptionDetails(arn)).toMatchObject({
          ok: false,
          problem: { code: 'not-found' },
        });
      },
    },
  ],
};

async function openTopic({ sns }: World) {
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'listened' }));
  return {
    topicArn: TopicArn,
    subscribe: async (Protocol: string, Endpoint: string, Attributes: Record<string, string> = {}) => {
      const asked = { TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true };
      return (await sns.send(new SubscribeCommand(asked))).SubscriptionArn ?? '';
    },
  };
}
