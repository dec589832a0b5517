/** Whether anyone reads the messages of a topic. Pure. */
import type { ReadProblem } from '../ports.ts';
import type { Channel } from './judge.ts';

/** What is known of the channels of one topic. */
export type Reach =
  | { readonly known: true; readonly channels: readonly Channel[] }
  | { readonly known: false; readonly problem: ReadProblem };

/**
 * `reached`: at least one channel reaches people. `forwarder`: only keysweep's own forwarder, which must post the message
 * first. `maybe`: it depends on the message. `no-one`: none does. `unknown`: it could not be determined.
 */
export type ReachVerdict = 'reached' | 'forwarder' | 'maybe' | 'no-one' | 'unknown';

export function verdictOf(reach: Reach): ReachVerdict {
  if (!reach.known) return 'unknown';
  const reaches = new Set(reach.channels.map((channel) => channel.reach));
  if (reaches.has('reaches')) return 'reached';
  if (reaches.has('may-reach')) return 'maybe';
  if (reaches.has('forwards')) return 'forwarder';
  return reaches.has('unknown') ? 'unknown' : 'no-one';
}

/** Why a message is not known to reach anyone, in one sentence. */
export function whyUnreached(reach: Reach): string {
  if (!reach.known) return `whether anyone gets the messages cannot be determined: ${reach.problem.message}`;
  const open = reach.channels.filter((channel) => channel.reach === 'unknown' || channel.reach === 'may-reach');
  const [first] = open;
  if (first !== undefined) {
    return `whether anyone gets the messages cannot be determined: ${nameOf(first)}: ${first.why}`;
  }
  if (reach.channels.length === 0) return 'no channel reaches people: no one is subscribed';
  return `no channel reaches people: ${reach.channels.map((one) => `${nameOf(one)}: ${one.why}`).join('; ')}`;
}

/**
 * What the people who are reached should know about the other channels, one sentence each: those that are waiting for
 * confirmation, were unsubscribed, filter messages, or are missing, and those that the policy does not name.
 */
export function channelProblems(reach: Reach): readonly string[] {
  if (!reach.known) return [whyUnreached(reach)];
  return reach.channels.flatMap((channel) => {
    const { reach: own, state, kind, why } = channel;
    if (own === 'unnamed') return [`${nameOf(channel)} is subscribed, but the policy does not name it`];
    const isOpen = state !== 'confirmed' || own === 'unknown' || (own === 'no' && kind !== 'other');
    return isOpen ? [`${nameOf(channel)} gets no messages: ${why}`] : [];
  });
}

/** A short name of a channel: `security@example.com`, `sqs arn:...`. */
export function nameOf({ kind, protocol, endpoint }: Channel): string {
  return kind === 'email' || kind === 'sms' ? endpoint : `${protocol} ${endpoint}`;
}
