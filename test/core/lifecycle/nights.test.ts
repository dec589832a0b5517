import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../core/duration.ts';
import { closedBecause } from '../../../core/lifecycle/calendar.ts';
import { dateOfDay } from '../../../core/lifecycle/local-time.ts';
import { isSameNight, type NightTerms, nightsAt, sharesCaps } from '../../../core/lifecycle/nights.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import type { Calendar, Deployment } from '../../../core/policy/policy.ts';

const everyDay = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

function terms(schedule: Partial<Deployment['schedule']> = {}, calendar: Partial<Calendar> = {}): NightTerms {
  const { timezone = 'UTC' } = { ...schedule, ...calendar };
  return {
    calendar: { timezone, days: everyDay, freeze: [], ...calendar },
    deployment: {
      ...defaultPolicy.deployment,
      schedule: { ...defaultPolicy.deployment.schedule, timezone, ...schedule },
    },
  };
}

const at = (time: string) => new Date(`${time}Z`);
const newYork = { timezone: 'America/New_York' };
const overMidnight = { at: '23:45' };

describe('the night of a sweep', () => {
  it.each<[string, NightTerms, string, string]>([
    ['at the beginning of the window', terms(), '2026-11-18T04:30', '2026-11-18'],
    ['at its end', terms(), '2026-11-18T04:59', '2026-11-18'],
    ['long after it, by hand', terms(), '2026-11-18T23:59', '2026-11-18'],
    ['before it, by hand', terms(), '2026-11-18T00:01', '2026-11-18'],
    ['in a window over midnight', terms(overMidnight), '2026-11-19T00:10', '2026-11-18'],
    ['late after a window over midnight', terms(overMidnight), '2026-11-19T02:00', '2026-11-18'],
    ['in a window of a whole day', terms({ flexibleWindow: DAY }), '2026-11-19T04:29', '2026-11-18'],
    ['in the time zone of the calendar', terms({ timezone: 'Asia/Tokyo' }), '2026-11-15T19:40', '2026-11-16'],
    [
      'of a schedule in another zone',
      terms({ timezone: 'UTC' }, { timezone: 'Asia/Tokyo' }),
      '2026-11-15T04:40',
      '2026-11-15',
    ],
  ])('%s', (_, policy, now, expected) => {
    expect(dateOfDay(nightsAt(policy, at(now)).tonight)).toBe(expected);
  });
});

