/** A forecast says, date by date, what as many real nights over the sandbox do. */
import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import { type ForecastEvent, forecast } from '../../core/lifecycle/forecast.ts';
import type { UseAssumption } from '../../core/lifecycle/forecast-model.ts';
import type { Rotation } from '../../core/lifecycle/rotation.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { AccountSeed } from '../../sandbox/index.ts';
import {
  enforcePolicy,
  fewKeys,
  firstNight,
  openRotationWorld,
  type RotationWorld,
} from '../support/rotation-world.ts';

const nights = 180;

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

/** With caps that bite, days without deeds, a freeze, an override by tag, and an exemption that ends. */
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

/** What happened, with what it was: comparable between forecast and nights. */
function line(night: Date, { type, notice, about, change }: Partial<ForecastEvent>, id: string): string {
  return [night.toISOString().slice(0, 10), type, notice, about, change, id].filter((part) => part).join(' ');
}

function linesOf(rotation: Rotation): readonly string[] {
  return rotation.actions.map((action) => {
    expect(action.outcome).toBe('applied');
    return line(rotation.startedAt, action, action.credential.id);
  });
}

/** The ids of keys that the audit had no reason to read, by the name that the forecast gives them. */
function idsBySlot({ sandbox }: RotationWorld): ReadonlyMap<string, string> {
  const keys = sandbox.account.users().flatMap((user) => user.accessKeys.map((key) => ({ user, key })));
  return new Map(keys.map(({ user, key }) => [`${user.name} (access key ${key.slot})`, key.id]));
}

function keysInUse({ sandbox }: RotationWorld): readonly string[] {
  const lately = firstNight.getTime() - 14 * DAY;
  const keys = sandbox.account.users().flatMap(({ accessKeys }) => accessKeys);
  return keys.filter(({ uses }) => (uses.latest()?.at ?? 0) > lately).map(({ id }) => id);
}

async function compare(use: UseAssumption): Promise<{ readonly told: string[]; readonly done: string[] }> {
  const world = await openRotationWorld({ seed });
  const snapshot = await world.auditNow(policy);
  const tags = await world.source.userTags(
    snapshot.users.map(({ principal }) => principal.name),
    snapshot.userNames.length,
  );
  const users = snapshot.users.map((user) => {
    const read = tags.get(user.principal.name);
    return read?.ok === true ? { ...user, tags: { known: true as const, value: read.value } } : user;
  });
  const options = { from: firstNight, nights, use };
  const { contested } = forecast({ ...snapshot, users }, [], policy, options);
  expect(contested).toContain('judy');
  const attached = await world.source.attachedPolicies(contested);
  if (!attached.ok) throw new Error(attached.problem.message);
  const { events, unknown } = forecast({ ...snapshot, users }, [], policy, { ...options, attached: attached.value });
  expect(unknown).toEqual([]);
  const ids = idsBySlot(world);
  const told = events.map((event) => line(event.night, event, ids.get(event.credential.id) ?? event.credential.id));
  const inUse = use === 'continue' ? keysInUse(world) : [];
  const done: string[] = [];
  for (const rotation of await world.nights(nights, policy, inUse)) done.push(...linesOf(rotation));
  return { told: told.toSorted(), done: done.toSorted() };
}

describe('a forecast equals 180 real nights, date by date', () => {
  it.each(['continue', 'stop'] as const)(
    'with --assume %s',
    async (use) => {
      const { told, done } = await compare(use);
      expect(told).toEqual(done);
      for (const type of ['first-notice', 'reminder', 'final-notice', ' deactivate ', ' delete ', ' observe ']) {
        expect(done.some((event) => event.includes(type))).toBe(true);
      }
    },
    60_000,
  );
});
