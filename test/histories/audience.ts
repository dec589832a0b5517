/** Who listens to the topic of a random history, and whether that is anyone. Shares no code with what judges it. */
import type { Subscription } from '../../core/channels/subscription.ts';
import type { Notifier, ReadProblem } from '../../core/ports.ts';
import { address, confirmedMail, listeners } from '../support/listeners.ts';

/** What there is beside a confirmed address, by whether people read the messages. */
const reachesPeople = {
  none: false,
  pending: false,
  unsubscribed: false,
  filtered: false,
  queue: false,
  'foreign-function': false,
  'list-denied': false,
  'details-denied': false,
  'forwarder-fails': false,
  'receipts-denied': false,
  'forwarder-posts': true,
} as const;

export type Audience = keyof typeof reachesPeople;

export const audiences = Object.keys(reachesPeople) as readonly Audience[];

/** Whether people read what is published. A confirmed address listens where nothing else is said. */
export function reaches(audience: Audience | undefined): boolean {
  return audience === undefined || reachesPeople[audience];
}

/** keysweep cannot know before it has published. */
export function mustTry(audience: Audience): boolean {
  return audience === 'forwarder-fails' || audience === 'receipts-denied';
}

const forwarderArn = 'arn:aws:lambda:us-east-1:111122223333:function:forwarder';
const denied: ReadProblem = { code: 'access-denied', message: 'AccessDenied: the caller lacks it' };

type Listening = Pick<Notifier, 'subscriptions' | 'subscriptionDetails' | 'forwarder'>;

/** The side of the topic on which people are. */
export function listeningOf(audience: Audience | undefined): Listening {
  switch (audience) {
    case undefined:
      return listeners(confirmedMail);
    case 'none':
      return listeners();
    case 'pending':
      return listeners({ protocol: 'email', endpoint: address, state: 'pending' });
    case 'unsubscribed':
      return listeners({ protocol: 'email', endpoint: address, state: 'deleted' });
    case 'queue':
      return listeners(confirmed('sqs', 'arn:aws:sqs:us-east-1:111122223333:tickets'));
    case 'foreign-function':
      return { ...listeners(confirmed('lambda', `${forwarderArn}-of-others`)), ...forwarderThat(true) };
    case 'filtered': {
      const filter = { policy: '{"kind":["digest","correction"]}', scope: 'MessageAttributes' } as const;
      const value = { unsubscribesSignedInOnly: true, filter };
      return { ...listeners(confirmedMail), subscriptionDetails: async () => ({ ok: true, value }) };
    }
    case 'list-denied':
      return { ...listeners(confirmedMail), subscriptions: async () => ({ ok: false, problem: denied }) };
    case 'details-denied':
      return { ...listeners(confirmedMail), subscriptionDetails: async () => ({ ok: false, problem: denied }) };
    case 'forwarder-fails':
      return { ...listeners(confirmed('lambda', forwarderArn)), ...forwarderThat(false) };
    case 'forwarder-posts':
      return { ...listeners(confirmed('lambda', forwarderArn)), ...forwarderThat(true) };
    case 'receipts-denied': {
      const hasPosted = async () => ({ ok: false, problem: denied }) as const;
      return { ...listeners(confirmed('lambda', forwarderArn)), forwarder: { arn: forwarderArn, hasPosted } };
    }
  }
}

function confirmed(protocol: string, endpoint: string): Subscription {
  return { protocol, endpoint, state: 'confirmed', arn: 'arn:aws:sns:us-east-1:111122223333:digests:2' };
}

function forwarderThat(posts: boolean): Pick<Notifier, 'forwarder'> {
  return { forwarder: { arn: forwarderArn, hasPosted: async () => ({ ok: true, value: posts }) } };
}
