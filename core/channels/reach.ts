/** Whether anyone reads what a topic is notified. Pure. */
import type { ReadProblem } from '../ports.ts';
import type { Channel } from './judge.ts';

/** What is known of the channels of one topic. */
export type Reach =
  | { readonly known: true; readonly channels: readonly Channel[] }
  | { readonly known: false; readonly problem: ReadProblem };

/**
 * `reached`: at least one channel reaches people. `forwarder`: none but keysweep's own forwarder, which must post the
 * message first. `maybe`: that hangs on the message. `no-one`: none does. `unknown`: that could not be determined.
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

/** Why a message of such a reach counts for no one, in one sentence. */
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
 * What the people who are reached should hear of the others, one sentence each: addresses that wait for a confirmation,
 * were unsubscribed, filter, or are missing, and addresses that the policy does not name.
 */
export function channelProblems(reach: Reach): readonly string[] {
  if (!reach.known) return [whyUnreached(reach)];
  return reach.channels.flatMap((channel) => {
    const { reach: own, state, kind, why } = channel;
    if (own === 'unnamed') return [`${nameOf(channel)} is subscribed, and the policy does not name it`];
    const isOpen = state !== 'confirmed' || own === 'unknown' || (own === 'no' && kind !== 'other');
    return isOpen ? [`${nameOf(channel)} gets no messages: ${why}`] : [];
  });
}

/** A channel in one word or two: `security@example.com`, `sqs arn:...`. */
export function nameOf({ kind, protocol, endpoint }: Channel): string {
  return kind === 'email' || kind === 'sms' ? endpoint : `${protocol} ${endpoint}`;
}
