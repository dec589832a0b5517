import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { holdOf, nextDeedNight } from '../../../core/lifecycle/calendar.ts';
import type { Calendar } from '../../../core/policy/policy.ts';

/** Wednesday. */
const now = new Date('2026-11-18T04:30:00Z');
const everyDay = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

function calendar(fields: Partial<Calendar>): Calendar {
  return { timezone: 'UTC', days: everyDay, freeze: [], ...fields };
}

describe('the next night for deeds', () => {
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
  ])('is %s', (_, fields, date) => {
    expect(nextDeedNight(calendar(fields), now)).toEqual(new Date(`${date}T04:30:00Z`));
  });

  it('is whole days ahead, lets deeds happen, and has none before it', () => {
    const day = fc
      .integer({ min: 0, max: 60 })
      .map((days) => new Date(now.getTime() + days * DAY).toISOString().slice(0, 10));
    const freeze = fc.tuple(day, day).map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a }));
    const calendars = fc.record({
      timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Kiritimati', 'America/Los_Angeles'),
      days: fc.subarray([...everyDay], { minLength: 1 }),
      freeze: fc.array(freeze, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(calendars, (made) => {
        const night = nextDeedNight(made, now);
        const ahead = (night.getTime() - now.getTime()) / DAY;
        expect(Number.isInteger(ahead) && ahead >= 0).toBe(true);
        expect(holdOf(made, night)).toBeUndefined();
        for (let days = 0; days < ahead; days++) {
          expect(holdOf(made, new Date(now.getTime() + days * DAY))).toBeDefined();
        }
      }),
    );
  });

  it('is the day itself where the freeze never ends', () => {
    const frozen = Array.from({ length: 2_000 }, (_, at) => {
      const date = new Date(now.getTime() + at * DAY).toISOString().slice(0, 10);
      return { from: date, to: date };
    });
    expect(nextDeedNight(calendar({ freeze: frozen }), now)).toEqual(now);
  });
});
