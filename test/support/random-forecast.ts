/** Random accounts, ledgers and policies for forecasts, as plain data. Times often lie on a limit, or 1 ms beside it. */
import fc from 'fast-check';
import { summarize } from '../../core/audit.ts';
import { DAY, HOUR } from '../../core/duration.ts';
import { latest } from '../../core/lifecycle/decision.ts';
import type { ForecastOptions } from '../../core/lifecycle/forecast.ts';
import { type LedgerEntry, noticeKinds } from '../../core/lifecycle/ledger.ts';
import type { Remembered } from '../../core/lifecycle/remembered.ts';
import { type Snapshot, takeSnapshot } from '../../core/lifecycle/snapshot.ts';
import type { LastUse, Observation, ObservedCredential, ObservedPrincipal } from '../../core/model.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import type { Match, Policy } from '../../core/policy/policy.ts';
import type { AttachedPolicies } from '../../core/ports.ts';
import { createEvaluator } from '../../core/rules/evaluate.ts';
import { entryOf } from './lifecycle-builder.ts';
import { known, unknown } from './observation-builder.ts';
import { account } from './report-builder.ts';

export interface RandomForecast {
  readonly snapshot: Snapshot;
  readonly remembered: Remembered;
  readonly policy: Policy;
  readonly options: ForecastOptions;
}

const from = new Date('2026-11-18T00:00:00.000Z');

/** Of so many days before the first night, mostly at the same time of day. */
function around(min: number, max: number): fc.Arbitrary<Date> {
  const beside = fc.constantFrom(0, 0, 0, 1, -1, 5 * HOUR, -20 * 60_000);
  return fc
    .tuple(fc.integer({ min, max }), beside)
    .map(([days, shift]) => new Date(from.getTime() - days * DAY + shift));
}

const span = (...days: number[]) => fc.constantFrom(...days.map((count) => count * DAY), 36 * HOUR);

const limits = fc.record({
  maxAge: span(20, 40, 90),
  maxIdle: span(10, 20, 45),
  neverUsedGrace: span(0, 7, 30),
  inUseWindow: span(0, 3, 14, 40),
  deactivateInUse: fc.boolean(),
  warn: fc
    .constantFrom([14, 7, 1], [10, 5, 3, 1], [7, 2], [9, 4, 2], [5, 1], [3], [])
    .map((list) => list.map((days) => days * DAY)),
  deleteAfter: span(1, 10, 30),
  restoreGrace: span(2, 14),
  maxInactive: span(10, 40),
});

const matchOfUser: fc.Arbitrary<Match> = fc.constantFrom(
  { user: 'u0' },
  { user: '*1' },
  { user: 'u*', tag: { kind: 'machine' } },
  { tag: { kind: 'm*' } },
  { path: '/leave/' },
  { account },
);
const match = fc.oneof(matchOfUser, fc.constantFrom({ accessKeyId: 'AKIA1*' }, { accessKeyId: 'AKIA20' }));

const exemption = fc.record({
  match,
  rules: fc.constantFrom(
    '*' as const,
    ['access-key-unused', 'access-key-never-used'] as const,
    ['access-key-too-old'] as const,
    ['access-key-inactive'] as const,
  ),
  reason: fc.constantFrom('r', 's'),
  owner: fc.constant('o'),
  expires: fc.constantFrom('2026-11-10', '2026-11-18', '2026-11-25', '2026-12-12', '2030-01-01'),
});

const cap = fc.constantFrom({ count: 0 }, { count: 1 }, { count: 2 }, { count: 20 }, { percent: 20 }, { percent: 100 });

const week = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const calendar: fc.Arbitrary<Policy['calendar']> = fc.constantFrom(
  { timezone: 'UTC', days: week, freeze: [] },
  { timezone: 'Europe/Berlin', days: ['Mon', 'Tue', 'Wed', 'Thu'], freeze: [{ from: '2026-12-01', to: '2026-12-14' }] },
  { timezone: 'America/New_York', days: ['Wed'], freeze: [] },
  { timezone: 'UTC', days: [], freeze: [] },
);

