/** Random histories of an account under a policy, as plain data. */
import fc from 'fast-check';
import { DAY, HOUR } from '../../core/duration.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import type { Match, Policy } from '../../core/policy/policy.ts';
import type { AccessKeySeed, AccountSeed, UserSeed } from '../../sandbox/state/seed.ts';
import { type Audience, audiences } from './audience.ts';
import { type Rhythm, rhythms, timezones } from './rhythm.ts';

/** What a person does before a night. `user` and `key` are taken modulo what there is. */
export interface PersonAct {
  readonly type:
    | 'use'
    | 'reactivate'
    | 'deactivate'
    | 'delete'
    | 'create'
    | 'keep'
    | 'unkeep'
    | 'machine'
    /** Under the path that some policies exempt, or back. */
    | 'move'
    | 'rename'
    | 'delete-user'
    /** With `keysweep restore`. */
    | 'restore';
  readonly user: number;
  readonly key: number;
  /** When it was used, in minutes before the night. IAM shows a use ten minutes later. */
  readonly minutesAgo: number;
  /** `keysweep restore` is killed at this call of any port. */
  readonly killAt?: number;
  /** What goes wrong in `keysweep restore`: `lost` reactivates the key, and the answer never arrives. */
  readonly failure?: 'denied' | 'lost' | 'publish';
}

/** How the ports behave in one night, for the users named. */
export interface NightFaults {
  readonly users: readonly string[];
  readonly list?: 'denied' | 'throttled' | 'unavailable';
  readonly lastUse?: 'denied' | 'throttled' | 'unavailable';
  readonly tags?: 'denied' | 'throttled';
  readonly user?: 'denied' | 'unavailable';
  readonly policies?: 'denied' | 'throttled';
  /** `lost`: it takes effect, and the answer never arrives. A number: so many writes are throttled before one is taken. */
  readonly write?: 'denied' | 'lost' | number;
  readonly publish?: boolean;
  readonly staleReport?: boolean;
  /** The process is killed at this call of any port. */
  readonly killAt?: number;
  /** The n-th write of the ledger fails; `after`: although it happened. */
  readonly ledger?: { readonly nth: number; readonly when: 'before' | 'after' };
}

export interface Night {
  /** Hours since the night before. */
  readonly gap: number;
  /** Where in the window of the schedule it starts, in percent of that. */
  readonly jitter: number;
  /** How far keysweep's clock is behind, in hours; negative: ahead. */
  readonly behind: number;
  /** Someone deploys another policy: from this night on this one of {@link History.policies} holds. */
  readonly policy?: number;
  readonly acts: readonly PersonAct[];
  /** Once the digest is out, and before the first change. */
  readonly meanwhile: readonly PersonAct[];
  /** While the sweep waits for another attempt of its first change that needs one. */
  readonly amid: readonly PersonAct[];
  readonly faults: NightFaults;
  /** Run a second time right after. */
  readonly again: boolean;
  /** After the sweep an event comes again: of tonight's snapshot (0), or of one so many sweeps before. */
  readonly replay?: number;
  /** From this night on, the lists of these users are denied for some nights. */
  readonly denied?: { readonly nights: number; readonly users: readonly string[] };
  /** Who listens to the topic. Absent: a confirmed address. */
  readonly audience?: Audience;
}

export interface History {
  readonly rhythm: Rhythm;
  readonly account: AccountSeed;
  /** The first one holds from the start. */
  readonly policies: readonly [Policy, ...Policy[]];
  readonly nights: readonly Night[];
}

const days = (...values: number[]) => fc.constantFrom(...values.map((value) => value * DAY));
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 6, nil: undefined });

const accessKeys = fc.record({
  maxAge: days(30, 90, 200),
  maxIdle: days(10, 45),
  neverUsedGrace: days(0, 7),
  inUseWindow: days(3, 14),
  deactivateInUse: fc.boolean(),
  warn: fc.constantFrom([14, 7, 1], [7, 1], [3], [2, 1]).map((list) => list.map((value) => value * DAY)),
  deleteAfter: days(1, 10, 30),
  restoreGrace: days(1, 5, 14),
  maxInactive: days(10, 90),
});

