import type { SandboxClock } from '../clock.ts';
import { awsError } from '../errors.ts';
import { type FilterPolicy, passesFilter } from './filter-policy.ts';
import type { IdSource } from './ids.ts';
import type { PublishedMessage } from './messages.ts';

const hour = 3_600_000;
/** A subscription that no one confirms is deleted after this. Source: the SNS FAQs. */
const pendingLifetime = 48 * hour;
/** One that was deleted stays in the lists, as `Deleted`, for this long. Source: the SNS developer guide. */
const deletedLifetime = 72 * hour;

export interface Subscription {
  readonly arn: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** The body is sent as it is, without SNS's envelope. */
  readonly rawDelivery: boolean;
  /** Proves, in ConfirmSubscription, that the endpoint is the subscriber's. */
  readonly token: string;
  readonly requestedAt: Date;
  confirmed: boolean;
  /** It was confirmed with AuthenticateOnUnsubscribe, or by AWS itself: its unsubscribe link needs a sign-in. */
  authenticated: boolean;
  filter?: FilterPolicy | undefined;
  deletedAt?: Date;
}

/** What Subscribe accepts besides protocol and endpoint. */
export interface SubscribeOptions {
  readonly rawDelivery?: boolean;
  /** As from the start, for seeds; absent: as the sandbox confirms. */
  readonly confirmed?: boolean;
  readonly filter?: FilterPolicy | undefined;
}

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly subscriptions: Subscription[];
}

/** One attempt to hand a message to an http or https subscriber. */
export interface DeliveryAttempt {
  readonly messageId: string;
  readonly subscriptionArn: string;
  readonly endpoint: string;
  /** From 1. */
  readonly attempt: number;
  readonly status?: number;
  readonly error?: string;
}

/** Hands something over to a subscriber. */
export interface Delivery {
  notify(topic: Topic, subscription: Subscription, message: PublishedMessage): void;
  requestConfirmation(topic: Topic, subscription: Subscription): void;
}

export interface TopicsParts {
  readonly clock: SandboxClock;
  readonly accountId: string;
  readonly partition: string;
  readonly ids: IdSource;
  readonly delivery: Delivery;
  /** `automatic`: a subscription is confirmed at once. `handshake`: by SubscribeURL or token, as in AWS. */
  readonly confirmation: 'automatic' | 'handshake';
  /** Called with each message as it is published. */
  readonly onPublish?: ((message: PublishedMessage) => void) | undefined;
}

/** The SNS topics of one account, in all regions. */
export class Topics {
  readonly messages: PublishedMessage[] = [];
  readonly #topics = new Map<string, Topic>();
  readonly #parts: TopicsParts;

  constructor(parts: TopicsParts) {
    this.#parts = parts;
  }

  /** Makes a topic, or finds the one of that name and region. */
  create(name: string, region: string): Topic {
    const { partition, accountId } = this.#parts;
    const arn = `arn:${partition}:sns:${region}:${accountId}:${name}`;
    const topic = this.#topics.get(arn) ?? { arn, name, subscriptions: [] };
    this.#topics.set(arn, topic);
    return topic;
  }

  /** @throws AwsError NotFound */
  topic(arn: string): Topic {
    const topic = this.#topics.get(arn);
    if (topic === undefined) {
      throw awsError('NotFound', 'Topic does not exist');
    }
    return topic;
  }

  /** Those that SNS would list, the oldest first. What was not confirmed in time, or deleted long ago, is forgotten. */
  subscriptions(topic: Topic): readonly Subscription[] {
    const now = this.#parts.clock.now().getTime();
    const isListed = ({ confirmed, requestedAt, deletedAt }: Subscription) =>
      deletedAt === undefined
        ? confirmed || now - requestedAt.getTime() < pendingLifetime
        : now - deletedAt.getTime() < deletedLifetime;
    const listed = topic.subscriptions.filter(isListed);
    topic.subscriptions.splice(0, topic.subscriptions.length, ...listed);
    return listed;
  }

  /** @throws AwsError NotFound */
  subscription(arn: string): Subscription {
    for (const topic of this.#topics.values()) {
      const found = this.subscriptions(topic).find((one) => one.arn === arn && one.deletedAt === undefined);
      if (found !== undefined) return found;
    }
    throw awsError('NotFound', 'Subscription does not exist');
  }

  subscribe(topic: Topic, protocol: string, endpoint: string, options: SubscribeOptions = {}): Subscription {
    const same = this.subscriptions(topic).find(
      (other) => other.protocol === protocol && other.endpoint === endpoint && other.deletedAt === undefined,
    );
    const { ids, confirmation, delivery, clock } = this.#parts;
    if (same !== undefined) {
      if (!same.confirmed) delivery.requestConfirmation(topic, same);
      return same;
    }
    const { rawDelivery = false, confirmed, filter } = options;
    const isByAws = !needsConfirmation(protocol);
    const subscription: Subscription = {
      arn: `${topic.arn}:${ids.uuid()}`,
      protocol,
      endpoint,
      rawDelivery,
      token: ids.uuid().replaceAll('-', ''),
      requestedAt: clock.now(),
      confirmed: isByAws || (confirmed ?? confirmation === 'automatic'),
      authenticated: isByAws,
      filter,
    };
    topic.subscriptions.push(subscription);
    if (!subscription.confirmed) {
      delivery.requestConfirmation(topic, subscription);
    }
    return subscription;
  }

  /** @throws AwsError NotFound, InvalidParameter */
  confirm(topicArn: string, token: string, authenticated = false): Subscription {
    const subscription = this.subscriptions(this.topic(topicArn)).find((candidate) => candidate.token === token);
    if (subscription === undefined) {
      throw awsError('InvalidParameter', 'Invalid parameter: Invalid token');
    }
    subscription.confirmed = true;
    subscription.authenticated = authenticated;
    delete subscription.deletedAt;
    return subscription;
  }

  /** As by the link in a message, or by the owner of the topic. @throws AwsError NotFound */
  unsubscribe(arn: string): void {
    this.subscription(arn).deletedAt = this.#parts.clock.now();
  }

  publish(topic: Topic, message: PublishedMessage): void {
    this.messages.push(message);
    this.#parts.onPublish?.(message);
    for (const subscription of this.subscriptions(topic)) {
      const { confirmed, deletedAt, protocol, filter } = subscription;
      if (!confirmed || deletedAt !== undefined || !isHttp(protocol)) continue;
      if (passesFilter(filter, message)) this.#parts.delivery.notify(topic, subscription, message);
    }
  }
}

function isHttp(protocol: string): boolean {
  return protocol === 'http' || protocol === 'https';
}

/** Subscribers in the same account's services are confirmed by AWS itself. */
function needsConfirmation(protocol: string): boolean {
  return !['lambda', 'sqs', 'firehose', 'application', 'sms'].includes(protocol);
}
