/** What was not named was not notified: a digest that does not fit names only a part of its keys. */
import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import { KeysweepError } from '../../core/error.ts';
import type { Notice } from '../../core/ports.ts';
import { slackMessage } from '../../reports/slack/message.ts';
import type { AccountSeed } from '../../sandbox/index.ts';
import { account, accountWith, enforcePolicy, openSweepWorld, type SweepWorld } from '../support/sweep-world.ts';

const everyNight = enforcePolicy({}, { warn: [DAY], deleteAfter: 30 * DAY });

const letters = 'ABCDEFGHIJ';
const keyOf = (n: number) =>
  `AKIA${[...String(n)]
    .map((digit) => letters[Number(digit)])
    .join('')
    .padStart(16, 'X')}`;

/** So many users with a key that no one has ever used. */
function many(count: number): AccountSeed {
  const users = Array.from({ length: count }, (_, n) => ({
    name: `user-with-a-rather-long-name-${n}`,
    accessKeys: [{ id: keyOf(n), createdAt: '2026-08-01T00:00:00Z' }],
  }));
  return accountWith(users);
}

const textsOf = new Map<Notice, readonly string[]>();

/** Whether every text that people may read of a notice names the key. */
function isNamedIn(notice: Notice, id: string): boolean {
  const slack = () => JSON.stringify(slackMessage({ subject: notice.subject, text: JSON.stringify(notice.data) }));
  const texts = textsOf.get(notice) ?? [notice.body, notice.chat.description, slack()];
  textsOf.set(notice, texts);
  return texts.every((text) => text.includes(id));
}

async function warned({ ledger }: SweepWorld): Promise<readonly string[]> {
  const { entries } = await ledger.entries(account);
  return entries.filter(({ warning }) => warning !== undefined).map(({ credential }) => credential.id);
}

const ids = (count: number) => Array.from({ length: count }, (_, n) => keyOf(n));

describe('without a report that messages could link to', () => {
  it('as many messages go out as it takes to name every key in every text', async () => {
    const world = await openSweepWorld({ seed: many(400) });
    const result = await world.sweep(everyNight);
    expect(result.outcome).toBe('complete');
    expect(world.notices.length).toBeGreaterThan(1);
    expect(world.notices.length).toBeLessThanOrEqual(8);
    for (const id of ids(400)) {
      expect(
        world.notices.filter((notice) => isNamedIn(notice, id)),
        id,
      ).toHaveLength(1);
    }
    expect(new Set(world.notices.map(({ data }) => data.id)).size).toBe(world.notices.length);
    expect(world.notices[1]?.subject).toMatch(/\(2 of \d\)$/);
    expect(world.notices[1]?.body).toMatch(/This is message 2 of \d of this sweep/);
  });

  it('keys beyond the bound are not notified, stay as they are, and come next night', async () => {
    const count = 1_200;
    const world = await openSweepWorld({ seed: many(count) });
    const first = await world.sweep(everyNight);
    const isNamed = (id: string) => world.notices.some((notice) => isNamedIn(notice, id));
    const unnamed = ids(count).filter((id) => !isNamed(id));
    expect(unnamed.length).toBeGreaterThan(0);
    expect(world.notices).toHaveLength(8);
    expect(first.outcome).toBe('partial');
    expect(first.problems).toEqual([`${unnamed.length} notices did not fit; the next sweep sends them`]);
    expect(
      first.actions.filter(({ outcome }) => outcome === 'deferred').map(({ credential }) => credential.id),
    ).toEqual(expect.arrayContaining(unnamed));
    expect(world.notices.at(-1)?.body.replace(/\s+/g, ' ')).toContain(
      `${unnamed.length} more notices did not fit and do not count as sent.`,
    );
    world.pass(1, []);
    await world.sweep(everyNight);
    // Named keys are deactivated; the others get their first notice only now.
    const deactivated = new Set(world.changes().map((change) => change.replace('Inactive ', '')));
    expect(deactivated.size).toBeGreaterThan(0);
    expect(unnamed.filter((id) => deactivated.has(id))).toEqual([]);
    // And of a change that no message announced, nothing has happened.
    const announced = world.notices.slice(8);
    for (const id of deactivated) expect(announced.some((notice) => isNamedIn(notice, id))).toBe(true);
  }, 60_000);

  it('a message that cannot be handed over takes back nothing of the one before', async () => {
    const world = await openSweepWorld({ seed: many(400) });
    const publish = async (notice: Notice) => {
      if (world.notices.length === 1) throw new KeysweepError('TopicInvalid', 'the topic is missing');
      world.notices.push(notice);
      return { messageId: 'm' };
    };
    const result = await world.sweep(everyNight, { notifier: { ...world.ports.notifier, publish } });
    expect(result.outcome).toBe('partial');
    const [only] = world.notices;
    const named = ids(400).filter((id) => only !== undefined && isNamedIn(only, id));
    expect(named.length).toBeGreaterThan(10);
    expect(named.length).toBeLessThan(400);
    world.pass(1, []);
    await world.sweep(everyNight);
    // Tonight 10 of the named keys are deactivated; all others are named for the first time.
    const items = world.notices.slice(1).flatMap(({ data }) => data.items);
    const first = items.flatMap(({ notice, credential }) => (notice === 'first-notice' ? (credential?.id ?? []) : []));
    expect(first.toSorted()).toEqual(
      ids(400)
        .filter((id) => !named.includes(id))
        .toSorted(),
    );
    expect(world.changes().every((change) => named.includes(change.replace('Inactive ', '')))).toBe(true);
    expect(world.changes().length).toBeGreaterThan(0);
  });
});

