/** The night that is announced is the night in which it happens, wherever in its window a sweep starts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarize } from '../../../core/audit.ts';
import { DAY, HOUR, MINUTE } from '../../../core/duration.ts';
import { closedBecause } from '../../../core/lifecycle/calendar.ts';
import { decide } from '../../../core/lifecycle/decide.ts';
import { addTo, isChange } from '../../../core/lifecycle/decision.ts';
import { forecast } from '../../../core/lifecycle/forecast.ts';
import type { LedgerEntry } from '../../../core/lifecycle/ledger.ts';
import { dateOfDay, localDate } from '../../../core/lifecycle/local-time.ts';
import { announceDeletion } from '../../../core/lifecycle/notice-dates.ts';
import { nothingRemembered } from '../../../core/lifecycle/remembered.ts';
import { takeSnapshot } from '../../../core/lifecycle/snapshot.ts';
import { recordDecision, recordIntent, recordOutcome } from '../../../core/lifecycle/transitions.ts';
import type { Observation } from '../../../core/model.ts';
import type { Policy, Weekday } from '../../../core/policy/policy.ts';
import { createEvaluator } from '../../../core/rules/evaluate.ts';
import { enforcing, seen, stateOf, usedLongAgo } from '../../support/lifecycle-builder.ts';
import { account } from '../../support/report-builder.ts';

const everyDay: readonly Weekday[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** When the clock of a zone shows a time on a date, found by trying: shares nothing with the product. */
function clockShows(timeZone: string, date: string, time: string): Date | undefined {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const first = Date.parse(`${date}T${time}:00Z`) - 15 * HOUR;
  for (let at = first; at <= first + 30 * HOUR; at += 15 * MINUTE) {
    if (format.format(at) === `${date} ${time}`) return new Date(at);
  }
  return undefined;
}

const date = fc.integer({ min: 0, max: 60 }).map((days) => dateOfDay(Date.UTC(2026, 8, 20) / DAY + days));
const cases = fc
  .record({
    timezone: fc.constantFrom('UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Tokyo', 'Australia/Lord_Howe'),
    at: fc.constantFrom('04:30', '02:00', '02:30', '23:45', '00:00', '12:15'),
    flexibleWindow: fc.constantFrom(0, MINUTE, 30 * MINUTE, 4 * HOUR, DAY),
    days: fc.oneof(
      fc.constant(everyDay),
      fc.constant<readonly Weekday[]>(['Mon', 'Tue', 'Wed', 'Thu']),
      fc.subarray([...everyDay], { minLength: 2 }),
    ),
    freeze: fc.array(
      fc.tuple(date, fc.nat(20)).map(([from, length]) => ({ from, to: dateOfDay(Date.parse(from) / DAY + length) })),
      { maxLength: 1 },
    ),
    warn: fc.constantFrom([14, 7, 1], [10, 5, 3], [3], [7, 2], [0.25]).map((list) => list.map((days) => days * DAY)),
    deleteAfter: fc.constantFrom(1, 5, 30).map((days) => days * DAY),
    start: fc.constantFrom('2026-09-07', '2026-10-20', '2027-02-28', '2027-03-20'),
    isCron: fc.boolean(),
    jitter: fc.infiniteStream(fc.double({ min: 0.0001, max: 0.9999, noNaN: true })),
  })
  // No night whose window runs into a day without changes can be promised.
  .filter(({ flexibleWindow, days }) => flexibleWindow < DAY || days.length === 7)
  // No one knows which nights a cron job misses because its time does not exist, or which of two dates it means.
  .filter(({ isCron, at }) => !isCron || ['04:30', '00:00', '12:15'].includes(at));

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

/** A sweep of each night, somewhere in its window. A cron job knows nothing of the schedule of the policy. */
function sweepsOf({ start, timezone, at, flexibleWindow, jitter, isCron }: Case) {
  const window = isCron ? 29 * MINUTE : flexibleWindow;
  return Array.from({ length: 130 }, (_, night) => {
    const opens = clockShows(timezone, dateOfDay(Date.parse(start) / DAY + night), at);
    const [delay = 0] = jitter.take(1);
    return opens === undefined
      ? []
      : [{ opens, closes: addTo(opens, window), now: addTo(opens, Math.ceil(delay * window)) }];
  }).flat();
}

function policyOf({ timezone, days, freeze, at, flexibleWindow, warn, deleteAfter, isCron }: Case): Policy {
  const { deployment } = enforcing();
  const hour = (Number(at.slice(0, 2)) + 8) % 24;
  const schedule = isCron
    ? { at: `${String(hour).padStart(2, '0')}:30`, timezone, flexibleWindow: 30 * MINUTE }
    : { at, timezone, flexibleWindow };
  return enforcing(
    { calendar: { timezone, days, freeze }, deployment: { ...deployment, schedule } },
    { warn, deleteAfter },
  );
}

