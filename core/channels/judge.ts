/** Which subscriptions of a topic reach people, and why the others do not. Pure. */
import { given } from '../given.ts';
import type { Policy } from '../policy/policy.ts';
import type { LiveRead } from '../ports.ts';
import { type FilterVerdict, passesFilter } from './filter.ts';
import type { MessageAttributes } from './message-attributes.ts';
import type { Subscription, SubscriptionDetails } from './subscription.ts';

/** A subscription as it was read. */
export interface ReadSubscription extends Subscription {
  /** Undefined if it was not read, because nothing depends on it. */
  readonly details?: LiveRead<SubscriptionDetails>;
}

/** What kind of channel it is for people. */
export type ChannelKind = 'email' | 'sms' | 'chat' | 'forwarder' | 'declared' | 'other';

/**
 * `reaches`: people read what it receives. `forwards`: it is keysweep's own forwarder, which counts for a message once it
 * has posted that message. `may-reach`: it depends on the message. `unnamed`: someone reads it, but the policy names others,
 * so it does not count. `no`: it reaches no one. `unknown`: it could not be determined, which never counts.
 */
export type ChannelReach = 'reaches' | 'forwards' | 'may-reach' | 'unnamed' | 'no' | 'unknown';

/** One way from a topic to people, or what looks like one. */
export interface Channel {
  readonly kind: ChannelKind;
  readonly protocol: string;
  readonly endpoint: string;
  /** `missing`: the policy names it, but there is no such subscription. */
  readonly state: Subscription['state'] | 'missing';
  readonly reach: ChannelReach;
  /** The policy names it. */
  readonly configured: boolean;
  /** For people: why it counts, or why not. */
  readonly why: string;
  readonly arn?: string;
  /** Anyone who has one of its messages can unsubscribe it without signing in. */
  readonly opensToUnsubscribe: boolean;
}

/** What channels are judged by, besides the subscriptions. */
export interface ChannelPolicy {
  /** Addresses that the policy lists under `deployment.email`. */
  readonly email: readonly string[];
  /** Whether the policy names a Slack channel of Amazon Q Developer. */
  readonly chat: boolean;
  /** What it declares under `notices.channels`. */
  readonly declared: readonly Pick<Subscription, 'protocol' | 'endpoint'>[];
  /** ARN of keysweep's own forwarder, if known. */
  readonly forwarder?: string;
}

export function channelPolicyOf(
  { deployment, notices }: Pick<Policy, 'deployment' | 'notices'>,
  forwarder?: string,
): ChannelPolicy {
  return {
    email: deployment.email,
    chat: deployment.slack !== undefined || deployment.slackConfiguration !== undefined,
    declared: notices.channels,
    ...given({ forwarder }),
  };
}

/**
 * The endpoints of Amazon Q Developer in chat applications, in every region. Source: its administrator guide, "SNS topic
 * subscriptions".
 */
const chatHost = /^https:\/\/[\w.-]*sns-api\.chatbot\.amazonaws\.com(?:\/|$)/;

const chatEndpoint = 'https://global.sns-api.chatbot.amazonaws.com';

/** Whether anything depends on the details of a subscription: only if it may count. */
export function needsDetails(subscription: Subscription, policy: ChannelPolicy): boolean {
  return subscription.state === 'confirmed' && isConfigured(subscription, policy);
}

/**
 * Judges every subscription of a topic, and adds those that the policy names and that are missing.
 *
 * @param attributes of the message that is to be published
 */
export function judgeChannels(
  subscriptions: readonly ReadSubscription[],
  policy: ChannelPolicy,
  attributes: MessageAttributes,
): readonly Channel[] {
  const keysOf = (state: Subscription['state']) =>
    new Set(subscriptions.filter((one) => one.state === state).map(keyOf));
  const confirmed = keysOf('confirmed');
  const pending = keysOf('pending');
  // A confirmed subscription outranks a pending or deleted one of the same endpoint, and a pending one a deleted one.
  const current = subscriptions.filter((one) => {
    if (one.state === 'confirmed') return true;
    return !confirmed.has(keyOf(one)) && (one.state === 'pending' || !pending.has(keyOf(one)));
  });
  const judged = current.map((one) => judge(one, policy, attributes));
  return [...judged, ...missing(current, policy)];
}

function judge(subscription: ReadSubscription, policy: ChannelPolicy, attributes: MessageAttributes): Channel {
  const { protocol, endpoint, state, arn, details } = subscription;
  const kind = kindOf(subscription, policy);
  const known = details?.ok ? details.value : undefined;
  return {
    kind,
    protocol,
    endpoint,
    state,
    configured: isConfigured(subscription, policy),
    ...reachOf(subscription, kind, policy, attributes),
    ...given({ arn }),
    opensToUnsubscribe: (kind === 'email' || isMail(protocol)) && known?.unsubscribesSignedInOnly === false,
  };
}

type Verdict = Pick<Channel, 'reach' | 'why'>;

function reachOf(
  { state, details, ...subscription }: ReadSubscription,
  kind: ChannelKind,
  policy: ChannelPolicy,
  attributes: MessageAttributes,
): Verdict {
  if (state === 'pending') return no('it is waiting for confirmation; SNS deletes it 48 hours after the request');
  if (state === 'deleted') return no('it was unsubscribed');
  if (kind === 'other') return no(whyNot(subscription));
  if (!isConfigured(subscription, policy)) return { reach: 'unnamed', why: unnamed };
  if (details === undefined) return { reach: 'unknown', why: 'it was not checked' };
  if (!details.ok) {
    if (details.problem.code === 'not-found') return no('it has just been unsubscribed');
    return { reach: 'unknown', why: `whether it filters messages cannot be determined: ${details.problem.message}` };
  }
  const { filter } = details.value;
  const reach = kind === 'forwarder' ? 'forwards' : 'reaches';
  if (filter === undefined) return { reach, why: reasons[kind] };
  if (!isDeclared(subscription, policy)) {
    return no('it has a filter policy, and notices.channels does not declare it');
  }
  return filtered(passesFilter(filter, attributes), reach, filter.policy);
}

