import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { SandboxClock } from '../clock.ts';
import { type PublishedMessage, textFor } from '../state/messages.ts';
import type { Delivery, DeliveryAttempt, Subscription, Topic } from '../state/topics.ts';

/** AWS retries at once three times; its later, delayed retries are left out. */
const maxAttempts = 4;
/** How long an endpoint may take to answer, in milliseconds: 15 s, as in AWS. */
const answerTimeoutMs = 15_000;

export interface HttpDeliveryParts {
  readonly clock: SandboxClock;
  /** The sandbox's own URL, for the links in the messages. Known once it listens. */
  readonly sandboxUrl: () => string;
}

/**
 * Posts messages to http and https subscribers with the JSON envelope and headers of SNS. The signature in the
 * envelope is only a filler: no one but AWS can sign for AWS.
 */
export class HttpDelivery implements Delivery {
  readonly attempts: DeliveryAttempt[] = [];
  readonly #parts: HttpDeliveryParts;
  readonly #pending = new Set<Promise<void>>();
  readonly #abort = new AbortController();

  constructor(parts: HttpDeliveryParts) {
    this.#parts = parts;
  }

  notify(topic: Topic, subscription: Subscription, message: PublishedMessage): void {
    const text = textFor(message, subscription.protocol);
    const attributes = Object.entries(message.attributes).map(([name, { type, value }]) => [
      name,
      { Type: type, Value: value },
    ]);
    const envelope = {
      Type: 'Notification',
      MessageId: message.id,
      TopicArn: topic.arn,
      ...(message.subject === undefined ? {} : { Subject: message.subject }),
      Message: text,
      Timestamp: message.at.toISOString(),
      ...this.#signature(topic),
      UnsubscribeURL: this.#link('Unsubscribe', { SubscriptionArn: subscription.arn }),
      ...(attributes.length === 0 ? {} : { MessageAttributes: Object.fromEntries(attributes) }),
    };
    const body = subscription.rawDelivery ? text : JSON.stringify(envelope, null, 2);
    this.#start('Notification', topic, subscription, message.id, body);
  }

  requestConfirmation(topic: Topic, subscription: Subscription): void {
    const { token } = subscription;
    if (subscription.protocol !== 'http' && subscription.protocol !== 'https') {
      return;
    }
    const id = subscription.arn.slice(subscription.arn.lastIndexOf(':') + 1);
    const envelope = {
      Type: 'SubscriptionConfirmation',
      MessageId: id,
      Token: token,
      TopicArn: topic.arn,
      Message: `You have chosen to subscribe to the topic ${topic.arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
      SubscribeURL: this.#link('ConfirmSubscription', { TopicArn: topic.arn, Token: token }),
      Timestamp: this.#parts.clock.now().toISOString(),
      ...this.#signature(topic),
    };
    this.#start('SubscriptionConfirmation', topic, subscription, id, JSON.stringify(envelope, null, 2));
  }

  /** Resolves when nothing is on its way any more. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) {
      await Promise.all(this.#pending);
    }
  }

  /** Gives up what is on its way. */
  async close(): Promise<void> {
    this.#abort.abort();
    await this.settled();
  }

  #start(type: string, topic: Topic, subscription: Subscription, messageId: string, body: string): void {
    const headers: Record<string, string> = {
      'x-amz-sns-message-type': type,
      'x-amz-sns-message-id': messageId,
      'x-amz-sns-topic-arn': topic.arn,
      ...(type === 'Notification' ? { 'x-amz-sns-subscription-arn': subscription.arn } : {}),
      ...(type === 'Notification' && subscription.rawDelivery ? { 'x-amz-sns-rawdelivery': 'true' } : {}),
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
    };
    const delivery = this.#deliver(subscription, messageId, headers, body).finally(() =>
      this.#pending.delete(delivery),
    );
    this.#pending.add(delivery);
  }

  async #deliver(
    subscription: Subscription,
    messageId: string,
    headers: Record<string, string>,
    body: string,
  ): Promise<void> {
    for (let attempt = 1; attempt <= maxAttempts && !this.#abort.signal.aborted; attempt++) {
      const outcome = await this.#post(subscription.endpoint, headers, body);
      this.attempts.push({
        messageId,
        subscriptionArn: subscription.arn,
        endpoint: subscription.endpoint,
        attempt,
        ...outcome,
      });
      if (outcome.status !== undefined && !isRetryable(outcome.status)) {
        return;
      }
    }
  }

  #post(endpoint: string, headers: Record<string, string>, body: string): Promise<{ status?: number; error?: string }> {
    return new Promise((resolve) => {
      const send = endpoint.startsWith('https:') ? httpsRequest : httpRequest;
      const failed = (error: unknown) => resolve({ error: error instanceof Error ? error.message : String(error) });
      try {
        const options = {
          method: 'POST',
          headers,
          agent: false,
          signal: this.#abort.signal,
          timeout: answerTimeoutMs,
        } as const;
        const outgoing = send(endpoint, options, (response) => {
          response.resume();
          response.on('error', failed);
          response.on('end', () => resolve({ status: response.statusCode ?? 0 }));
        });
        outgoing.on('error', failed);
        outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
        outgoing.end(body);
      } catch (error) {
        failed(error);
      }
    });
  }

  #signature(topic: Topic): Record<string, string> {
    const region = topic.arn.split(':')[3] ?? 'us-east-1';
    return {
      SignatureVersion: '1',
      Signature: Buffer.from(`unsigned message of a local sandbox for ${topic.arn}`).toString('base64'),
      SigningCertURL: `https://sns.${region}.amazonaws.com/SimpleNotificationService-0000000000000000000000.pem`,
    };
  }

  #link(action: string, params: Record<string, string>): string {
    return `${this.#parts.sandboxUrl()}/?${new URLSearchParams({ Action: action, ...params })}`;
  }
}

/** SNS gives up on 4xx answers other than 429: they are the endpoint's last word. */
function isRetryable(status: number): boolean {
  return status >= 500 || status === 429;
}
