/** A topic that no one listens to: no notice counts, so no clock starts and nothing is changed. */
import { describe, expect, it } from 'vitest';
import { createSnsNotifier } from '../../aws/sns-notifier.ts';
import { HOUR } from '../../core/duration.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Forwarder } from '../../core/ports.ts';
import { address } from '../support/listeners.ts';
import {
  account,
  actionsOf,
  enforcePolicy,
  oldKey,
  openSweepWorld,
  staleKey,
  unusedKey,
} from '../support/sweep-world.ts';

const forwarderArn = 'arn:aws:lambda:us-east-1:111122223333:function:forwarder';
const queue = 'arn:aws:sqs:us-east-1:111122223333:tickets';

/** A world whose messages go to a topic of the sandbox, where addresses must confirm. */
async function openWorld(policy: Policy = enforcePolicy(), forwarder?: Forwarder) {
  const world = await openSweepWorld({ sandbox: { subscriptionConfirmation: 'handshake' } });
  const { sandbox, session } = world;
  const arn = sandbox.topicArn('digests');
  const topic = sandbox.topics.topic(arn);
  const notifier = createSnsNotifier(session, arn, forwarder);
  return {
    ...world,
    sweep: (by = policy) => world.sweep(by, { notifier }),
    subscribe: (protocol = 'email', endpoint = address, options = {}) =>
      sandbox.topics.subscribe(topic, protocol, endpoint, options),
    confirm: () => {
      for (const { confirmed, token } of sandbox.topics.subscriptions(topic)) {
        if (!confirmed) sandbox.topics.confirm(arn, token);
      }
    },
    unsubscribe: () => {
      for (const one of sandbox.topics.subscriptions(topic)) sandbox.topics.unsubscribe(one.arn);
    },
    warnings: async () => (await world.ledger.entries(account)).entries.filter(({ warning }) => warning !== undefined),
  };
}

const firstNotices = [
  `warn first-notice ${staleKey} applied`,
  `warn first-notice ${unusedKey} applied`,
  `warn first-notice ${oldKey} applied`,
];

describe('a topic without a subscriber', () => {
  it('starts no clock and changes nothing, however many nights pass, and every one of them is partial', async () => {
    const world = await openWorld();
    for (let night = 0; night < 20; night++) {
      const result = await world.sweep();
      expect(result).toMatchObject({
        outcome: 'partial',
        problems: ['no channel reaches people: no one is subscribed'],
        notices: { reached: false, undelivered: 0 },
        actions: [],
      });
      expect(result.skipped.filter(({ skipReason }) => skipReason === 'not-notified')).toHaveLength(3);
      world.pass(1);
    }
    expect(await world.warnings()).toEqual([]);
    expect(world.changes()).toEqual([]);
  });

  it('starts the clock in the night on which the subscription is confirmed, and not before', async () => {
    const world = await openWorld();
    world.subscribe();
    expect(await world.sweep()).toMatchObject({
      outcome: 'partial',
      notices: { channels: [expect.stringContaining(`${address} gets no messages: it is waiting for confirmation`)] },
    });
    world.pass(1);
    world.confirm();
    const confirmedAt = world.sandbox.clock.now();
    const result = await world.sweep();
    expect(result).toMatchObject({ outcome: 'complete', notices: { reached: true, undelivered: 0 } });
    expect(actionsOf(result).toSorted()).toEqual(firstNotices.toSorted());
    for (const { warning } of await world.warnings()) expect(warning?.firstNoticeAt).toEqual(confirmedAt);
    for (let night = 0; night < 13; night++) {
      world.pass(1);
      await world.sweep();
    }
    expect(world.changes()).toEqual([]);
    world.pass(1);
    await world.sweep();
    expect(world.changes().toSorted()).toEqual([`Inactive ${staleKey}`, `Inactive ${unusedKey}`].toSorted());
  });

  it('stops what is under way when the last one unsubscribes', async () => {
    const world = await openWorld();
    world.subscribe();
    world.confirm();
    for (let night = 0; night < 14; night++) {
      await world.sweep();
      world.pass(1);
    }
    world.unsubscribe();
    const result = await world.sweep();
    expect(result).toMatchObject({
      outcome: 'partial',
      problems: [expect.stringContaining('it was unsubscribed')],
    });
    expect(world.changes()).toEqual([]);
    expect((await world.entry(staleKey))?.intent).toBeUndefined();
  });

  it('is one again 48 hours after no one confirmed', async () => {
    const world = await openWorld();
    world.subscribe();
    world.sandbox.clock.advance(48 * HOUR);
    expect(await world.sweep()).toMatchObject({ problems: ['no channel reaches people: no one is subscribed'] });
  });

  it('records what a person did, reports it once someone listens, and counts from then', async () => {
    const policy = enforcePolicy({}, { deleteAfter: 5 * 24 * HOUR });
    const world = await openWorld(policy);
    world.subscribe();
    world.confirm();
    await world.sweep();
    world.unsubscribe();
    world.pass(1);
    world.sandbox.account.setAccessKeyStatus(staleKey, 'Inactive');
    expect(await world.sweep()).toMatchObject({ outcome: 'partial' });
    expect(await world.entry(staleKey)).toMatchObject({ stage: 'deactivated', deactivation: { by: 'person' } });
    const version = (await world.entry(staleKey))?.version;
    for (let night = 0; night < 5; night++) {
      world.pass(1);
      await world.sweep();
    }
    // Nothing is written night after night that no one reads.
    expect((await world.entry(staleKey))?.version).toBe(version);
    world.subscribe();
    world.confirm();
    world.pass(1);
    const notifiedAt = world.sandbox.clock.now();
    await world.sweep();
    const { deactivation } = (await world.entry(staleKey)) ?? {};
    expect(deactivation?.deleteAt).toEqual(new Date(notifiedAt.getTime() + 5 * 24 * HOUR));
    expect(world.changes()).toEqual([]);
  });
});

