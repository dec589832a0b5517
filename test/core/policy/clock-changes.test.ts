import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../core/duration.ts';
import { momentOf, momentsOf } from '../../../core/lifecycle/local-time.ts';
import { longestSilence, repeatedNight, skippedNight } from '../../../core/policy/clock-changes.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import { isProblem, policyRemarks } from '../../../core/policy/remarks.ts';

const asOf = new Date('2026-11-20T12:00:00Z');
const schedule = (timezone: string, at: string, flexibleWindow = 0) => ({ timezone, at, flexibleWindow });

describe('a time that a clock change skips', () => {
  it.each([
    ['Europe/Berlin', '02:00', '2027-03-28', '02:00 to 03:00', 47],
    ['Europe/Berlin', '02:59', '2027-03-28', '02:00 to 03:00', 47],
    ['America/New_York', '02:30', '2027-03-14', '02:00 to 03:00', 47],
    ['Australia/Lord_Howe', '02:15', '2027-10-03', '02:00 to 02:30', 47.5],
    ['Africa/Cairo', '00:10', '2027-04-30', '00:00 to 01:00', 47],
    ['Antarctica/Troll', '02:30', '2027-03-28', '01:00 to 03:00', 46],
  ])('%s %s: on %s, from %s, %d hours', (timezone, at, date, between, gap) => {
    const text = skippedNight(schedule(timezone, at), asOf);
    expect(text).toContain(`${at}, a time that does not exist in ${timezone} on ${date}`);
    expect(text).toContain(`clocks change from ${between}: `);
    expect(text).toContain(`so ${gap} hours pass between two sweeps`);
  });

  it.each([
    ['Europe/Berlin', '01:59'],
    ['Europe/Berlin', '03:00'],
    ['UTC', '02:30'],
    ['Asia/Tokyo', '02:30'],
    ['America/Sao_Paulo', '00:30'],
  ])('%s %s is none', (timezone, at) => {
    expect(skippedNight(schedule(timezone, at), asOf)).toBeUndefined();
  });

  it('is found up to the moment of the change, and then that of the next year', () => {
    const dateIn = (from: string) =>
      /on (\d{4})-/.exec(skippedNight(schedule('Europe/Berlin', '02:30'), new Date(from)) ?? '')?.[1];
    expect(dateIn('2027-03-28T00:30:00Z')).toBe('2027');
    expect(dateIn('2027-03-29T00:30:00Z')).toBe('2028');
  });
});

describe('a time that occurs twice', () => {
  it.each([
    ['Europe/Berlin', '02:30', '2027-10-31'],
    ['America/New_York', '01:00', '2027-11-07'],
  ])('%s %s: on %s, when the sweep starts once', (timezone, at, date) => {
    expect(repeatedNight(schedule(timezone, at), asOf)).toBe(
      `deployment.schedule.at is ${at}, which occurs twice in ${timezone} on ${date}, when clocks are set back: EventBridge Scheduler starts the sweep once`,
    );
  });

  it.each([
    ['Europe/Berlin', '03:00'],
    ['America/New_York', '02:00'],
    ['UTC', '01:30'],
  ])('%s %s does not', (timezone, at) => expect(repeatedNight(schedule(timezone, at), asOf)).toBeUndefined());
});

describe('the longest silence between two sweeps', () => {
  it.each([
    ['UTC', '04:30', 30 * MINUTE, 24 * HOUR],
    ['UTC', '04:30', DAY, 24 * HOUR],
    ['Asia/Tokyo', '02:30', 0, 24 * HOUR],
    ['Europe/Berlin', '04:30', 30 * MINUTE, 25 * HOUR],
    // The clock is set back by half an hour.
    ['Australia/Lord_Howe', '04:30', 0, 24.5 * HOUR],
    // It may start at the first 02:30 of one night and at the second one of another.
    ['Europe/Berlin', '02:30', 0, 25 * HOUR],
  ])('%s %s, with a window of %d ms', (timezone, at, window, night) => {
    expect(longestSilence(schedule(timezone, at, window), asOf)).toBe(night + window + 3 * HOUR);
  });
});

it('every time of every zone is skipped exactly where no moment shows it', () => {
  const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  fc.assert(
    fc.property(zones, fc.nat(24 * 60 - 1), (timezone, minute) => {
      const at = new Date(minute * MINUTE).toISOString().slice(11, 16);
      const days = Array.from({ length: 380 }, (_, index) => Math.floor(asOf.getTime() / DAY) + 2 + index);
      const missing = days.some((day) => momentOf(timezone, day, minute * MINUTE) === undefined);
      if (missing) expect(skippedNight(schedule(timezone, at), asOf)).toBeDefined();
      const twice = days.some((day) => momentsOf(timezone, day, minute * MINUTE).length > 1);
      if (twice) expect(repeatedNight(schedule(timezone, at), asOf)).toBeDefined();
      const silence = longestSilence(schedule(timezone, at), asOf);
      expect(silence).toBeGreaterThanOrEqual(DAY + 3 * HOUR);
      expect(silence).toBeLessThanOrEqual(DAY + 6 * HOUR);
    }),
    { numRuns: 15 },
  );
});

it('a skipped night is a problem, a repeated one a note', () => {
  const deployment = { ...defaultPolicy.deployment, schedule: schedule('Europe/Berlin', '02:30') };
  expect(
    policyRemarks({ ...defaultPolicy, deployment }, asOf).map((remark) => [remark.kind, isProblem(remark)]),
  ).toEqual([
    ['skipped-night', true],
    ['repeated-time', false],
  ]);
});
