import { type AwsError, awsError } from '../errors.ts';
import type { QueryOperation } from '../http/operation.ts';
import { type FilterPolicy, readFilterPolicy } from '../state/filter-policy.ts';
import type { Subscription, Topic } from '../state/topics.ts';
import { xmlMap } from '../xml.ts';

const protocols = new Set(['http', 'https', 'email', 'email-json', 'sms', 'sqs', 'application', 'lambda', 'firehose']);

/** The most on one page of ListSubscriptionsByTopic. */
const pageSize = 100;

const subscribe: QueryOperation = {
  event: 'write',
  resource: (params) => params.get('TopicArn') ?? '*',
  run(params, call) {
    const topic = call.world.topics.topic(params.get('TopicArn') ?? '');
    const protocol = params.get('Protocol') ?? '';
    const endpoint = params.get('Endpoint') ?? '';
    if (!protocols.has(protocol)) {
      throw invalid(`Amazon SNS does not support this protocol string: ${protocol}`);
    }
    if (protocol.startsWith('http') && !endpoint.startsWith(`${protocol}://`)) {
      throw invalid('Endpoint must match the specified protocol');
    }
    if (protocol.startsWith('email') && !/^[^@\s]+@[^@\s]+$/.test(endpoint)) {
      throw invalid('Email address');
    }
    const entries = params.structures('Attributes.entry', 'key');
    const attributes = Object.fromEntries(entries.map((entry) => [entry('key'), entry('value') ?? '']));
    const subscription = call.world.topics.subscribe(topic, protocol, endpoint, {
      rawDelivery: attributes.RawMessageDelivery === 'true',
      filter: filterOf(attributes),
    });
    const showArn = subscription.confirmed || params.get('ReturnSubscriptionArn') === 'true';
    return { SubscriptionArn: showArn ? subscription.arn : 'pending confirmation' };
  },
};

const confirmSubscription: QueryOperation = {
  event: 'write',
  signature: 'none',
  run(params, call) {
    const isAuthenticated = params.get('AuthenticateOnUnsubscribe') === 'true';
    const { topics } = call.world;
    const topicArn = params.get('TopicArn') ?? '';
    return { SubscriptionArn: topics.confirm(topicArn, params.get('Token') ?? '', isAuthenticated).arn };
  },
};

/** Anyone who has the link from a message may, too. */
const unsubscribe: QueryOperation = {
  event: 'write',
  signature: 'none',
  run(params, call) {
    call.world.topics.unsubscribe(params.get('SubscriptionArn') ?? '');
    return undefined;
  },
};

const listSubscriptionsByTopic: QueryOperation = {
  event: 'read',
  resource: (params) => params.get('TopicArn') ?? '*',
  run(params, { world }) {
    const topic = world.topics.topic(params.get('TopicArn') ?? '');
    const all = world.topics.subscriptions(topic);
    const start = startOf(params.get('NextToken'), all.length);
    const size = Math.min(pageSize, world.paging.maxPageSize ?? pageSize);
    const end = start + size;
    return {
      Subscriptions: all.slice(start, end).map((subscription) => listed(topic, subscription, world.account.id)),
      NextToken: end < all.length ? Buffer.from(String(end)).toString('base64url') : undefined,
    };
  },
};

const getSubscriptionAttributes: QueryOperation = {
  event: 'read',
  resource: (params) => topicOf(params.get('SubscriptionArn') ?? '*'),
  run(params, { world }) {
    const subscription = world.topics.subscription(params.get('SubscriptionArn') ?? '');
    const { arn, protocol, endpoint, confirmed, authenticated, rawDelivery, filter } = subscription;
    const attributes: Readonly<Record<string, string>> = {
      SubscriptionArn: arn,
      TopicArn: topicOf(arn),
      Owner: world.account.id,
      Protocol: protocol,
      Endpoint: endpoint,
      PendingConfirmation: String(!confirmed),
      ConfirmationWasAuthenticated: String(authenticated),
      RawMessageDelivery: String(rawDelivery),
      ...(filter === undefined ? {} : { FilterPolicy: filter.text, FilterPolicyScope: filter.scope }),
    };
    return { Attributes: xmlMap(attributes) };
  },
};

const setSubscriptionAttributes: QueryOperation = {
  event: 'write',
  resource: (params) => topicOf(params.get('SubscriptionArn') ?? '*'),
  run(params, { world }) {
    const subscription = world.topics.subscription(params.get('SubscriptionArn') ?? '');
    const name = params.get('AttributeName') ?? '';
    const value = params.get('AttributeValue') ?? '';
    const known = { FilterPolicy: subscription.filter?.text ?? '', FilterPolicyScope: subscription.filter?.scope };
    if (!Object.hasOwn(known, name)) throw invalid(`AttributeName: the sandbox does not know ${name}`);
    subscription.filter = filterOf({ ...known, [name]: value });
    return undefined;
  },
};

export const subscriptionOperations: Readonly<Record<string, QueryOperation>> = {
  Subscribe: subscribe,
  ConfirmSubscription: confirmSubscription,
  Unsubscribe: unsubscribe,
  ListSubscriptionsByTopic: listSubscriptionsByTopic,
  GetSubscriptionAttributes: getSubscriptionAttributes,
  SetSubscriptionAttributes: setSubscriptionAttributes,
};

/** Of one that is not confirmed, or not any more, the ARN is a word. */
function listed(topic: Topic, { arn, protocol, endpoint, confirmed, deletedAt }: Subscription, Owner: string) {
  const live = confirmed ? arn : 'PendingConfirmation';
  return {
    SubscriptionArn: deletedAt === undefined ? live : 'Deleted',
    Owner,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topic.arn,
  };
}

function filterOf(attributes: Readonly<Record<string, string | undefined>>): FilterPolicy | undefined {
  return readFilterPolicy(attributes.FilterPolicy ?? '', attributes.FilterPolicyScope || undefined);
}

function startOf(token: string | undefined, length: number): number {
  if (token === undefined) return 0;
  const start = Number(Buffer.from(token, 'base64url').toString());
  if (Number.isInteger(start) && start > 0 && start <= length) return start;
  throw invalid('NextToken Reason: invalid token');
}

function topicOf(subscriptionArn: string): string {
  return subscriptionArn.split(':').slice(0, 6).join(':');
}

function invalid(what: string): AwsError {
  return awsError('InvalidParameter', `Invalid parameter: ${what}`);
}