const policy: fc.Arbitrary<Policy> = fc
  .record({
    mode: fc.constantFrom('enforce', 'enforce', 'enforce', 'enforce', 'warn', 'audit'),
    accessKeys: limits,
    limits: fc.record({ maxDeactivations: cap, maxDeletions: cap, maxReportAge: fc.constant(DAY) }),
    calendar,
    exemptions: fc.array(exemption, { maxLength: 3 }),
    // The last two come from code only: the schema of the policy file has no override of a key.
    overrides: fc.array(
      fc.record({ match: fc.oneof({ weight: 9, arbitrary: matchOfUser }, match), accessKeys: limits }),
      {
        maxLength: 2,
      },
    ),
    rules: fc.constantFrom(
      {},
      {},
      { 'access-key-inactive': { enabled: false } },
      { 'access-key-too-old': { enabled: false } },
    ),
  })
  .map((fields) => ({ ...defaultPolicy, ...fields }) as Policy);

const lastUse: fc.Arbitrary<LastUse> = fc.oneof(
  { weight: 6, arbitrary: around(-3, 60).map((at) => ({ kind: 'used', at }) as const) },
  { weight: 2, arbitrary: fc.constant({ kind: 'never' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'unknown', why: 'AccessDenied' } as const) },
);

const rarely = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const surely = <T>(value: fc.Arbitrary<T>, weight = 12) =>
  fc.oneof({ weight, arbitrary: value.map(known) }, { weight: 1, arbitrary: fc.constant(unknown()) });

const key = fc.record({
  isNamed: fc.boolean(),
  status: surely(fc.constantFrom('Active' as const, 'Active' as const, 'Inactive' as const)),
  createdAt: surely(around(0, 120)),
  lastUse,
  unverified: rarely(fc.constant('AccessDenied: keys')),
  lastUseUnverified: rarely(fc.constant('AccessDenied: last use')),
});

/** A notice of a sweep whose digest went out, or did not; at times with the date that was recorded with it. */
const notice = fc.record({
  kind: fc.constantFrom(...noticeKinds),
  sweep: fc.constantFrom('notified', 'undelivered', 'forgotten'),
});

/** What may have been begun in a stage. */
const changes = { warned: 'deactivate', deactivated: 'delete' } as const;

function earliest(...times: readonly Date[]): Date {
  return new Date(Math.min(...times.map((time) => time.getTime())));
}

/** What the ledger says of a key: any stage, with the dates that go with it, or that a careless clock has left. */
const note = fc
  .record({
    stage: fc.constantFrom('compliant', 'warned', 'warned', 'deactivated', 'deactivated', 'restored', 'deleted'),
    rules: fc.constantFrom(
      ['access-key-unused'],
      ['access-key-too-old'],
      ['access-key-unused', 'access-key-too-old'],
      ['access-key-inactive'],
    ),
    at: around(0, 30),
    later: around(-2, 12),
    promised: around(-30, 20),
    final: fc.option(around(-1, 20), { nil: undefined }),
    intent: rarely(fc.constantFrom('deactivate', 'delete', 'restore')),
    by: fc.constantFrom('keysweep', 'person'),
    updatedAt: fc.oneof({ weight: 8, arbitrary: around(0, 20) }, around(-6, 0)),
    notice: fc.option(notice, { nil: undefined, freq: 2 }),
    isFinalPending: fc.boolean(),
    lastDeactivationAt: rarely(around(0, 1)),
  })
  .map(({ stage, rules, at, later, promised, final, intent, by, ...record }) => {
    const first = earliest(at, later, final ?? at);
    const last = latest(at, later, final ?? at);
    const notice = final === undefined ? {} : { finalNoticeAt: final };
    const fields = {
      warned: {
        warning: { firstNoticeAt: first, lastNoticeAt: last, deactivateAt: latest(promised, first), ...notice },
      },
      deactivated: { deactivation: { at: first, by, deleteAt: latest(promised, first), ...notice } },
      restored: { restoration: { at, by } },
      deleted: { deletion: { at, by } },
      compliant: {},
    }[stage as 'warned'];
    const action = intent === 'restore' ? intent : changes[stage as 'warned'];
    const begun = intent === undefined || action === undefined ? {} : { intent: { action, at: later, sweep: 's' } };
    const updatedAt = record.isFinalPending ? last : latest(last, record.updatedAt);
    const rest = {
      ...(record.notice === undefined ? {} : { notice: record.notice }),
      ...(record.lastDeactivationAt === undefined ? {} : { lastDeactivationAt: record.lastDeactivationAt }),
    };
    return { stage, rules, since: first, updatedAt, ...fields, ...begun, ...rest } as Pick<LedgerEntry, 'stage'> &
      Partial<LedgerEntry>;
  });

