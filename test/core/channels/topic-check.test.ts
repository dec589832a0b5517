import { describe, expect, it } from 'vitest';
import { channelPolicyOf, judgeChannels, type ReadSubscription } from '../../../core/channels/judge.ts';
import { checkTopic, isSound } from '../../../core/channels/topic-check.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';

const topic = 'arn:aws:sns:us-east-1:111122223333:digests';

function check(email: readonly string[], ...subscriptions: readonly ReadSubscription[]) {
  const { deployment, notices } = defaultPolicy;
  const policy = channelPolicyOf({ notices, deployment: { ...deployment, email } });
  return checkTopic(topic, { known: true, channels: judgeChannels(subscriptions, policy, {}) }, policy);
}

const confirmed = (endpoint: string, protocol = 'email'): ReadSubscription => ({
  protocol,
  endpoint,
  state: 'confirmed',
  arn: `${topic}:1`,
  details: { ok: true, value: { unsubscribesSignedInOnly: true } },
});
const pending = (endpoint: string, protocol = 'email'): ReadSubscription => ({ protocol, endpoint, state: 'pending' });
const deleted = (endpoint: string): ReadSubscription => ({ protocol: 'email', endpoint, state: 'deleted' });

describe('a topic', () => {
  it('is sound where every address of the policy gets the messages, in whatever case and form', () => {
    expect(isSound(check(['A@x.org'], confirmed('a@x.org')))).toBe(true);
    expect(isSound(check(['a@x.org'], confirmed('a@x.org', 'email-json'), pending('a@x.org')))).toBe(true);
    expect(isSound(check([], confirmed('a@x.org'), deleted('b@x.org')))).toBe(true);
  });

  it.each([
    ['pending', pending('b@x.org')],
    ['deleted', deleted('b@x.org')],
  ])('is not where one of them is %s', (_, other) => {
    const { silent, verdict } = check(['a@x.org', 'b@x.org'], confirmed('a@x.org'), other);
    expect({ verdict, silent }).toMatchObject({ verdict: 'reached', silent: [{ endpoint: 'b@x.org' }] });
  });

  it('subscribes again who is missing or was unsubscribed, once, and no one who is pending or was never named', () => {
    expect(check(['a@x.org', 'A@x.org']).unsubscribed).toEqual(['a@x.org']);
    expect(check(['a@x.org'], deleted('a@x.org')).unsubscribed).toEqual(['a@x.org']);
    expect(check(['a@x.org'], deleted('a@x.org'), pending('a@x.org')).unsubscribed).toEqual([]);
    expect(check([], deleted('a@x.org')).unsubscribed).toEqual([]);
  });

  it('subscribes no one where the list cannot be read', () => {
    const { deployment, notices } = defaultPolicy;
    const policy = channelPolicyOf({ notices, deployment: { ...deployment, email: ['a@x.org'] } });
    const problem = { code: 'access-denied', message: 'denied' } as const;
    const unread = checkTopic(topic, { known: false, problem }, policy);
    expect(unread).toMatchObject({ verdict: 'unknown', unsubscribed: [] });
    expect(isSound(unread)).toBe(false);
  });
});

it('shows an address that was asked again as pending, whatever is left of an earlier subscription', () => {
  const { reach } = check(['a@x.org'], deleted('a@x.org'), pending('a@x.org'));
  expect(reach).toMatchObject({ channels: [{ state: 'pending' }] });
  expect(reach.known && reach.channels).toHaveLength(1);
});