const cap = fc.constantFrom({ count: 0 }, { count: 1 }, { count: 2 }, { count: 10 }, { percent: 20 }, { percent: 100 });
const everyDay: Policy['calendar']['days'] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const calendarFrom = (start: Date): fc.Arbitrary<Policy['calendar']> =>
  fc.record({
    timezone: fc.constantFrom(...timezones),
    days: fc.constantFrom<Policy['calendar']['days']>(everyDay, everyDay, ['Mon', 'Tue', 'Wed', 'Thu'], ['Wed']),
    freeze: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.constant([{ from: dateAfter(start, 18), to: dateAfter(start, 33) }]) },
    ),
  });

function dateAfter(start: Date, count: number): string {
  return new Date(start.getTime() + count * DAY).toISOString().slice(0, 10);
}

const exemptionFrom = (start: Date) =>
  fc.record({
    match: fc.constantFrom<Match>(
      { tag: { keep: 'true' } },
      { user: 'u0' },
      { user: 'u*', tag: { keep: 'true' } },
      { path: '/sealed/*' },
      { arn: 'arn:aws:iam::111122223333:user/sealed/*' },
    ),
    rules: fc.constant('*' as const),
    reason: fc.constant('r'),
    owner: fc.constant('o'),
    expires: fc.constantFrom(dateAfter(start, 13), '2030-01-01'),
  });

/** Some of the rules that deactivate keys are off. */
const someRules: fc.Arbitrary<Policy['rules']> = fc
  .subarray(['access-key-unused', 'access-key-never-used', 'access-key-too-old', 'access-key-inactive'] as const)
  .map((off) => Object.fromEntries(off.map((rule) => [rule, { enabled: false }])));

const policyFrom = ({ start, schedule }: Rhythm): fc.Arbitrary<Policy> =>
  fc
    .record({
      mode: fc.oneof(
        { weight: 8, arbitrary: fc.constant('enforce' as const) },
        { weight: 1, arbitrary: fc.constant('warn' as const) },
        { weight: 1, arbitrary: fc.constant('audit' as const) },
      ),
      accessKeys,
      limits: fc.record({ maxDeactivations: cap, maxDeletions: cap, maxReportAge: fc.constant(24 * HOUR) }),
      calendar: calendarFrom(start),
      rules: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: someRules }),
      exemptions: fc.array(exemptionFrom(start), { maxLength: 2 }),
      overrides: fc.constantFrom(
        [],
        [{ match: { tag: { kind: 'machine' } }, accessKeys: { maxIdle: 100 * DAY, maxAge: 300 * DAY } }],
      ),
    })
    .map((fields) => ({ ...defaultPolicy, ...fields, deployment: { ...defaultPolicy.deployment, schedule } }));

const before = (start: Date, age: number) => new Date(start.getTime() - age).toISOString();

const keyFrom = (start: Date): fc.Arbitrary<AccessKeySeed> =>
  fc
    .record({
      age: fc.integer({ min: 0, max: 400 }),
      idle: fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined, freq: 4 }),
      status: fc.constantFrom('Active' as const, 'Active' as const, 'Active' as const, 'Inactive' as const),
    })
    .map(({ age, idle, status }) => ({
      createdAt: before(start, age * DAY),
      status,
      ...(idle === undefined ? {} : { lastUsed: { at: before(start, Math.min(idle, age) * DAY), service: 's3' } }),
    }));

const twinsFrom = (start: Date) =>
  fc
    .tuple(keyFrom(start), keyFrom(start))
    .map(([one, other]) => [one, { ...other, createdAt: one.createdAt }].map(inOrder));

/** A key is not used before it exists. */
function inOrder(seed: AccessKeySeed): AccessKeySeed {
  const { lastUsed, ...rest } = seed;
  return lastUsed !== undefined && lastUsed.at < seed.createdAt ? rest : seed;
}

