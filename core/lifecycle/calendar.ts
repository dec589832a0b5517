import type { Calendar, Weekday } from '../policy/policy.ts';
import { dateOfDay, localTime } from './local-time.ts';

const weekdays: readonly Weekday[] = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** 1970-01-01 was a Thursday. */
const firstWeekday = 4;

/** Why changes must wait at a moment; undefined if they are allowed. */
export function closedBecause(calendar: Calendar, now: Date): string | undefined {
  return dayClosedBecause(calendar, localTime(calendar.timezone, now).day);
}

/** The same for a whole local day, by its number; see {@link localTime}. */
export function dayClosedBecause(calendar: Calendar, day: number): string | undefined {
  const date = dateOfDay(day);
  const freeze = calendar.freeze.find(({ from, to }) => from <= date && date <= to);
  if (freeze !== undefined) return `freeze ${freeze.from}/${freeze.to}`;
  const weekday = weekdayOf(day);
  return calendar.days.includes(weekday) ? undefined : `no changes on ${weekday}`;
}

export function weekdayOf(day: number): Weekday {
  return weekdays[(((day + firstWeekday) % 7) + 7) % 7] ?? 'Thu';
}
