import { awsError } from '../errors.ts';
import type { IdSource } from './ids.ts';

export interface Subscription {
  readonly arn: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** The body is sent as it is, without SNS's envelope. */
  readonly rawDelivery: boolean;
  /** Proves, in ConfirmSubscription, that the endpoint is the subscriber's. */
  readonly token: string;
  confirmed: boolean;
}

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly subscriptions: Subscription[];
}

export interface MessageAttribute {
  readonly type: string;
  readonly value: string;
}

/** A message as it was published. */
export interface PublishedMessage {
  readonly id: string;
  readonly at: Date;
  readonly topicArn: string;
  readonly subject: string | undefined;
  /** The Message parameter; with `structure` json the JSON text. */
  readonly body: string;
  readonly structure: 'json' | undefined;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** The text by protocol, for `structure` json: `email`, `https`, `default`, ... */
  readonly bodies: Readonly<Record<string, string>>;
}

/** What a subscriber of a protocol gets of a message. */
export function textFor(message: PublishedMessage, protocol: string): string {
  return message.bodies[protocol] ?? message.bodies.default ?? message.body;
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
  readonly accountId: string;
  readonly partition: string;
  readonly ids: IdSource;
  readonly delivery: Delivery;
  /** `automatic`: a subscription is confirmed at once. `handshake`: by SubscribeURL or token, as in AWS. */
  readonly confirmation: 'automatic' | 'handshake';
  /** Told of each message as it is published. */
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

  /** @param confirmed as from the start, for seeds. */
  subscribe(topic: Topic, protocol: string, endpoint: string, rawDelivery = false, confirmed = false): Subscription {
    const same = topic.subscriptions.find((other) => other.protocol === protocol && other.endpoint === endpoint);
    if (same !== undefined) {
      return same;
    }
    const { ids, confirmation, delivery } = this.#parts;
    const arn = `${topic.arn}:${ids.uuid()}`;
    const subscription: Subscription = {
      arn,
      protocol,
      endpoint,
      rawDelivery,
      token: ids.uuid().replaceAll('-', ''),
      confirmed: confirmed || confirmation === 'automatic' || !needsConfirmation(protocol),
    };
    topic.subscriptions.push(subscription);
    if (!subscription.confirmed) {
      delivery.requestConfirmation(topic, subscription);
    }
    return subscription;
  }

  /** @throws AwsError NotFound, InvalidParameter */
  confirm(topicArn: string, token: string): Subscription {
    const subscription = this.topic(topicArn).subscriptions.find((candidate) => candidate.token === token);
    if (subscription === undefined) {
      throw awsError('InvalidParameter', 'Invalid parameter: Invalid token');
    }
    subscription.confirmed = true;
    return subscription;
  }

  publish(topic: Topic, message: PublishedMessage): void {
    this.messages.push(message);
    this.#parts.onPublish?.(message);
    for (const subscription of topic.subscriptions) {
      if (subscription.confirmed && isHttp(subscription.protocol)) {
        this.#parts.delivery.notify(topic, subscription, message);
      }
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