describe('what is announced', () => {
  it('happens in that night, after the whole period, and in the first night that allows it; the forecast says the same', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const policy = policyOf(drawn);
        const { warn, deleteAfter } = policy.accessKeys;
        const sweeps = sweepsOf(drawn);
        // Of a cron job, the hour is a guess.
        const nameOf = (night: Date) => (drawn.isCron ? localDate(drawn.timezone, night) : night.toISOString());
        const isAllowed = ({ opens, closes }: (typeof sweeps)[number]) =>
          closedBecause(policy.calendar, opens) === undefined &&
          closedBecause(policy.calendar, new Date(Math.max(opens.getTime(), closes.getTime() - 1))) === undefined;
        let entry: LedgerEntry | undefined;
        let named: Date | undefined;
        let since = sweeps[0]?.now as Date;
        let period = warn[0] ?? 0;
        const done: { type: string; date: string }[] = [];
        for (const [night, { now, opens, closes }] of sweeps.entries()) {
          const liveStatus = seen({
            status: entry?.stage === 'deactivated' ? 'Inactive' : 'Active',
            createdAt: new Date('2026-01-01T00:00:00Z'),
            lastUse: { kind: 'used', at: new Date('2026-02-01T00:00:00Z') },
          });
          const state = (at: Date) => stateOf({ liveStatus, at, ...(entry === undefined ? {} : { entry }) }, policy);
          const decision = decide(state(now), policy, now);
          const moment = { now, sweep: String(night) };
          if (decision.type === 'skip') continue;
          if (!isChange(decision)) {
            entry = recordDecision(state(now), decision, policy, moment).entry;
            if (decision.type === 'warn' && decision.dueAt !== undefined) {
              // No reminder and no final notice says otherwise than the first notice.
              if (named !== undefined) expect(nameOf(decision.dueAt)).toBe(nameOf(named));
              named = decision.dueAt;
            }
            continue;
          }
          const label = `${decision.type} at ${now.toISOString()}, named ${named?.toISOString()}`;
          expect(named && named <= now && named >= addTo(opens, -31 * MINUTE), label).toBe(true);
          expect(localDate(drawn.timezone, named as Date), label).toBe(localDate(drawn.timezone, opens));
          expect(now.getTime() - since.getTime(), label).toBeGreaterThanOrEqual(period);
          // A final notice may have a longer lead than the whole time until the deletion.
          const least = Math.max(period, warn.at(-1) ?? 0) + (drawn.isCron ? HOUR / 2 : 0);
          const isEarlier = (one: (typeof sweeps)[number]) =>
            one.opens < opens && one.opens.getTime() - since.getTime() >= least;
          expect(
            sweeps.filter((one) => isEarlier(one) && isAllowed(one) && one.opens > addTo(since, DAY / 2)),
            label,
          ).toEqual([]);
          expect(closes >= now).toBe(true);
          done.push({ type: decision.type, date: localDate(drawn.timezone, opens) });
          entry = recordIntent(state(now), decision, moment).entry;
          entry = recordOutcome({ ...state(now), entry }, decision, policy, moment).entry;
          since = now;
          period = deleteAfter;
          named = entry.deactivation && announceDeletion(entry.deactivation, policy, now);
          if (decision.type === 'delete') break;
        }
        expect(done.map(({ type }) => type)).toEqual(['deactivate', 'delete']);
        // Where clocks are put back meanwhile, and the window is longer than by how much, the moment in the window decides.
        const isSure = drawn.flexibleWindow < HOUR || ['UTC', 'Asia/Tokyo'].includes(drawn.timezone);
        if (!drawn.isCron && isSure) expect(foreseen(policy, sweeps[0]?.now as Date, drawn.timezone)).toEqual(done);
      }),
      { numRuns: 300, seed: 18 },
    );
  });
});

/** In which nights the forecast of the first one has the changes happen; a window over midnight by the date on which it opens. */
function foreseen(policy: Policy, from: Date, timezone: string) {
  const arn = `arn:aws:iam::${account}:user/alice`;
  const observation: Observation = {
    account: { id: account, partition: 'aws' },
    report: { rows: 2 },
    users: [
      {
        principal: { kind: 'user', name: 'alice', arn },
        createdAt: { known: true, value: new Date('2026-01-01T00:00:00Z') },
        password: { enabled: { known: true, value: false }, lastUse: { kind: 'never' } },
        mfaActive: { known: true, value: false },
        certificates: [],
        credentials: [
          {
            ref: { kind: 'access-key', id: 'AKIAALICE' },
            status: { known: true, value: 'Active' },
            createdAt: { known: true, value: new Date('2026-01-01T00:00:00Z') },
            lastUse: usedLongAgo.kind === 'used' ? { kind: 'used', at: new Date('2026-02-01T00:00:00Z') } : usedLongAgo,
            source: 'live',
          },
        ],
        tags: { known: true, value: {} },
      },
    ],
  };
  const audit = summarize(observation, createEvaluator(observation, policy, from), { requests: {}, durationMs: 0 });
  const options = { from, nights: 130, use: 'continue' } as const;
  return forecast(takeSnapshot(observation, audit), nothingRemembered, policy, options)
    .events.filter(({ type }) => type === 'deactivate' || type === 'delete')
    .map(({ type, dueAt = from }) => ({ type, date: localDate(timezone, dueAt) }));
}