describe('what only looks like a channel', () => {
  const channels = [{ protocol: 'sqs', endpoint: queue }];
  const notices = { ownerTag: 'owner', channels };

  it.each([
    ['a queue', 'sqs', queue, {}],
    ['a function that is not the forwarder', 'lambda', forwarderArn, {}],
    [
      'an address with a filter policy',
      'email',
      address,
      { filter: { text: '{"kind":["digest"]}', scope: 'MessageAttributes' } },
    ],
  ] as const)('%s does not count', async (_, protocol, endpoint, options) => {
    const world = await openWorld();
    world.subscribe(protocol, endpoint, options);
    world.confirm();
    expect(await world.sweep()).toMatchObject({ outcome: 'partial', notices: { reached: false } });
    expect(await world.warnings()).toEqual([]);
  });

  it('a declared queue counts, unless its filter keeps the digest out', async () => {
    const world = await openWorld(enforcePolicy({ notices }));
    const subscription = world.subscribe('sqs', queue);
    subscription.filter = { text: '{"kind":["alert"]}', scope: 'MessageAttributes' };
    expect(await world.sweep()).toMatchObject({ outcome: 'partial', notices: { reached: false } });
    subscription.filter = undefined;
    expect(await world.sweep()).toMatchObject({ outcome: 'complete', notices: { reached: true } });
  });

  it('a declared queue whose filter hangs on the severity is tried, and does not count where it kept the digest out', async () => {
    const world = await openWorld(enforcePolicy({ notices }));
    world.subscribe('sqs', queue, { filter: { text: '{"severity":["critical"]}', scope: 'MessageAttributes' } });
    const result = await world.sweep();
    expect(result).toMatchObject({ outcome: 'partial', notices: { reached: false, undelivered: 1 } });
    expect(actionsOf(result).every((text) => text.endsWith('deferred'))).toBe(true);
    world.subscribe();
    world.confirm();
    world.pass(1);
    // Given again: it was not delivered to anyone.
    expect(actionsOf(await world.sweep()).toSorted()).toEqual(firstNotices.toSorted());
  });
});

describe('what cannot be determined', () => {
  it.each(['sns:ListSubscriptionsByTopic', 'sns:GetSubscriptionAttributes'])(
    '%s denied counts as no one',
    async (action) => {
      const world = await openWorld();
      world.subscribe();
      world.confirm();
      world.sandbox.faults.add({ action, kind: 'denied' });
      expect(await world.sweep()).toMatchObject({
        outcome: 'partial',
        problems: [expect.stringMatching(/cannot be determined: .*AccessDenied/)],
        notices: { reached: false },
      });
      expect(await world.warnings()).toEqual([]);
    },
  );
});

describe('the forwarder', () => {
  function forwarderThat(posts: () => boolean): Forwarder {
    return { arn: forwarderArn, hasPosted: async () => ({ ok: true, value: posts() }) };
  }

  it('counts for each message that it has posted, from the first night on, and for no other', async () => {
    let isUp = false;
    const world = await openWorld(
      enforcePolicy(),
      forwarderThat(() => isUp),
    );
    world.subscribe('lambda', forwarderArn);
    expect(await world.sweep()).toMatchObject({
      outcome: 'partial',
      problems: [expect.stringContaining('the forwarder to Slack has not posted the message')],
      notices: { reached: false, undelivered: 1 },
    });
    world.pass(1);
    isUp = true;
    const now = world.sandbox.clock.now();
    expect(await world.sweep()).toMatchObject({ outcome: 'complete', notices: { reached: true } });
    for (const { warning } of await world.warnings()) expect(warning?.firstNoticeAt).toEqual(now);
  });

  it('proves nothing where its receipts cannot be read', async () => {
    const problem = { code: 'access-denied', message: 'AccessDenied' } as const;
    const world = await openWorld(enforcePolicy(), {
      arn: forwarderArn,
      hasPosted: async () => ({ ok: false, problem }),
    });
    world.subscribe('lambda', forwarderArn);
    expect(await world.sweep()).toMatchObject({
      outcome: 'partial',
      problems: [expect.stringContaining('cannot be determined')],
    });
  });
});

it('who is reached reads of the others in the digest', async () => {
  const { deployment } = enforcePolicy();
  const world = await openWorld(enforcePolicy({ deployment: { ...deployment, email: [address, 'b@example.com'] } }));
  world.subscribe();
  world.confirm();
  world.subscribe('email', 'left@example.com').confirmed = false;
  expect(await world.sweep()).toMatchObject({ outcome: 'complete' });
  const [message] = world.sandbox.messages;
  expect(message?.bodies.email).toContain('left@example.com gets no messages: it is waiting for confirmation');
  expect(JSON.parse(message?.bodies.default ?? '').notes).toEqual([
    expect.stringContaining('left@example.com gets no messages: it is waiting for confirmation'),
    expect.stringContaining('b@example.com gets no messages: the policy names it, but it is not subscribed'),
  ]);
});

it('the word of the operator counts, and is on record', async () => {
  const world = await openSweepWorld();
  const result = await world.sweep(enforcePolicy(), { notifier: undefined });
  expect(result).toMatchObject({ outcome: 'complete' });
  expect(await world.ledger.sweep(account, result.sweep)).toMatchObject({ notifiedBy: 'operator' });
});