const userFrom = (start: Date) =>
  fc.record({
    keys: fc.oneof(
      { weight: 5, arbitrary: fc.array(keyFrom(start), { maxLength: 2 }) },
      { weight: 1, arbitrary: twinsFrom(start) },
    ),
    keep: fc.boolean(),
    machine: fc.boolean(),
    risk: fc.constantFrom<Pick<UserSeed, 'groups' | 'attachedPolicies'>>(
      {},
      { groups: ['admins'] },
      { attachedPolicies: ['AdministratorAccess'] },
      { attachedPolicies: ['AWSCompromisedKeyQuarantineV3', 'ReadOnlyAccess'] },
    ),
  });

const accountFrom = (start: Date): fc.Arbitrary<AccountSeed> =>
  fc.array(userFrom(start), { minLength: 1, maxLength: 3 }).map((users) => ({
    now: start.toISOString(),
    id: '111122223333',
    root: { createdAt: before(start, 900 * DAY), mfa: true },
    groups: [{ name: 'admins', attachedPolicies: ['IAMFullAccess'] }],
    users: users.map(
      ({ keys, keep, machine, risk }, index): UserSeed => ({
        name: `u${index}`,
        createdAt: before(start, 800 * DAY),
        tags: { ...(keep ? { keep: 'true' } : {}), ...(machine ? { kind: 'machine' } : {}) },
        accessKeys: keys,
        ...risk,
      }),
    ),
  }));

export const act: fc.Arbitrary<PersonAct> = fc
  .record({
    type: fc.constantFrom<PersonAct['type']>(
      'use',
      'use',
      'reactivate',
      'deactivate',
      'delete',
      'create',
      'keep',
      'unkeep',
      'machine',
      'move',
      'rename',
      'delete-user',
      'restore',
      'restore',
    ),
    user: fc.nat(2),
    key: fc.nat(1),
    minutesAgo: fc.constantFrom(60, 60, 5, 0),
    killAt: rarely(fc.nat(12)),
    failure: rarely(fc.constantFrom('denied' as const, 'lost' as const, 'publish' as const)),
  })
  .map(withoutUndefined<PersonAct>);

/** What makes a change wrong that was right a moment ago. */
const intervention: fc.Arbitrary<PersonAct> = fc.record({
  type: fc.constantFrom<PersonAct['type']>(
    'keep',
    'keep',
    'move',
    'move',
    'rename',
    'reactivate',
    'restore',
    'use',
    'unkeep',
  ),
  user: fc.nat(2),
  key: fc.nat(1),
  minutesAgo: fc.constant(60),
});

const failure = fc.constantFrom('denied' as const, 'throttled' as const, 'unavailable' as const);
const faults: fc.Arbitrary<NightFaults> = fc
  .record({
    users: fc.subarray(['u0', 'u1', 'u2']),
    list: rarely(failure),
    lastUse: rarely(failure),
    tags: rarely(fc.constantFrom('denied' as const, 'throttled' as const)),
    policies: rarely(fc.constantFrom('denied' as const, 'throttled' as const)),
    user: rarely(fc.constantFrom('denied' as const, 'unavailable' as const)),
    write: rarely(fc.constantFrom('denied' as const, 'lost' as const, 1, 2, 9)),
    publish: rarely(fc.constant(true)),
    staleReport: rarely(fc.constant(true)),
    killAt: rarely(fc.nat(30)),
    ledger: rarely(
      fc.record({ nth: fc.integer({ min: 1, max: 8 }), when: fc.constantFrom('before' as const, 'after' as const) }),
    ),
  })
  .map(withoutUndefined<NightFaults>);

function withoutUndefined<T>(values: object): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

const quiet: NightFaults = { users: [] };

/** Nothing else is wrong, so that changes are begun, and people come in between. */
const throttledWrites = fc
  .integer({ min: 1, max: 3 })
  .map((write): NightFaults => ({ users: ['u0', 'u1', 'u2'], write }));

