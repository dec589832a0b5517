/** The night that people were notified of is the night in which it happens, in any window and over every change of clocks. */
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../core/duration.ts';
import { loadPolicy } from '../../core/policy/load.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { account, enforcePolicy, openSweepWorld, type SweepWorld, staleKey } from '../support/sweep-world.ts';

const workdays = ['Mon', 'Tue', 'Wed', 'Thu'] as const;

function openWorld(now: Date, ids: readonly string[] = [staleKey]): Promise<SweepWorld> {
  const keys = ids.map((id) => ({ id, createdAt: '2026-06-01T00:00:00Z', lastUsed: { at: '2026-06-02T10:00:00Z' } }));
  const users = keys.map((key, at) => ({ name: `user${at}`, accessKeys: [key] }));
  return openSweepWorld({ seed: { id: account, alias: 'acme', now: now.toISOString(), users } });
}

/** Sweeps until the key is deactivated: the nights that notices named, and the one in which it happened. */
async function untilDeactivated(policy: Policy, sweeps: readonly Date[]) {
  const world = await openWorld(sweeps[0] as Date);
  for (const at of sweeps) {
    world.sandbox.clock.set(at);
    await world.sweep(policy);
    if (world.changes().length === 0) continue;
    const items = world.notices.flatMap(({ data }) => data.items);
    const named = items.filter(({ notice }) => notice !== 'deactivated').map(({ dueAt }) => dueAt?.slice(0, 10));
    return { named: [...new Set(named)], done: at.toISOString().slice(0, 10) };
  }
  throw new Error('it was never deactivated');
}

/** One sweep each night, so many minutes after its window opens. */
function nights(first: Date, count: number, delays: readonly number[]): readonly Date[] {
  return Array.from({ length: count }, (_, night) => {
    return new Date(first.getTime() + night * DAY + (delays[night % delays.length] ?? 0) * MINUTE);
  });
}

describe('a flexible window', () => {
  const first = new Date('2026-12-03T04:30:00Z');
  it.each([
    ['of half an hour', [17, 3, 29, 8, 22, 1], 30],
    ['of four hours', [17, 233, 120, 8, 1, 66], 240],
    ['that sweeps use from its first minute to its last', [29, 1], 30],
  ])('%s defers nothing', async (_, delays, minutes) => {
    const { deployment } = enforcePolicy();
    const schedule = { ...deployment.schedule, flexibleWindow: minutes * MINUTE };
    const freeze = [{ from: '2026-12-23', to: '2027-01-04' }];
    const calendar = { timezone: 'UTC', days: workdays, freeze };
    const policy = enforcePolicy({ calendar, deployment: { ...deployment, schedule } });
    expect(await untilDeactivated(policy, nights(first, 50, delays))).toEqual({
      named: ['2026-12-21'],
      done: '2026-12-21',
    });
  });

  it('is none of a cron job, which comes at about its own time', async () => {
    const policy = enforcePolicy({ calendar: { timezone: 'UTC', days: workdays, freeze: [] } });
    const cron = new Date(first.getTime() + 7 * HOUR);
    expect(await untilDeactivated(policy, nights(cron, 50, [4, 0, 9, 2]))).toEqual({
      named: ['2026-12-21'],
      done: '2026-12-21',
    });
  });
});

it('a night of 23 hours defers nothing', async () => {
  const policy = enforcePolicy({ calendar: { timezone: 'America/New_York', days: workdays, freeze: [] } });
  // 04:30 in New York, where clocks are put forward on 14 March.
  const sweeps = Array.from({ length: 30 }, (_, night) => {
    const day = Date.UTC(2027, 2, 2 + night);
    return new Date(day + (day >= Date.UTC(2027, 2, 14) ? 8.5 : 9.5) * HOUR);
  });
  expect(await untilDeactivated(policy, sweeps)).toEqual({ named: ['2027-03-17'], done: '2027-03-17' });
});

