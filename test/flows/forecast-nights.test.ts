/** A forecast says, date by date, what as many real nights over the sandbox do. */
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../core/duration.ts';
import { KeysweepError } from '../../core/error.ts';
import type { UseAssumption } from '../../core/lifecycle/forecast-model.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { type ForecastSpan, forecastLive } from '../../engine/forecast.ts';
import { remember } from '../../engine/remember.ts';
import type { AccountSeed } from '../../sandbox/index.ts';
import { forecastLine, sweepLines } from '../support/forecast-lines.ts';
import { notifierTo } from '../support/listeners.ts';
import {
  account,
  busyKey,
  enforcePolicy,
  fewKeys,
  firstNight,
  oldKey,
  openSweepWorld,
  type SweepWorld,
  staleKey,
  unusedKey,
} from '../support/sweep-world.ts';

const nights = 180;

const machineKey = 'AKIAMACHINEAAAAAAAAA';

const agoIso = (days: number) => new Date(firstNight.getTime() - days * DAY).toISOString();

/** Every way through the lifecycle: stale, never used, too old and in use, young and ageing, inactive, exempt for a time. */
const seed: AccountSeed = {
  ...fewKeys,
  users: [
    ...fewKeys.users,
    {
      name: 'erin',
      tags: { kind: 'machine' },
      accessKeys: [{ createdAt: agoIso(70.3), lastUsed: { at: agoIso(0.2) } }, { createdAt: agoIso(12.4) }],
    },
    { name: 'frank', accessKeys: [{ createdAt: agoIso(60.1), lastUsed: { at: agoIso(40.7) } }] },
    { name: 'grace', accessKeys: [{ status: 'Inactive', createdAt: agoIso(300.2), lastUsed: { at: agoIso(200.9) } }] },
    { name: 'heidi', accessKeys: [{ status: 'Inactive', createdAt: agoIso(90.6), lastUsed: { at: agoIso(30.4) } }] },
    { name: 'judy', attachedPolicies: ['AdministratorAccess'], accessKeys: [{ createdAt: agoIso(30.1) }] },
    { name: 'ivan', path: '/leave/', accessKeys: [{ createdAt: agoIso(100.5), lastUsed: { at: agoIso(80.5) } }] },
  ],
};

/** With caps that bite, days without changes, a freeze, an override by tag, and an exemption that ends. */
const policy: Policy = enforcePolicy({
  limits: { maxDeactivations: { count: 1 }, maxDeletions: { count: 1 }, maxReportAge: DAY },
  calendar: {
    timezone: 'Europe/Berlin',
    days: ['Mon', 'Tue', 'Wed', 'Thu'],
    freeze: [{ from: '2026-12-18', to: '2027-01-04' }],
  },
  overrides: [{ match: { tag: { kind: 'machine' } }, accessKeys: { maxAge: 120 * DAY, warn: [10 * DAY, 3 * DAY] } }],
  exemptions: [
    { match: { path: '/leave/' }, rules: '*', reason: 'on leave', owner: 'hr@example.com', expires: '2026-12-31' },
  ],
});

/** The ids of keys that the audit had no reason to read, by the name that the forecast gives them. */
function idsBySlot({ sandbox }: SweepWorld): ReadonlyMap<string, string> {
  const keys = sandbox.account.users().flatMap((user) => user.accessKeys.map((key) => ({ user, key })));
  return new Map(keys.map(({ user, key }) => [`${user.name} (access key ${key.slot})`, key.id]));
}

function keysInUse({ sandbox }: SweepWorld): readonly string[] {
  const lately = firstNight.getTime() - 14 * DAY;
  const keys = sandbox.account.users().flatMap(({ accessKeys }) => accessKeys);
  return keys.filter(({ uses }) => (uses.latest()?.at ?? 0) > lately).map(({ id }) => id);
}

/** What a forecast of now says, as lines. */
async function foresee(world: SweepWorld, by: Policy, span: ForecastSpan): Promise<readonly string[]> {
  const audited = await world.auditNow(by);
  const remembered = await remember(world.ledger, account, span.from);
  const { forecast } = await forecastLive(world.source, audited, remembered, by, span);
  expect(forecast.unknown).toEqual([]);
  const ids = idsBySlot(world);
  return forecast.events.map((event) => forecastLine(event, ids));
}

/** What as many nights from now on do, as lines. */
async function live(world: SweepWorld, by: Policy, count: number, inUse: readonly string[]) {
  const done: string[] = [];
  for (const result of await world.nights(count, by, inUse)) done.push(...sweepLines(result));
  return done;
}

async function compare(use: UseAssumption): Promise<{ readonly foreseen: string[]; readonly done: string[] }> {
  const world = await openSweepWorld({ seed });
  const foreseen = await foresee(world, policy, { from: firstNight, nights, use });
  const done = await live(world, policy, nights, use === 'continue' ? keysInUse(world) : []);
  return { foreseen: foreseen.toSorted(), done: done.toSorted() };
}

describe('a forecast equals 180 real nights, date by date', () => {
  it.each(['continue', 'stop'] as const)(
    'with --assume %s',
    async (use) => {
      const { foreseen, done } = await compare(use);
      expect(foreseen).toEqual(done);
      for (const type of ['first-notice', 'reminder', 'final-notice', ' deactivate ', ' delete ', ' observe ']) {
        expect(done.some((event) => event.includes(type))).toBe(true);
      }
    },
    60_000,
  );
});