const night: fc.Arbitrary<Night> = fc
  .record({
    gap: fc.oneof(
      { weight: 8, arbitrary: fc.constant(24) },
      { weight: 1, arbitrary: fc.constantFrom(1, 5, 48, 120, 400) },
    ),
    jitter: fc.constantFrom(0, 3, 50, 99),
    behind: fc.oneof(
      { weight: 20, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.constantFrom(2, 72, -2, -72) },
    ),
    policy: fc.option(fc.nat(2), { freq: 12, nil: undefined }),
    acts: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(act, { maxLength: 2 }) },
    ),
    meanwhile: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(intervention, { maxLength: 2 }) },
    ),
    amid: fc.array(intervention, { maxLength: 2 }),
    faults: fc.oneof(
      { weight: 4, arbitrary: fc.constant(quiet) },
      { weight: 1, arbitrary: faults },
      { weight: 1, arbitrary: throttledWrites },
    ),
    again: fc.integer({ min: 0, max: 3 }).map((draw) => draw === 0),
    replay: fc.option(fc.constantFrom(0, 0, 1, 3), { freq: 6, nil: undefined }),
    denied: fc.option(
      fc.record({ nights: fc.integer({ min: 2, max: 12 }), users: fc.subarray(['u0', 'u1', 'u2'], { minLength: 1 }) }),
      {
        freq: 25,
        nil: undefined,
      },
    ),
  })
  .map(withoutUndefined<Night>);

const policiesFrom = (rhythm: Rhythm) =>
  fc
    .tuple(
      policyFrom(rhythm),
      fc.oneof(
        { weight: 2, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(policyFrom(rhythm), { maxLength: 2 }) },
      ),
    )
    .map(([first, others]): History['policies'] => [first, ...others]);

/** A service control policy, which denies every change of these users' keys for a while. */
const denial = fc.record({
  from: fc.nat(31),
  nights: fc.integer({ min: 2, max: 30 }),
  users: fc.subarray(['u0', 'u1', 'u2'], { minLength: 1 }),
});

/** For a while, others listen to the topic, or no one does. */
const spell = fc.record({
  from: fc.nat(31),
  nights: fc.integer({ min: 1, max: 16 }),
  audience: fc.constantFrom(...audiences),
});

function listenIn(
  nights: readonly Night[],
  { from, nights: count, audience }: { readonly from: number; readonly nights: number; readonly audience: Audience },
): readonly Night[] {
  return nights.map((one, at) => (at >= from && at < from + count ? { ...one, audience } : one));
}

export const histories: fc.Arbitrary<History> = rhythms.chain((rhythm) =>
  fc
    .record({
      rhythm: fc.constant(rhythm),
      account: accountFrom(rhythm.start),
      policies: policiesFrom(rhythm),
      nights: fc.array(night, { minLength: 1, maxLength: 32, size: 'max' }),
      denial: fc.option(denial, { nil: undefined, freq: 2 }),
      spell: fc.option(spell, { nil: undefined, freq: 2 }),
      calmFrom: fc.option(fc.nat(10), { nil: undefined, freq: 1 }),
    })
    .map(({ denial: drawn, spell: audience, calmFrom, nights, policies, ...rest }): History => {
      const isCalm = calmFrom !== undefined;
      const calm = isCalm ? calmDown(nights, calmFrom) : nights;
      const denied = drawn === undefined ? calm : deny(calm, drawn);
      return {
        ...rest,
        policies: isCalm ? withRoomForAll(policies) : policies,
        nights: audience === undefined ? denied : listenIn(denied, audience),
      };
    }),
);

/** No cap is in the way of anything. */
function withRoomForAll([first, ...others]: History['policies']): History['policies'] {
  return [withRoom(first), ...others.map(withRoom)];
}

function withRoom(policy: Policy): Policy {
  return { ...policy, limits: { ...policy.limits, maxDeactivations: { count: 10 }, maxDeletions: { count: 10 } } };
}

/** From some night on nothing comes in between: what people are notified of must come true. */
function calmDown(nights: readonly Night[], from: number): readonly Night[] {
  return nights.map(({ policy: _, denied: __, ...one }, at) => {
    if (at < from) return nights[at] ?? { ...one };
    return { ...one, gap: 24, behind: 0, acts: [], meanwhile: [], faults: quiet };
  });
}

function deny(
  nights: readonly Night[],
  { from, nights: count, users }: { readonly from: number; readonly nights: number; readonly users: readonly string[] },
): readonly Night[] {
  return nights.map((one, at) => {
    const isDenied = at >= from && at < from + count && one.faults.users.length === 0;
    return isDenied ? { ...one, faults: { ...one.faults, users, write: 'denied' } } : one;
  });
}