it('a night that the clocks skip is none in which a final notice could still be given', async () => {
  const policy = loadPolicy(
    `version: 1
mode: enforce
accessKeys: { warn: [14d, 1d], deleteAfter: 1d }
calendar: { timezone: Europe/Berlin, days: [Mon, Tue, Wed, Thu, Fri, Sat, Sun] }
deployment: { schedule: { at: "02:30", timezone: Europe/Berlin } }
`,
    'keysweep.yaml',
  );
  // The night of 28 March has no 02:30. What is deactivated in the one before is deleted in the one after.
  const world = await openWorld(new Date('2027-03-12T01:35:00Z'));
  const skipped = 16;
  for (let night = 0; night < 20; night++) {
    world.sandbox.clock.set(new Date(Date.UTC(2027, 2, 12 + night, night > skipped ? 0 : 1, 35)));
    if (night !== skipped) await world.sweep(policy);
  }
  const named = world.notices.flatMap(({ data }) => data.items.map(({ notice, dueAt }) => `${notice} ${dueAt}`));
  expect(named).toContain('deactivated 2027-03-29T00:30:00.000Z');
  const writes = world.sandbox.writes.map(({ at }) => new Date(at).toISOString().slice(0, 10));
  expect(writes).toEqual(['2027-03-27', '2027-03-29']);
});

it('people read the date of the policy’s time zone', async () => {
  const zone = 'Asia/Tokyo';
  const text = `version: 1
mode: enforce
calendar: { timezone: ${zone}, days: [Mon, Tue, Wed, Thu] }
deployment: { schedule: { at: "04:30" } }
`;
  const policy = loadPolicy(text, 'keysweep.yaml');
  const world = await openWorld(new Date('2026-11-01T19:30:00Z'));
  await world.sweep(policy);
  const [notice] = world.notices;
  // A Monday there; in UTC it is Sunday still.
  expect(notice?.body).toContain(`2026-11-16 04:30 ${zone}`);
  expect(notice?.data.items[0]?.dueAt).toBe('2026-11-15T19:30:00.000Z');
});

it('caps count by the calendar day, however often a sweep is started', async () => {
  const ids = ['A', 'B', 'C', 'D', 'E'].map((letter) => `AKIA${letter.repeat(16)}`);
  const first = new Date('2026-11-02T00:30:00Z');
  const world = await openWorld(first, ids);
  const policy = enforcePolicy({ limits: { ...enforcePolicy().limits, maxDeactivations: { count: 1 } } });
  for (let hours = 0; hours < 20 * 24; hours += 6) {
    world.sandbox.clock.set(new Date(first.getTime() + hours * HOUR));
    await world.sweep(policy);
  }
  const days = world.sandbox.writes.map(({ at }) => new Date(at).toISOString().slice(0, 10));
  expect(days.length).toBeGreaterThan(2);
  expect(new Set(days).size).toBe(days.length);
});

it('a later night that people were notified of holds, although the final notice named an earlier one', async () => {
  const enforce = enforcePolicy();
  const onWednesdays: Policy = { ...enforce, mode: 'warn', calendar: { ...enforce.calendar, days: ['Wed'] } };
  // A Monday; the final notice comes on the Monday two weeks later.
  const world = await openWorld(new Date('2027-03-08T02:30:00Z'));
  await world.nights(15, enforce, []);
  const named = () => world.notices.flatMap(({ data }) => data.items).map(({ dueAt }) => dueAt?.slice(0, 10));
  expect(named().at(-1)).toBe('2027-03-23');
  await world.sweep(onWednesdays);
  expect(named().at(-1)).toBe('2027-03-24');
  world.sandbox.clock.advance(HOUR);
  await world.sweep(enforce);
  expect(world.changes()).toEqual([]);
  world.pass(1, []);
  await world.sweep(enforce);
  expect(world.changes()).toEqual([`Inactive ${staleKey}`]);
});
