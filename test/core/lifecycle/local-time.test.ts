import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../core/duration.ts';
import { dateOfDay, localDate, localTime, momentOf, startOfDay } from '../../../core/lifecycle/local-time.ts';

const dayOf = (date: string) => Date.parse(date) / DAY;

describe('local time', () => {
  it.each([
    ['UTC', '2026-11-18T04:30:00Z', '2026-11-18', 4.5],
    ['Asia/Tokyo', '2026-11-15T19:30:00Z', '2026-11-16', 4.5],
    ['America/New_York', '2027-03-14T06:59:00Z', '2027-03-14', 1 + 59 / 60],
    ['America/New_York', '2027-03-14T07:00:00Z', '2027-03-14', 3],
    ['Australia/Lord_Howe', '2026-11-18T13:00:00Z', '2026-11-19', 0],
    ['Asia/Kathmandu', '2026-11-18T18:15:00Z', '2026-11-19', 0],
  ])('in %s at %s', (zone, at, date, hours) => {
    const { day, clock } = localTime(zone, new Date(at));
    expect([dateOfDay(day), Math.round(clock / MINUTE)]).toEqual([date, Math.round(hours * 60)]);
    expect(localDate(zone, new Date(at))).toBe(date);
  });

  it.each([
    ['as on any day', 'Europe/Berlin', '2027-01-10', 4.5, '2027-01-10T03:30:00.000Z'],
    ['not at all where clocks are put past it', 'America/New_York', '2027-03-14', 2.5, undefined],
    [
      'twice where clocks are put back: the earlier counts',
      'America/New_York',
      '2026-11-01',
      1.5,
      '2026-11-01T05:30:00.000Z',
    ],
    ['where clocks are put forward by half an hour', 'Australia/Lord_Howe', '2026-10-04', 2.25, undefined],
    ['after that', 'Australia/Lord_Howe', '2026-10-04', 2.5, '2026-10-03T15:30:00.000Z'],
    ['not on a day that a zone has skipped', 'Pacific/Apia', '2011-12-30', 4.5, undefined],
    ['on the day after it', 'Pacific/Apia', '2011-12-31', 4.5, '2011-12-30T14:30:00.000Z'],
  ])('a clock shows a time %s', (_, zone, date, hours, expected) => {
    expect(momentOf(zone, dayOf(date), hours * HOUR)?.toISOString()).toBe(expected);
  });

  it('a day begins at the first time that its clock shows', () => {
    expect(startOfDay('UTC', dayOf('2026-11-18')).toISOString()).toBe('2026-11-18T00:00:00.000Z');
    // Clocks are put from 0:00 to 1:00.
    expect(startOfDay('Asia/Beirut', dayOf('2027-03-28')).toISOString()).toBe('2027-03-27T22:00:00.000Z');
    expect(startOfDay('Pacific/Apia', dayOf('2011-12-30'))).toEqual(startOfDay('Pacific/Apia', dayOf('2011-12-31')));
  });

  it('a moment is what its clock shows, but where it shows it twice', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Africa/Casablanca',
    ];
    const time = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 0, 1) });
    fc.assert(
      fc.property(fc.constantFrom(...zones), time, (zone, ms) => {
        const { day, clock } = localTime(zone, new Date(ms));
        const ahead = ms - (momentOf(zone, day, clock)?.getTime() ?? Number.NaN);
        expect([0, HOUR / 2, HOUR]).toContain(ahead);
      }),
    );
  });
});
