import type { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';

/** Subscribes each address to the topic, once. */
export function subscribeByEmail(topic: Topic, addresses: readonly string[]): void {
  for (const address of new Set(addresses)) topic.addSubscription(new EmailSubscription(address));
}
