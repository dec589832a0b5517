/** Whether the channels of one topic work, and which addresses to subscribe again. Pure. */
import { type Channel, type ChannelPolicy, isMail, isSameAddress } from './judge.ts';
import { type Reach, type ReachVerdict, verdictOf } from './reach.ts';

export interface TopicCheck {
  readonly topicArn: string;
  readonly reach: Reach;
  readonly verdict: ReachVerdict;
  /** Configured addresses, chats and forwarder that are not certain to receive the messages. */
  readonly silent: readonly Channel[];
  /** Addresses in `deployment.email` that are not subscribed, not even pending. */
  readonly unsubscribed: readonly string[];
}

export function checkTopic(topicArn: string, reach: Reach, policy: ChannelPolicy): TopicCheck {
  const channels = reach.known ? reach.channels : [];
  return {
    topicArn,
    reach,
    verdict: verdictOf(reach),
    silent: channels.filter((channel) => isWanted(channel, policy) && !isServed(channel, channels)),
    unsubscribed: reach.known ? unsubscribed(channels, policy) : [],
  };
}

/** Whether it is certain that people are reached, and everyone who should be. */
export function isSound({ verdict, silent }: TopicCheck): boolean {
  return verdict === 'reached' && silent.length === 0;
}

/** Declared channels are declared for all topics, and need not be subscribed to each. */
function isWanted({ kind, endpoint }: Channel, { email }: ChannelPolicy): boolean {
  if (kind === 'email') return email.some((address) => isSameAddress(address, endpoint));
  return kind === 'chat' || kind === 'forwarder';
}

/** An address may be subscribed both as text and as JSON: one of the two is enough. */
function isServed({ kind, endpoint, reach }: Channel, channels: readonly Channel[]): boolean {
  if (kind !== 'email') return reach === 'reaches' || reach === 'forwards';
  return mailsTo(endpoint, channels).some((mail) => mail.reach === 'reaches');
}

function unsubscribed(channels: readonly Channel[], { email }: ChannelPolicy): readonly string[] {
  const once = email.filter((address, at) => email.findIndex((other) => isSameAddress(other, address)) === at);
  return once.filter((address) =>
    mailsTo(address, channels).every(({ state }) => state === 'missing' || state === 'deleted'),
  );
}

function mailsTo(address: string, channels: readonly Channel[]): readonly Channel[] {
  return channels.filter(({ protocol, endpoint }) => isMail(protocol) && isSameAddress(endpoint, address));
}
