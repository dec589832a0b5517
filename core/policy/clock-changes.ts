/** When the schedule starts its nights, with every clock change of its time zone. */
import { DAY, HOUR, MINUTE } from '../duration.ts';
import { dateOfDay, localTime, momentOf, momentsOf } from '../lifecycle/local-time.ts';
import { lateness } from '../lifecycle/nights.ts';
import type { Duration } from '../model.ts';
import type { Deployment } from './policy.ts';

type Schedule = Deployment['schedule'];

/** How far ahead clock changes are considered: every zone that changes its clocks does so within this time. */
const horizon = 400;

/** Clocks change by multiples of this. */
const step = 15 * MINUTE;

/**
 * The first night that does not take place, in a sentence; undefined if there is none within a year. EventBridge Scheduler
 * skips an invocation whose local time does not exist. Source: its user guide, "Daylight savings time on EventBridge Scheduler".
 */
export function skippedNight({ at, timezone }: Schedule, asOf: Date): string | undefined {
  const clock = clockOf(at);
  const day = daysFrom(timezone, asOf).find((one) => momentOf(timezone, one, clock) === undefined);
  if (day === undefined) return undefined;
  const isSkipped = (time: Duration) => momentOf(timezone, day, time) === undefined;
  const between = `${timeOf(edge(clock, -step, isSkipped))} to ${timeOf(edge(clock, step, isSkipped) + step)}`;
  const before = momentOf(timezone, day - 1, clock);
  const after = momentOf(timezone, day + 1, clock);
  const gap = before && after && `, so ${(after.getTime() - before.getTime()) / HOUR} hours pass between two sweeps`;
  return `deployment.schedule.at is ${at}, a time that does not exist in ${timezone} on ${dateOfDay(day)}, when clocks change from ${between}: EventBridge Scheduler skips that night${gap ?? ''}; choose another time, such as 04:30`;
}

/** The first night whose time occurs twice, in a sentence. The sweep starts once. Source: as for {@link skippedNight}. */
export function repeatedNight({ at, timezone }: Schedule, asOf: Date): string | undefined {
  const clock = clockOf(at);
  const day = daysFrom(timezone, asOf).find((one) => momentsOf(timezone, one, clock).length > 1);
  if (day === undefined) return undefined;
  return `deployment.schedule.at is ${at}, which occurs twice in ${timezone} on ${dateOfDay(day)}, when clocks are set back: EventBridge Scheduler starts the sweep once`;
}

/**
 * The longest time between the ends of two sweeps if none is missed: from the beginning of one window to the end of the
 * next, 25 hours later where clocks are set back by one, with all retries. Skipped nights do not count.
 */
export function longestSilence({ at, timezone, flexibleWindow }: Schedule, asOf: Date): Duration {
  const clock = clockOf(at);
  const nights = daysFrom(timezone, asOf).map((day) => {
    const [start] = momentsOf(timezone, day, clock);
    const next = momentsOf(timezone, day + 1, clock).at(-1);
    return start && next ? next.getTime() - start.getTime() : DAY;
  });
  return Math.max(...nights) + flexibleWindow + lateness;
}

function daysFrom(timezone: string, asOf: Date): readonly number[] {
  const { day } = localTime(timezone, asOf);
  return Array.from({ length: horizon }, (_, index) => day + index);
}

/** From local midnight, in milliseconds. @param at HH:MM */
function clockOf(at: string): Duration {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  return hours * HOUR + minutes * MINUTE;
}

/** How far from a time, by full steps of one day, something holds without a gap. */
function edge(from: Duration, by: Duration, holds: (time: Duration) => boolean): Duration {
  let time = Math.floor(from / step) * step;
  while (time + by >= 0 && time + by < DAY && holds(time + by)) time += by;
  return time;
}

function timeOf(clock: Duration): string {
  return new Date(clock).toISOString().slice(11, 16);
}