const person = fc.record({
  keys: fc.array(
    fc.record({
      key,
      note: fc.option(note, { nil: undefined, freq: 2 }),
      isMissing: fc.integer({ min: 0, max: 9 }).map((draw) => draw === 0),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  tags: surely(fc.constantFrom({}, { Kind: 'machine' }), 6),
  path: fc.constantFrom('/', '/leave/'),
  attached: fc.constantFrom([], ['AdministratorAccess'], ['AWSCompromisedKeyQuarantineV2']),
});

type Person = typeof person extends fc.Arbitrary<infer T> ? T : never;

export const randomForecast: fc.Arbitrary<RandomForecast> = fc
  .record({
    people: fc.array(person, { minLength: 1, maxLength: 5 }),
    policy,
    use: fc.constantFrom('continue' as const, 'stop' as const),
    time: fc.constantFrom(0, 0, 4.5 * HOUR),
    isRanked: fc.boolean(),
  })
  .map(({ people, policy: chosen, use, time, isRanked }) => {
    const start = new Date(from.getTime() + time);
    const users = people.map(userOf);
    const observation: Observation = { account: { id: account, partition: 'aws' }, report: { rows: 9 }, users };
    const audit = summarize(observation, createEvaluator(observation, chosen, start), { requests: {}, durationMs: 0 });
    const attached = new Map(
      people.map(({ attached: names }, index): [string, AttachedPolicies] => [`u${index}`, policiesOf(names)]),
    );
    return {
      snapshot: takeSnapshot(observation, audit),
      remembered: { entries: people.flatMap(entriesOf), damaged: [], sweeps },
      policy: chosen,
      options: { from: start, nights: 60, use, ...(isRanked ? { attached } : {}) },
    };
  });

const sweeps: Remembered['sweeps'] = new Map(
  [{ id: 'notified', deliveredAt: from }, { id: 'undelivered' }].map((record) => {
    return [
      record.id,
      { account, startedAt: from, expiresAt: new Date(from.getTime() + 400 * DAY), ...record },
    ] as const;
  }),
);

function userOf({ keys, tags, path }: Person, index: number): ObservedPrincipal {
  const name = `u${index}`;
  return {
    principal: { kind: 'user', name, arn: `arn:aws:iam::${account}:user${path}${name}` },
    createdAt: unknown(),
    password: { enabled: known(false), lastUse: { kind: 'never' } },
    mfaActive: known(false),
    certificates: [],
    credentials: keys.flatMap(({ key: { isNamed, unverified, lastUseUnverified, ...rest }, isMissing }, place) => {
      const slot = place === 0 ? 1 : 2;
      if (isMissing) return [];
      const seen: ObservedCredential = {
        ref: { kind: 'access-key', slot, ...(isNamed ? { id: idOf(index, place) } : {}) },
        source: 'live',
        ...rest,
        ...(unverified === undefined ? {} : { unverified }),
        ...(lastUseUnverified === undefined ? {} : { lastUseUnverified }),
      };
      return seen;
    }),
    tags,
  };
}

function entriesOf({ keys, path }: Person, index: number): readonly LedgerEntry[] {
  return keys.flatMap(({ key: { createdAt }, note: noted }, place) => {
    if (noted === undefined) return [];
    const name = `u${index}`;
    const { stage, ...fields } = noted;
    const id = idOf(index, place);
    return entryOf(stage, {
      ...fields,
      credential: { kind: 'access-key', id },
      principal: { kind: 'user', name, arn: `arn:aws:iam::${account}:user${path}${name}` },
      createdAt: createdAt.known ? createdAt.value : from,
    });
  });
}

function idOf(user: number, place: number): string {
  return `AKIA${user}${place}`;
}

function policiesOf(names: readonly string[]): AttachedPolicies {
  return { direct: names.map((name) => `arn:aws:iam::aws:policy/${name}`), viaGroups: [] };
}
