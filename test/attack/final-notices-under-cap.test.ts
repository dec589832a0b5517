/** Under a cap, final notices go only to keys that it will let through; the owners of the others are notified weekly that they still wait. */
import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import type { Cap, Policy } from '../../core/policy/policy.ts';
import type { AccountSeed } from '../../sandbox/index.ts';
import { account, enforcePolicy, fewKeys, firstNight, openSweepWorld } from '../support/sweep-world.ts';

const letters = 'ABCDEFGHIJ';
const keyOf = (n: number) =>
  `AKIACAPPED${[...String(n)]
    .map((digit) => letters[Number(digit)])
    .join('')
    .padStart(10, 'X')}`;

/** The later ones have been idle for longer. */
function stale(count: number): AccountSeed {
  const users = Array.from({ length: count }, (_, n) => {
    const at = new Date(Date.UTC(2026, 7, 30) - n * DAY).toISOString();
    return { name: `user${n}`, accessKeys: [{ id: keyOf(n), createdAt: '2026-01-01T00:00:00Z', lastUsed: { at } }] };
  });
  return { ...fewKeys, id: account, now: firstNight.toISOString(), users };
}

function capped(maxDeactivations: Cap, accessKeys: Partial<Policy['accessKeys']> = {}): Policy {
  return enforcePolicy({ limits: { maxDeactivations, maxDeletions: { count: 1 }, maxReportAge: DAY } }, accessKeys);
}

/** By key: in which nights it was given which notice. */
async function sweepNights(policy: Policy, keys: number, nights: number) {
  const world = await openSweepWorld({ seed: stale(keys) });
  const notified: { readonly night: number; readonly id: string; readonly notice: string }[] = [];
  const done: { readonly night: number; readonly change: string }[] = [];
  for (let night = 0; night < nights; night++) {
    const before = { notices: world.notices.length, changes: world.changes().length };
    const result = await world.sweep(policy);
    expect(result.outcome).toBe('complete');
    for (const { data } of world.notices.slice(before.notices))
      for (const { notice, about = '', credential } of data.items)
        if (notice !== undefined)
          notified.push({ night, id: credential?.id ?? '', notice: `${notice} ${about}`.trim() });
    for (const change of world.changes().slice(before.changes)) done.push({ night, change });
    world.pass(1, []);
  }
  const of = (notice: string) => notified.filter((one) => one.notice === notice);
  return { world, notified, done, of };
}

describe('ten keys, and a cap of one a night', () => {
  it('each gets one final notice, the night before it is deactivated, the longest idle first', async () => {
    const { done, of } = await sweepNights(capped({ count: 1 }), 10, 26);
    const finals = of('final-notice deactivate');
    expect(finals.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, n) => keyOf(9 - n)));
    expect(new Set(finals.map(({ night }) => night)).size).toBe(10);
    expect(done).toEqual(finals.map(({ night, id }) => ({ night: night + 1, change: `Inactive ${id}` })));
  });

  it('the others are reported once a week as still waiting', async () => {
    const { of } = await sweepNights(capped({ count: 1 }), 10, 26);
    const waiting = of('still-waiting deactivate');
    expect(waiting.length).toBeGreaterThan(0);
    expect(waiting.length).toBeLessThanOrEqual(20);
    for (let n = 0; n < 10; n++) {
      const nights = waiting.filter(({ id }) => id === keyOf(n)).map(({ night }) => night);
      for (const [at, night] of nights.entries()) expect(night - (nights[at - 1] ?? -7)).toBeGreaterThanOrEqual(7);
    }
  });

  it('deletions have the same order', async () => {
    const { done, of } = await sweepNights(capped({ count: 10 }, { deleteAfter: 5 * DAY }), 4, 28);
    const finals = of('final-notice delete');
    expect(finals).toHaveLength(4);
    const deleted = done.filter(({ change }) => change.startsWith('deleted'));
    expect(deleted.map(({ night }) => night)).toEqual(finals.map(({ night }) => night + 1));
    expect(of('still-waiting delete').length).toBeGreaterThan(0);
  });
});

it('a cap of nothing gives no final notice at all', async () => {
  const { done, of, world } = await sweepNights(capped({ count: 0 }), 3, 40);
  expect([done, of('final-notice deactivate')]).toEqual([[], []]);
  const nights = of('still-waiting deactivate').filter(({ id }) => id === keyOf(0));
  expect(nights.map(({ night }) => night)).toEqual([14, 21, 28, 35]);
  const last = await world.sweep(capped({ count: 0 }));
  expect(last.skipped.map(({ skipReason }) => skipReason)).toEqual(['cap', 'cap', 'cap']);
});

it('a final notice that comes days before takes no more places than there are', async () => {
  const { done, of } = await sweepNights(capped({ count: 2 }, { warn: [10 * DAY, 4 * DAY] }), 9, 20);
  const finals = of('final-notice deactivate');
  expect(finals).toHaveLength(9);
  // Two a night, from the night on in which the warning is over.
  expect(done.map(({ night }) => night)).toEqual([10, 10, 11, 11, 12, 12, 13, 13, 14]);
  expect(finals.map(({ night }) => night)).toEqual([6, 6, 7, 7, 8, 8, 9, 9, 10]);
});

it('a final notice that no one received takes no place', async () => {
  const world = await openSweepWorld({ seed: stale(3) });
  const policy = capped({ count: 1 });
  await world.nights(13, policy, []);
  const publish = () => Promise.reject(new Error('the topic is missing'));
  await world.sweep(policy, { notifier: { ...world.ports.notifier, publish } });
  world.pass(1, []);
  const before = world.notices.length;
  await world.sweep(policy);
  const items = world.notices.slice(before).flatMap(({ data }) => data.items);
  expect(items.filter(({ notice }) => notice === 'final-notice').map(({ credential }) => credential?.id)).toEqual([
    keyOf(2),
  ]);
});