/** What was before the forecast, and what it must therefore say of its first night. */
interface Past {
  readonly by?: Policy;
  readonly seed?: AccountSeed;
  readonly before: (world: SweepWorld, by: Policy) => Promise<void>;
  readonly inUse?: readonly string[];
  readonly firstNight: readonly string[];
}

const soon = { warn: [2 * DAY, DAY], deleteAfter: 5 * DAY };
const brief = enforcePolicy({}, soon);
const oneADay = enforcePolicy({ limits: { ...brief.limits, maxDeactivations: { count: 1 } } }, soon);

async function sweeps(world: SweepWorld, by: Policy, count: number): Promise<void> {
  await world.nights(count, by);
}

const undelivered = {
  notifier: notifierTo(() => Promise.reject(new KeysweepError('TopicInvalid', 'the topic is missing'))),
};

/** Of one user: its key was last used so many days ago, and is used every day on where the window says that it is in use. */
function machine(idle: number): AccountSeed {
  const key = { id: machineKey, createdAt: agoIso(300), lastUsed: { at: agoIso(idle) } };
  return { ...fewKeys, users: [{ name: 'm', tags: { kind: 'machine' }, accessKeys: [key] }] };
}

function withWindow(days: number): Policy {
  const accessKeys = { inUseWindow: days * DAY, maxIdle: 60 * DAY };
  return enforcePolicy({ overrides: [{ match: { tag: { kind: 'machine' } }, accessKeys }] }, soon);
}

const pasts: readonly (readonly [string, Past])[] = [
  [
    'notices that no one has got',
    {
      before: async (world, by) => {
        await world.sweep(by, undelivered);
        world.pass(1);
      },
      firstNight: [
        `warn first-notice deactivate ${staleKey}`,
        `warn first-notice deactivate ${unusedKey}`,
        `warn first-notice rotate ${oldKey}`,
      ],
    },
  ],
  [
    'a final notice that no one has got',
    {
      before: async (world, by) => {
        await sweeps(world, by, 1);
        await world.sweep(by, undelivered);
        world.pass(1);
      },
      firstNight: [
        `warn final-notice deactivate ${staleKey}`,
        `warn final-notice deactivate ${unusedKey}`,
        `warn reminder rotate ${oldKey}`,
      ],
    },
  ],
  [
    'caps of this night that are used up',
    {
      by: oneADay,
      before: async (world, by) => {
        await sweeps(world, by, 2);
        await world.sweep(by);
        world.sandbox.clock.advance(5 * HOUR);
      },
      firstNight: [],
    },
  ],
  [
    'a key that someone deleted, and one that someone deactivated',
    {
      before: async (world, by) => {
        await sweeps(world, by, 1);
        world.sandbox.account.deleteAccessKey(unusedKey);
        world.sandbox.account.setAccessKeyStatus(staleKey, 'Inactive');
      },
      firstNight: [`observe deactivated ${staleKey}`, `observe deleted ${unusedKey}`],
    },
  ],
  [
    'a user who was deleted',
    {
      before: async (world, by) => {
        await sweeps(world, by, 1);
        world.sandbox.account.deleteUser('bob');
      },
      firstNight: [`observe deleted ${unusedKey}`, `warn final-notice deactivate ${staleKey}`],
    },
  ],
  [
    'a key that was deactivated, beside one of the same second',
    {
      before: (world, by) => sweeps(world, by, 4),
      firstNight: [`warn reminder rotate ${oldKey}`],
    },
  ],
  [
    'a key that someone reactivated',
    {
      before: async (world, by) => {
        await sweeps(world, by, 4);
        world.sandbox.account.setAccessKeyStatus(unusedKey, 'Active');
      },
      firstNight: [`observe restored ${unusedKey}`, `warn reminder rotate ${oldKey}`],
    },
  ],
  [
    'a longer in-use window of its own',
    {
      seed: machine(30),
      by: withWindow(40),
      before: async () => {},
      inUse: [machineKey],
      firstNight: [`warn first-notice rotate ${machineKey}`],
    },
  ],
  [
    'a shorter in-use window of its own',
    {
      seed: machine(8),
      by: withWindow(3),
      before: async () => {},
      inUse: [],
      firstNight: [`warn first-notice deactivate ${machineKey}`],
    },
  ],
];

describe('a forecast continues from where the ledger and the account are', () => {
  it.each(pasts)('%s', async (_, { by = brief, seed: own, before, inUse = [busyKey, oldKey], firstNight: first }) => {
    const world = await openSweepWorld(own === undefined ? {} : { seed: own });
    await before(world, by);
    const from = world.sandbox.clock.now();
    const foreseen = await foresee(world, by, { from, nights: 30, use: 'continue' });
    expect(foreseen.toSorted()).toEqual((await live(world, by, 30, inUse)).toSorted());
    const night = `${from.toISOString().slice(0, 10)} `;
    const tonight = foreseen.filter((text) => text.startsWith(night)).map((text) => text.slice(night.length));
    expect(tonight.toSorted()).toEqual(first.toSorted());
  });
});
