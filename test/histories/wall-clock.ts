/** Local dates and the windows of a schedule, by Intl alone: without any code that keysweep counts its nights by. */
import type { Deployment, Policy } from '../../core/policy/policy.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Schedule = Deployment['schedule'];

/** How long after its window a sweep still belongs to its night: EventBridge Scheduler tries for two hours, and work takes a while. */
const lateness = 3 * HOUR;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-02 04:30`: what the clock on the wall shows. */
function shownIn(zone: string, at: Date): string {
  const known = formatters.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, ...parts });
  formatters.set(zone, known);
  return known.format(at);
}

const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;

/** `2026-11-02`: the local date of a moment. */
export function dateIn(zone: string, at: Date): string {
  return shownIn(zone, at).slice(0, 10);
}

/** The local date of a moment as a number of days, to count with. */
function dayIn(zone: string, at: Date): number {
  return Date.parse(`${dateIn(zone, at)}T00:00:00Z`) / DAY;
}

const openings = new Map<string, Date | undefined>();

/** When the window of a local day opens; undefined where the clocks are put past it, the earlier moment where it comes twice. */
function openingOn({ at, timezone }: Schedule, day: number): Date | undefined {
  const wall = `${new Date(day * DAY).toISOString().slice(0, 10)} ${at}`;
  const key = `${timezone} ${wall}`;
  if (openings.has(key)) return openings.get(key);
  const asUtc = Date.parse(`${wall.replace(' ', 'T')}:00Z`);
  const hours = Array.from({ length: 29 }, (_, index) => 14 - index);
  const moments = hours.map((hour) => new Date(asUtc - hour * HOUR));
  const opening = moments.find((moment) => shownIn(timezone, moment) === wall);
  openings.set(key, opening);
  return opening;
}

/** The opening of the `count`-th window after a moment. */
export function openingAfter(schedule: Schedule, after: Date, count = 1): Date {
  let skipped = count;
  for (let day = dayIn(schedule.timezone, after) - 1; ; day++) {
    const opening = openingOn(schedule, day);
    if (opening !== undefined && opening > after && --skipped === 0) return opening;
  }
}

/** What nights are counted by. */
export type NightPolicy = Pick<Policy, 'calendar' | 'deployment'>;

/**
 * The night of a sweep, as a number of days: the date, in the policy's zone, on which its window opened; the local date
 * where the schedule did not start it.
 */
export function nightOf({ calendar, deployment: { schedule } }: NightPolicy, at: Date): number {
  const today = dayIn(schedule.timezone, at);
  const opened = [today, today - 1].flatMap((day) => openingOn(schedule, day) ?? []).find((opening) => opening <= at);
  const isScheduled = opened !== undefined && at.getTime() < opened.getTime() + schedule.flexibleWindow + lateness;
  return dayIn(calendar.timezone, isScheduled ? opened : at);
}

/** Whether the window of the night of a moment goes on into the next local date. */
export function isOverMidnight({ calendar, deployment: { schedule } }: NightPolicy, at: Date): boolean {
  const opening = openingAfter(schedule, at);
  const end = new Date(opening.getTime() + Math.max(0, schedule.flexibleWindow - 1));
  return dateIn(calendar.timezone, opening) !== dateIn(calendar.timezone, end);
}

/** Whether the calendar allows changes on the local date of a moment. */
export function isAllowedDay({ calendar }: Pick<Policy, 'calendar'>, at: Date): boolean {
  const date = dateIn(calendar.timezone, at);
  const weekday = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][new Date(`${date}T00:00:00Z`).getUTCDay()];
  return (
    calendar.days.some((day) => day === weekday) && !calendar.freeze.some(({ from, to }) => from <= date && date <= to)
  );
}
