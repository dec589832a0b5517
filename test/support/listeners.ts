/** Who listens to a topic, for tests that are about something else. */
import type { Subscription } from '../../core/channels/subscription.ts';
import type { Notice, Notifier } from '../../core/ports.ts';
import type { Sandbox } from '../../sandbox/index.ts';

export const address = 'security@example.com';

export const confirmedMail: Subscription = {
  protocol: 'email',
  endpoint: address,
  state: 'confirmed',
  arn: 'arn:aws:sns:us-east-1:111122223333:digests:1',
};

/** A topic with these subscriptions, none of which filters. */
export function listeners(
  ...subscriptions: readonly Subscription[]
): Pick<Notifier, 'subscriptions' | 'subscriptionDetails'> {
  return {
    subscriptions: async () => ({ ok: true, value: subscriptions }),
    subscriptionDetails: async () => ({ ok: true, value: { unsubscribesSignedInOnly: true } }),
  };
}

/** A topic with one confirmed address, whose messages go there. */
export function notifierTo(publish: (notice: Notice) => Promise<unknown>): Notifier {
  return {
    ...listeners(confirmedMail),
    publish: async (notice) => {
      await publish(notice);
      return { messageId: 'message' };
    },
  };
}

/** The ARN of a topic of the sandbox, made if need be, to which one address is subscribed. */
export function listenTo(sandbox: Sandbox, name: string): string {
  const arn = sandbox.topicArn(name);
  sandbox.topics.subscribe(sandbox.topics.topic(arn), 'email', address, { confirmed: true });
  return arn;
}
