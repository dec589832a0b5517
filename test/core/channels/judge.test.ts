import { describe, expect, it } from 'vitest';
import {
  type ChannelPolicy,
  judgeChannels,
  needsDetails,
  type ReadSubscription,
} from '../../../core/channels/judge.ts';
import { channelProblems, type Reach, verdictOf, whyUnreached } from '../../../core/channels/reach.ts';
import type { SubscriptionDetails } from '../../../core/channels/subscription.ts';

const attributes = { kind: 'digest', severity: 'high', account: '111122223333' };
const nothing: ChannelPolicy = { email: [], chat: false, declared: [] };
const forwarder = 'arn:aws:lambda:eu-central-1:111122223333:function:forwarder';
const queue = 'arn:aws:sqs:eu-central-1:111122223333:tickets';
const chat = 'https://global.sns-api.chatbot.amazonaws.com';
const open: SubscriptionDetails = { unsubscribesSignedInOnly: true };
const denied = { code: 'access-denied', message: 'AccessDenied: no sns:GetSubscriptionAttributes' } as const;

function confirmed(protocol: string, endpoint: string, details: SubscriptionDetails = open): ReadSubscription {
  return { protocol, endpoint, state: 'confirmed', arn: `arn:${endpoint}`, details: { ok: true, value: details } };
}

const filtered = (policy: object): SubscriptionDetails => ({
  ...open,
  filter: { policy: JSON.stringify(policy), scope: 'MessageAttributes' },
});

function reach(subscriptions: readonly ReadSubscription[], policy: Partial<ChannelPolicy> = {}): Reach {
  return { known: true, channels: judgeChannels(subscriptions, { ...nothing, ...policy }, attributes) };
}

describe('who is reached', () => {
  it.each<[string, readonly ReadSubscription[], Partial<ChannelPolicy>, ReturnType<typeof verdictOf>]>([
    ['no one is subscribed', [], {}, 'no-one'],
    ['a confirmed address of the policy', [confirmed('email', 'a@x.org')], { email: ['a@x.org'] }, 'reached'],
    ['the same in other letters', [confirmed('email', 'A@X.org')], { email: ['a@x.org'] }, 'reached'],
    ['a confirmed address, where the policy names no one', [confirmed('email', 'b@x.org')], {}, 'reached'],
    ['a confirmed address, where it names another', [confirmed('email', 'b@x.org')], { email: ['a@x.org'] }, 'no-one'],
    ['a confirmed address, where it names a chat', [confirmed('email', 'b@x.org')], { chat: true }, 'no-one'],
    ['a confirmed address, where it has a forwarder', [confirmed('email', 'b@x.org')], { forwarder }, 'no-one'],
    [
      'a confirmed address that it declares beside another',
      [confirmed('email', 'b@x.org')],
      { email: ['a@x.org'], declared: [{ protocol: 'email', endpoint: 'b@x.org' }] },
      'reached',
    ],
    ['a phone, where it names an address', [confirmed('sms', '+4915112345678')], { email: ['a@x.org'] }, 'no-one'],
    ['mail as JSON', [confirmed('email-json', 'a@x.org')], {}, 'reached'],
    ['a phone', [confirmed('sms', '+4915112345678')], {}, 'reached'],
    ['an address that no one confirmed', [{ protocol: 'email', endpoint: 'a@x.org', state: 'pending' }], {}, 'no-one'],
    ['an address that unsubscribed', [{ protocol: 'email', endpoint: 'a@x.org', state: 'deleted' }], {}, 'no-one'],
    ['a queue', [confirmed('sqs', queue)], {}, 'no-one'],
    ['a declared queue', [confirmed('sqs', queue)], { declared: [{ protocol: 'sqs', endpoint: queue }] }, 'reached'],
    [
      'a queue that is like the declared one',
      [confirmed('sqs', `${queue}-2`)],
      { declared: [{ protocol: 'sqs', endpoint: queue }] },
      'no-one',
    ],
    ['a function', [confirmed('lambda', forwarder)], {}, 'no-one'],
    ['the forwarder', [confirmed('lambda', forwarder)], { forwarder }, 'forwarder'],
    ['another function than the forwarder', [confirmed('lambda', `${forwarder}2`)], { forwarder }, 'no-one'],
    ['a delivery stream', [confirmed('firehose', 'arn:aws:firehose:x')], {}, 'no-one'],
    ['a mobile endpoint', [confirmed('application', 'arn:aws:sns:x')], {}, 'no-one'],
    ['a web address', [confirmed('https', 'https://hooks.example.com/')], {}, 'no-one'],
    ['the chat that the policy names', [confirmed('https', chat)], { chat: true }, 'reached'],
    ['a chat, where the policy names none', [confirmed('https', chat)], {}, 'no-one'],
    ['what only looks like that chat', [confirmed('https', `${chat}.example.com/`)], { chat: true }, 'no-one'],
    ['a filtered address', [confirmed('email', 'a@x.org', filtered({ kind: ['digest'] }))], {}, 'no-one'],
    [
      'a filtered address that is declared',
      [confirmed('email', 'a@x.org', filtered({ kind: ['digest'] }))],
      { declared: [{ protocol: 'email', endpoint: 'a@x.org' }] },
      'reached',
    ],
    [
      'a declared address whose filter keeps it out',
      [confirmed('email', 'a@x.org', filtered({ kind: ['alert'] }))],
      { declared: [{ protocol: 'email', endpoint: 'a@x.org' }] },
      'no-one',
    ],
    [
      'a declared address whose filter is not understood',
      [confirmed('email', 'a@x.org', filtered({ kind: [{ wildcard: '*' }] }))],
      { declared: [{ protocol: 'email', endpoint: 'a@x.org' }] },
      'maybe',
    ],
    [
      'an address whose filter SNS does not show',
      [{ ...confirmed('email', 'a@x.org'), details: { ok: false, problem: denied } }],
      {},
      'unknown',
    ],
    [
      'an address that no one looked at',
      [{ protocol: 'email', endpoint: 'a@x.org', state: 'confirmed' }],
      {},
      'unknown',
    ],
    [
      'an address that was removed since the list was read',
      [
        {
          ...confirmed('email', 'a@x.org'),
          details: { ok: false, problem: { code: 'not-found', message: 'not-found' } },
        },
      ],
      {},
      'no-one',
    ],
    ['one of two', [confirmed('sqs', queue), confirmed('email', 'a@x.org')], {}, 'reached'],
  ])('%s', (_, subscriptions, policy, expected) => {
    expect(verdictOf(reach(subscriptions, policy))).toBe(expected);
  });

  it('cannot be determined where the list is denied', () => {
    const unknown: Reach = { known: false, problem: denied };
    expect(verdictOf(unknown)).toBe('unknown');
    expect(whyUnreached(unknown)).toContain('cannot be determined: AccessDenied');
    expect(channelProblems(unknown)).toEqual([whyUnreached(unknown)]);
  });
});