it('of keys that are due, only those that a message named are deactivated', async () => {
  const world = await openSweepWorld({ seed: many(200) });
  const policy = { ...everyNight, limits: { ...everyNight.limits, maxDeactivations: { count: 200 } } };
  await world.sweep(policy);
  world.pass(1, []);
  world.notices.length = 0;
  const publish = async (notice: Notice) => {
    if (world.notices.length === 1) throw new KeysweepError('TopicInvalid', 'the topic is missing');
    world.notices.push(notice);
    return { messageId: 'm' };
  };
  await world.sweep(policy, { notifier: { ...world.ports.notifier, publish } });
  const [only] = world.notices;
  const deactivated = world.changes().map((change) => change.replace('Inactive ', ''));
  expect(deactivated.toSorted()).toEqual(
    ids(200)
      .filter((id) => only !== undefined && isNamedIn(only, id))
      .toSorted(),
  );
  expect(deactivated.length).toBeGreaterThan(10);
  expect(deactivated.length).toBeLessThan(200);
  world.pass(1, []);
  await world.sweep(policy);
  expect(world.changes()).toHaveLength(200);
}, 60_000);

describe('with a report that every text links to', () => {
  it('one message notifies about all of them', async () => {
    const world = await openSweepWorld({ seed: many(400) });
    const reports = { write: async () => 'https://console.aws.amazon.com/s3/object/reports?prefix=digest.txt' };
    const result = await world.sweep(everyNight, { reports });
    expect(result.outcome).toBe('complete');
    expect(world.notices).toHaveLength(1);
    const [notice] = world.notices;
    const slack = JSON.stringify(slackMessage({ subject: '', text: JSON.stringify(notice?.data) }));
    for (const text of [notice?.body, notice?.chat.description, slack])
      expect(text).toContain('https://console.aws.amazon.com/s3/object/reports?prefix=digest.txt');
    expect(await warned(world)).toHaveLength(400);
  });

  it('where that report cannot be kept, only the keys that were named count', async () => {
    const world = await openSweepWorld({ seed: many(400) });
    const reports = { write: () => Promise.reject(new KeysweepError('AccessDenied', 'no s3:PutObject')) };
    const result = await world.sweep(everyNight, { reports });
    expect(result.problems).toEqual(['the full digest could not be stored: no s3:PutObject']);
    expect(world.notices.length).toBeGreaterThan(1);
    for (const id of ids(400))
      expect(
        world.notices.some((notice) => isNamedIn(notice, id)),
        id,
      ).toBe(true);
  });
});
