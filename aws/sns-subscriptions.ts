import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import type { Subscription, SubscriptionDetails, SubscriptionFilter } from '../core/channels/subscription.ts';
import { KeysweepError } from '../core/error.ts';
import { given } from '../core/given.ts';
import type { Notifier, TopicSubscriptions } from '../core/ports.ts';
import { toKeysweepError } from './errors.ts';
import { everyPage, liveRead, required, UnexpectedAnswer } from './live-read.ts';
import type { AwsSession } from './session.ts';
import { regionOfTopic } from './topic-arn.ts';

/** The values that SNS returns instead of an ARN. Source: the SNS API reference, ListSubscriptionsByTopic. */
const states: Readonly<Record<string, Subscription['state']>> = {
  PendingConfirmation: 'pending',
  Deleted: 'deleted',
};

/** The subscriptions of a topic, in the topic's own region. Throws KeysweepError TopicInvalid. */
export function createTopicSubscriptions(session: AwsSession, topicArn: string): TopicSubscriptions {
  const sns = session.client('sns', SNSClient, { region: regionOfTopic(topicArn) });
  return {
    ...subscriptionReads(sns, topicArn),
    subscribe: (channel) => subscribeEndpoint(sns, topicArn, channel),
  };
}

/** Reads the subscriptions of one topic, with a client for the topic's region. */
export function subscriptionReads(
  sns: SNSClient,
  topicArn: string,
): Pick<Notifier, 'subscriptions' | 'subscriptionDetails'> {
  return {
    subscriptions: () =>
      liveRead('sns:ListSubscriptionsByTopic', async () => {
        const found: Subscription[] = [];
        const pages = everyPage(async (marker) => {
          const page = await sns.send(
            new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, ...(marker && { NextToken: marker }) }),
          );
          const { Subscriptions: items = [], NextToken } = page;
          return { items, IsTruncated: NextToken !== undefined && NextToken !== '', Marker: NextToken };
        });
        for await (const page of pages) {
          for (const { SubscriptionArn, Protocol, Endpoint } of page) {
            const arn = required(SubscriptionArn, 'SubscriptionArn');
            const state = states[arn] ?? 'confirmed';
            if (state === 'confirmed' && !arn.startsWith('arn:')) {
              throw new UnexpectedAnswer(`a subscription is ${JSON.stringify(arn.slice(0, 40))}`);
            }
            const protocol = required(Protocol, 'Protocol');
            const endpoint = required(Endpoint, 'Endpoint');
            found.push({ protocol, endpoint, state, ...(state === 'confirmed' && { arn }) });
          }
        }
        return found;
      }),
    subscriptionDetails: (arn) =>
      liveRead('sns:GetSubscriptionAttributes', async () => {
        const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }));
        return detailsOf(required(Attributes, 'Attributes'));
      }),
  };
}

function detailsOf(attributes: Readonly<Record<string, string>>): SubscriptionDetails {
  const filter = filterOf(attributes);
  return {
    ...given({ filter }),
    unsubscribesSignedInOnly: attributes.ConfirmationWasAuthenticated === 'true',
  };
}

function filterOf(attributes: Readonly<Record<string, string>>): SubscriptionFilter | undefined {
  const { FilterPolicy: policy = '', FilterPolicyScope: scope = '' } = attributes;
  // An empty policy is how SNS removes one.
  if (policy === '' || policy === '{}') return undefined;
  return { policy, scope: scope === 'MessageBody' ? 'MessageBody' : 'MessageAttributes' };
}

/**
 * Asks SNS to subscribe an endpoint; an e-mail address must confirm it. A repeated call sends another confirmation.
 * Throws KeysweepError with the error of SNS.
 */
async function subscribeEndpoint(
  sns: SNSClient,
  topicArn: string,
  { protocol, endpoint }: Pick<Subscription, 'protocol' | 'endpoint'>,
): Promise<void> {
  try {
    await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: protocol, Endpoint: endpoint }));
  } catch (error) {
    const known = toKeysweepError(error, 'sns:Subscribe');
    throw new KeysweepError(known.code, `${endpoint} could not be subscribed: ${known.message}`, {
      cause: error,
      ...given({ hint: known.hint }),
    });
  }
}
