/** Publishes messages, and determines whether they reached people. Used by auditor, rotator and commands. */
import {
  type ChannelPolicy,
  channelPolicyOf,
  judgeChannels,
  needsDetails,
  type ReadSubscription,
} from '../core/channels/judge.ts';
import { attributesOf, type MessageAttributes } from '../core/channels/message-attributes.ts';
import { channelProblems, type Reach, verdictOf, whyUnreached } from '../core/channels/reach.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Forwarder, LiveRead, Notice, Notifier } from '../core/ports.ts';

/** The subscriptions of a topic as they were read, and the policy that judges them. */
export interface Subscribers {
  readonly read: LiveRead<readonly ReadSubscription[]>;
  readonly policy: ChannelPolicy;
}

/** Details are read for this many subscriptions at most: the others count as unknown. */
const maxDetails = 100;

/** The sections of a policy that say what counts as a channel. */
export type SubscribersPolicy = Pick<Policy, 'deployment' | 'notices'>;

/** Reads what is subscribed to a topic, and knows which function is the forwarder. */
export interface SubscribersSource extends Pick<Notifier, 'subscriptions' | 'subscriptionDetails'> {
  readonly forwarder?: Pick<Forwarder, 'arn'>;
}

/** Reads the subscriptions, and the details of those that may reach people. Throws nothing. */
export async function readSubscribers(notifier: SubscribersSource, policy: SubscribersPolicy): Promise<Subscribers> {
  const channels = channelPolicyOf(policy, notifier.forwarder?.arn);
  const list = await notifier.subscriptions();
  if (!list.ok) return { read: list, policy: channels };
  const asked = new Set(list.value.filter((one) => needsDetails(one, channels)).slice(0, maxDetails));
  const value = await Promise.all(
    list.value.map(async (one): Promise<ReadSubscription> => {
      if (!asked.has(one) || one.arn === undefined) return one;
      return { ...one, details: await notifier.subscriptionDetails(one.arn) };
    }),
  );
  return { read: { ok: true, value }, policy: channels };
}

/** Which of them reach people with a message that has these attributes. */
export function reachOf({ read, policy }: Subscribers, attributes: MessageAttributes): Reach {
  if (!read.ok) return { known: false, problem: read.problem };
  return { known: true, channels: judgeChannels(read.value, policy, attributes) };
}

/** Whether messages of one kind can reach people: determined before anything is recorded. */
export interface Audience {
  /** Read once per sweep: no other request may come between the last read of the ledger and the message. */
  readonly subscribers: Subscribers;
  /** What is wrong with some of the channels, for people; the others can still be reached. */
  readonly problems: readonly string[];
  /** Why no one can be reached. Undefined: someone can, or only publishing will show. */
  readonly unreachable?: string;
}

export async function readAudience(
  notifier: SubscribersSource,
  policy: SubscribersPolicy,
  attributes: MessageAttributes,
): Promise<Audience> {
  const subscribers = await readSubscribers(notifier, policy);
  const reach = reachOf(subscribers, attributes);
  const verdict = verdictOf(reach);
  const isUnreachable = verdict === 'no-one' || verdict === 'unknown';
  return { subscribers, problems: channelProblems(reach), ...(isUnreachable && { unreachable: whyUnreached(reach) }) };
}

/** The outcome of a message. `undelivered`: it was published, but no one is known to read it. */
export type Delivery =
  | { readonly kind: 'delivered'; readonly notice: Notice }
  | { readonly kind: 'undelivered'; readonly notice: Notice; readonly why: string };

/**
 * Publishes a message, and says whether a channel that reaches people took it.
 *
 * It is published in any case: every subscriber should have it, and keysweep's own forwarder counts only once it has posted
 * this message.
 *
 * @throws KeysweepError if it could not be published
 */
export async function deliver(notifier: Notifier, subscribers: Subscribers, notice: Notice): Promise<Delivery> {
  const reach = reachOf(subscribers, attributesOf(notice));
  const { messageId } = await notifier.publish(notice);
  const channels = reach.known ? reach.channels : [];
  if (channels.some(({ reach }) => reach === 'reaches')) return { kind: 'delivered', notice };
  const { forwarder } = notifier;
  if (forwarder === undefined || !channels.some(({ reach }) => reach === 'forwards')) {
    return { kind: 'undelivered', notice, why: whyUnreached(reach) };
  }
  const posted = await forwarder.hasPosted(messageId);
  if (posted.ok && posted.value) return { kind: 'delivered', notice };
  const why = posted.ok
    ? 'no channel reaches people: the forwarder to Slack has not posted the message, and no one else is subscribed'
    : `whether the forwarder to Slack has posted the message cannot be determined: ${posted.problem.message}`;
  return { kind: 'undelivered', notice, why };
}