function filtered(verdict: FilterVerdict, reach: 'forwards' | 'reaches', policy: string): Verdict {
  switch (verdict) {
    case true:
      return { reach, why: `declared, and its filter policy lets the message through: ${policy}` };
    case false:
      return no(`its filter policy blocks the message: ${policy}`);
    case 'unknown':
      return { reach: 'may-reach', why: `whether its filter policy lets the message through is unknown: ${policy}` };
  }
}

const reasons: Readonly<Record<Exclude<ChannelKind, 'other'>, string>> = {
  email: 'a confirmed address',
  sms: 'a confirmed phone number',
  chat: 'a chat channel of Amazon Q Developer',
  forwarder: 'it counts for each message that it has posted to Slack',
  declared: 'declared in notices.channels',
};

const unnamed = 'the policy names other channels: list it in deployment.email, or declare it in notices.channels';

function no(why: string): Verdict {
  return { reach: 'no', why };
}

function whyNot({ protocol, endpoint }: Pick<Subscription, 'protocol' | 'endpoint'>): string {
  if (isChat({ protocol, endpoint }))
    return 'a chat channel of Amazon Q Developer, but neither deployment.slack nor deployment.slackConfiguration is set';
  return `it is unknown whether people read what ${wordsOf(protocol)} receives, and notices.channels does not declare it`;
}

function wordsOf(protocol: string): string {
  switch (protocol) {
    case 'sqs':
      return 'a queue';
    case 'lambda':
      return 'a function';
    case 'firehose':
      return 'a delivery stream';
    case 'http':
    case 'https':
      return 'a web address';
    default:
      return `a subscription by ${protocol}`;
  }
}

function kindOf(subscription: Pick<Subscription, 'protocol' | 'endpoint'>, policy: ChannelPolicy): ChannelKind {
  const { protocol, endpoint } = subscription;
  if (isMail(protocol)) return 'email';
  if (protocol === 'sms') return 'sms';
  if (policy.chat && isChat(subscription)) return 'chat';
  if (protocol === 'lambda' && endpoint === policy.forwarder) return 'forwarder';
  return isDeclared(subscription, policy) ? 'declared' : 'other';
}

export function isMail(protocol: string): boolean {
  return protocol === 'email' || protocol === 'email-json';
}

function isChat({ protocol, endpoint }: Pick<Subscription, 'protocol' | 'endpoint'>): boolean {
  return protocol === 'https' && chatHost.test(endpoint);
}

function isDeclared(subscription: Pick<Subscription, 'protocol' | 'endpoint'>, { declared }: ChannelPolicy): boolean {
  return declared.some((one) => keyOf(one) === keyOf(subscription));
}

function isConfigured(subscription: Pick<Subscription, 'protocol' | 'endpoint'>, policy: ChannelPolicy): boolean {
  const kind = kindOf(subscription, policy);
  if (kind === 'chat' || kind === 'forwarder' || isDeclared(subscription, policy)) return true;
  if (kind === 'other') return false;
  // If the policy names no channel, every subscribed address or phone number counts.
  const { email, chat, forwarder } = policy;
  if (email.length === 0 && !chat && forwarder === undefined) return true;
  return isMail(subscription.protocol) && email.some((one) => isSameAddress(one, subscription.endpoint));
}

/** What the policy names and SNS does not list in any state. */
function missing(current: readonly Subscription[], policy: ChannelPolicy): readonly Channel[] {
  const isListed = (wanted: Pick<Subscription, 'protocol' | 'endpoint'>) =>
    current.some((one) => keyOf(one) === keyOf(wanted));
  const mails = [...new Set(policy.email)]
    .filter((address) => !current.some((one) => isMail(one.protocol) && isSameAddress(one.endpoint, address)))
    .map((endpoint) => absent('email', 'email', endpoint));
  const chats = policy.chat && !current.some(isChat) ? [absent('chat', 'https', chatEndpoint)] : [];
  const { forwarder } = policy;
  const forwarders =
    forwarder !== undefined && !isListed({ protocol: 'lambda', endpoint: forwarder })
      ? [absent('forwarder', 'lambda', forwarder)]
      : [];
  const declared = policy.declared
    .filter((one) => !isListed(one) && !mails.some((mail) => keyOf(mail) === keyOf(one)))
    .map(({ protocol, endpoint }) => absent('declared', protocol, endpoint));
  return [...mails, ...chats, ...forwarders, ...declared];
}

function absent(kind: ChannelKind, protocol: string, endpoint: string): Channel {
  const why = 'the policy names it, but it is not subscribed';
  return {
    kind,
    protocol,
    endpoint,
    state: 'missing',
    reach: 'no',
    configured: true,
    why,
    opensToUnsubscribe: false,
  };
}

/** E-mail addresses are compared without regard to case. */
export function isSameAddress(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** E-mail addresses are compared without regard to case, other endpoints are not. */
function keyOf({ protocol, endpoint }: Pick<Subscription, 'protocol' | 'endpoint'>): string {
  return `${protocol} ${isMail(protocol) ? endpoint.toLowerCase() : endpoint}`;
}