describe('a promise', () => {
  it.each<[string, NightTerms, string, string, string]>([
    ['names the window that opens at that moment', terms(), '2026-11-04T04:30', '2026-11-18T04:30', '2026-11-18T04:30'],
    [
      'names the next where that has opened before',
      terms(),
      '2026-11-04T04:31',
      '2026-11-18T04:31',
      '2026-11-19T04:30',
    ],
    ['holds over a night of 23 hours', terms(newYork), '2027-03-02T09:31', '2027-03-16T09:31', '2027-03-17T08:30'],
    ['holds over a night of 25 hours', terms(newYork), '2026-10-20T08:31', '2026-11-03T08:31', '2026-11-03T09:30'],
    [
      'skips a night that clocks skip',
      terms({ ...newYork, at: '02:30' }),
      '2027-03-01T07:31',
      '2027-03-14T05:00',
      '2027-03-15T06:30',
    ],
    [
      'names no night whose window runs into a day without changes',
      terms(overMidnight, { days: ['Mon', 'Tue'] }),
      '2026-11-02T23:45',
      '2026-11-16T23:46',
      '2026-11-23T23:45',
    ],
    [
      'or into a freeze',
      terms(overMidnight, { freeze: [{ from: '2026-11-18', to: '2026-11-19' }] }),
      '2026-11-02T23:45',
      '2026-11-16T23:46',
      '2026-11-20T23:45',
    ],
    [
      'goes by the beginning where every window does',
      terms({ flexibleWindow: DAY }, { days: ['Wed'] }),
      '2026-11-02T05:00',
      '2026-11-16T05:00',
      '2026-11-18T04:30',
    ],
    ['of a cron job keeps to its time of day', terms(), '2026-11-04T02:00', '2026-11-18T02:00', '2026-11-19T01:30'],
    [
      'of a cron job after midnight keeps to its date',
      terms(),
      '2026-11-04T00:10',
      '2026-11-18T00:10',
      '2026-11-19T00:00',
    ],
    [
      'of a cron job at local time holds when clocks change',
      terms({ timezone: 'UTC' }, newYork),
      '2027-03-02T09:30',
      '2027-03-16T09:30',
      '2027-03-17T08:00',
    ],
  ])('%s', (_, policy, now, moment, expected) => {
    expect(nightsAt(policy, at(now)).firstAllowedFrom(at(moment))).toEqual(at(expected));
  });

  it.each<[string, Partial<Calendar>, string]>([
    ['tonight', {}, '2026-11-18'],
    ['on the next day that is listed', { days: ['Mon'] }, '2026-11-23'],
    ['after a freeze', { freeze: [{ from: '2026-11-18', to: '2027-01-04' }] }, '2027-01-05'],
    [
      'after freezes that overlap, on a day that is listed',
      {
        days: ['Thu'],
        freeze: [
          { from: '2026-11-01', to: '2026-12-01' },
          { from: '2026-11-20', to: '2026-12-09' },
        ],
      },
      '2026-12-10',
    ],
    ['in another time zone', { days: ['Tue'], timezone: 'Pacific/Honolulu' }, '2026-11-18'],
  ])('names the first night that the calendar allows: %s', (_, calendar, date) => {
    const policy = terms({ timezone: 'UTC' }, calendar);
    expect(nightsAt(policy, at('2026-11-18T04:30')).firstAllowedFrom(at('2026-11-18T04:30'))).toEqual(
      at(`${date}T04:30`),
    );
  });

  it('is the day itself where the freeze never ends', () => {
    const policy = terms({}, { freeze: [{ from: '2000-01-01', to: '2999-12-31' }] });
    const now = at('2026-11-18T04:30');
    expect(nightsAt(policy, now).firstAllowedFrom(now)).toEqual(now);
  });

  const zones = [
    'UTC',
    'America/New_York',
    'Europe/Berlin',
    'Asia/Tokyo',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Pacific/Kiritimati',
    'Asia/Beirut',
  ];
  const day = fc.integer({ min: 0, max: 400 }).map((days) => dateOfDay(Date.UTC(2026, 8, 1) / DAY + days));
  const cases = fc.record({
    timezone: fc.constantFrom(...zones),
    days: fc.subarray([...everyDay], { minLength: 1 }),
    freeze: fc.array(
      fc.tuple(day, fc.nat(40)).map(([from, length]) => ({ from, to: dateOfDay(Date.parse(from) / DAY + length) })),
      { maxLength: 2 },
    ),
    at: fc
      .tuple(fc.nat(23), fc.constantFrom('00', '15', '30', '45'))
      .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`),
    flexibleWindow: fc.constantFrom(0, MINUTE, 30 * MINUTE, 4 * HOUR, 12 * HOUR, DAY),
    start: fc.integer({ min: 0, max: 400 * 24 * 60 }),
    lead: fc.nat(20),
  });

  it('begins after the moment, is allowed, and no night before it was both', () => {
    fc.assert(
      fc.property(cases, ({ at: time, flexibleWindow, start, lead, ...calendar }) => {
        const policy = terms({ at: time, timezone: calendar.timezone, flexibleWindow }, calendar);
        const now = new Date(Date.UTC(2026, 8, 1) + start * MINUTE);
        const moment = new Date(now.getTime() + lead * DAY);
        const { firstFrom, firstAllowedFrom } = nightsAt(policy, now);
        const night = firstAllowedFrom(moment);
        expect(night.getTime()).toBeGreaterThanOrEqual(moment.getTime());
        expect(closedBecause(policy.calendar, night)).toBeUndefined();
        for (let next = firstFrom(moment); next < night; next = firstFrom(new Date(next.getTime() + 1))) {
          // Allowed at its beginning at most: its window runs into a day that is not.
          const isOneDay =
            flexibleWindow === 0 ||
            closedBecause(policy.calendar, new Date(next.getTime() + flexibleWindow - 1)) === undefined;
          expect(closedBecause(policy.calendar, next) !== undefined || !isOneDay).toBe(true);
        }
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});

describe('a night that was named', () => {
  it.each<[string, NightTerms, string, string, boolean]>([
    ['has come when its window opens', terms(), '2026-11-18T04:30', '2026-11-18T04:30', true],
    ['has not before', terms(), '2026-11-18T04:30', '2026-11-17T04:59', false],
    ['has come ever after', terms(), '2026-11-18T04:30', '2026-11-25T01:00', true],
    ['has come for a sweep in whose window it falls', terms(), '2026-11-18T04:45', '2026-11-18T04:31', true],
    ['has not at the end of that window', terms(), '2026-11-18T05:00', '2026-11-18T04:31', false],
    [
      'has not where the next window opens',
      terms({ flexibleWindow: DAY }),
      '2026-11-18T04:30',
      '2026-11-18T04:29',
      false,
    ],
    ['has come for a cron job that comes a little early', terms(), '2026-11-18T02:20', '2026-11-18T02:00', true],
    ['has not on the date before', terms(), '2026-11-18T00:00', '2026-11-17T23:50', false],
  ])('%s', (_, policy, night, now, expected) => {
    expect(nightsAt(policy, at(now)).hasCome(at(night))).toBe(expected);
  });
});

describe('one night', () => {
  it.each<[string, NightTerms, string, string, boolean]>([
    ['holds two sweeps of one window', terms(), '2026-11-18T04:31', '2026-11-18T04:59', true],
    ['holds two sweeps of a window over midnight', terms(overMidnight), '2026-11-18T23:50', '2026-11-19T00:14', true],
    [
      'ends where the next window opens, however soon',
      terms({ flexibleWindow: DAY }),
      '2026-11-18T04:29',
      '2026-11-18T04:31',
      false,
    ],
    [
      'holds a whole day of a window so long',
      terms({ flexibleWindow: DAY }),
      '2026-11-18T04:31',
      '2026-11-19T04:29',
      true,
    ],
    [
      'holds a sweep by hand a moment less than half a day later',
      terms(),
      '2026-11-18T04:31',
      '2026-11-18T16:30:59.999',
      true,
    ],
    ['and none half a day later', terms(), '2026-11-18T04:31', '2026-11-18T16:31', false],
  ])('%s', (_, policy, one, other, expected) => {
    expect(isSameNight(policy, at(one), at(other))).toBe(expected);
    expect(isSameNight(policy, at(other), at(one))).toBe(expected);
  });
});

describe('caps', () => {
  it.each<[string, NightTerms, string, string, boolean]>([
    ['count what was done on the same local date', terms(), '2026-11-18T00:00', '2026-11-18T23:59', true],
    ['start again on the next', terms(), '2026-11-18T04:59', '2026-11-19T04:30', false],
    [
      'know the date in the policy’s time zone',
      terms({}, { timezone: 'Asia/Tokyo' }),
      '2026-11-17T15:00',
      '2026-11-18T14:59',
      true,
    ],
    ['last over midnight for one night', terms(overMidnight), '2026-11-18T23:50', '2026-11-19T00:10', true],
    ['last for a night as long as a day', terms({ flexibleWindow: DAY }), '2026-11-18T05:00', '2026-11-19T04:00', true],
    ['last for half a day whatever the date', terms(), '2026-11-18T20:00', '2026-11-19T04:30', true],
    ['count what a clock that ran ahead has done', terms(), '2026-11-20T04:30', '2026-11-18T04:30', true],
  ])('%s', (_, policy, done, now, expected) => {
    expect(sharesCaps(policy, at(done), at(now))).toBe(expected);
  });
});
