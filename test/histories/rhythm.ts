/** When the sweeps of a history start: where in the year, by which schedule, and where in its window. */
import fc from 'fast-check';
import { HOUR, MINUTE } from '../../core/duration.ts';
import type { Deployment } from '../../core/policy/policy.ts';
import { openingAfter } from './wall-clock.ts';

/** When sweeps start. */
export interface Rhythm {
  /** The history begins then. */
  readonly start: Date;
  readonly schedule: Deployment['schedule'];
  /** By the schedule, or by hand, every so many hours. */
  readonly by: 'schedule' | 'hand';
}

/** Mondays: of a time without a change of clocks, and so that they are put back, or forward, within some weeks. */
const starts = ['2026-11-02', '2026-10-19', '2027-03-08'].map((date) => new Date(`${date}T04:30:00.000Z`));

const schedules: readonly Rhythm['schedule'][] = [
  { at: '04:30', timezone: 'UTC', flexibleWindow: 30 * MINUTE },
  // Twice in the night in which the clocks are put back.
  { at: '01:30', timezone: 'America/New_York', flexibleWindow: 60 * MINUTE },
  // Not at all in the night in which they are put forward.
  { at: '02:30', timezone: 'Europe/Berlin', flexibleWindow: 15 * MINUTE },
  // Over midnight.
  { at: '23:45', timezone: 'America/New_York', flexibleWindow: 60 * MINUTE },
  { at: '03:00', timezone: 'Europe/Berlin', flexibleWindow: 0 },
];

export const timezones = ['UTC', 'America/New_York', 'Europe/Berlin'] as const;

export const rhythms: fc.Arbitrary<Rhythm> = fc.record({
  start: fc.constantFrom(...starts),
  schedule: fc.constantFrom(...schedules),
  by: fc.constantFrom('schedule' as const, 'schedule' as const, 'hand' as const),
});

/**
 * When the next sweep starts.
 *
 * @param gap hours since the one before: whole days by the schedule, where there is one, anything else by hand
 * @param jitter where in the window, in percent of it
 */
export function nextStart({ schedule, by }: Rhythm, now: Date, gap: number, jitter: number): Date {
  if (!isBySchedule(by, gap)) return new Date(now.getTime() + gap * HOUR);
  const opening = openingAfter(schedule, now, gap / 24);
  return new Date(opening.getTime() + Math.floor((schedule.flexibleWindow * jitter) / 100));
}

/** Whether the schedule starts a sweep that comes so many hours after another. */
export function isBySchedule(by: Rhythm['by'], gap: number): boolean {
  return by === 'schedule' && gap % 24 === 0;
}