describe('what is named', () => {
  const wanted = {
    email: ['a@x.org', 'b@x.org'],
    chat: true,
    forwarder,
    declared: [{ protocol: 'sqs', endpoint: queue }],
  };

  it('is everything that the policy wants and SNS does not list', () => {
    expect(channelProblems(reach([], wanted))).toEqual([
      'a@x.org gets no messages: the policy names it, but it is not subscribed',
      'b@x.org gets no messages: the policy names it, but it is not subscribed',
      `https ${chat} gets no messages: the policy names it, but it is not subscribed`,
      `lambda ${forwarder} gets no messages: the policy names it, but it is not subscribed`,
      `sqs ${queue} gets no messages: the policy names it, but it is not subscribed`,
    ]);
  });

  it('is each address that waits, has left, filters, or is no one’s in the policy', () => {
    const problems = channelProblems(
      reach(
        [
          { protocol: 'email', endpoint: 'a@x.org', state: 'pending' },
          { protocol: 'email', endpoint: 'b@x.org', state: 'deleted' },
          confirmed('email', 'c@x.org', filtered({ kind: ['alert'] })),
          confirmed('email', 'd@x.org'),
          confirmed('sqs', queue),
        ],
        { email: ['a@x.org', 'b@x.org', 'c@x.org'] },
      ),
    );
    expect(problems).toEqual([
      expect.stringMatching(/^a@x.org gets no messages: it is waiting for confirmation/),
      'b@x.org gets no messages: it was unsubscribed',
      expect.stringMatching(/^c@x.org gets no messages: it has a filter policy/),
      'd@x.org is subscribed, but the policy does not name it',
    ]);
  });

  it('is nothing where an address has confirmed again after it left', () => {
    const again = [
      { protocol: 'email', endpoint: 'a@x.org', state: 'deleted' } as const,
      confirmed('email', 'a@x.org'),
    ];
    expect(channelProblems(reach(again, { email: ['a@x.org'] }))).toEqual([]);
    expect(reach(again)).toMatchObject({ channels: [{ state: 'confirmed' }] });
  });

  it('lists the addresses that anyone can unsubscribe without a sign-in', () => {
    const channels = judgeChannels(
      [
        confirmed('email', 'a@x.org', { unsubscribesSignedInOnly: false }),
        confirmed('email', 'b@x.org'),
        confirmed('sms', '+4915112345678', { unsubscribesSignedInOnly: false }),
      ],
      nothing,
      attributes,
    );
    expect(channels.map(({ opensToUnsubscribe }) => opensToUnsubscribe)).toEqual([true, false, false]);
  });
});

it('asks SNS only about what may reach people', () => {
  const ask = (protocol: string, endpoint: string, policy = {}) =>
    needsDetails({ protocol, endpoint, state: 'confirmed' }, { ...nothing, ...policy });
  expect(ask('email', 'a@x.org')).toBe(true);
  expect(ask('sqs', queue)).toBe(false);
  expect(ask('sqs', queue, { declared: [{ protocol: 'sqs', endpoint: queue }] })).toBe(true);
  expect(needsDetails({ protocol: 'email', endpoint: 'a@x.org', state: 'pending' }, nothing)).toBe(false);
});
