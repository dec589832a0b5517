/**
 * Nights, the unit of promised dates. A scheduled sweep starts at any moment of a window, clocks change, and sweeps from the
 * command line start at about the same time of day: comparing promises to the millisecond would delay every second one by a
 * night. So a promise names a night by the moment from which its sweep may start, and every sweep of that night keeps it.
 */
import { DAY, HOUR, MINUTE } from '../duration.ts';
import type { Duration } from '../model.ts';
import type { Calendar, Deployment, Policy } from '../policy/policy.ts';
import { dayClosedBecause, weekdayOf } from './calendar.ts';
import { localTime, momentOf, startOfDay } from './local-time.ts';

/** What nights depend on: when sweeps start, and in which nights changes are allowed. */
export type NightTerms = Pick<Policy, 'calendar' | 'deployment'>;

/** The nights as counted by a sweep that starts at a given moment. */
export interface Nights {
  /** The number of the sweep's own night: its local date or, for a window that spans midnight, the date on which it opens. */
  readonly tonight: number;
  /** The number of the night of another moment. */
  numberOf(at: Date): number;
  /** The number of the last night up to that one that has a sweep: a clock change may skip one. */
  lastUpTo(night: number): number;
  /** Whether the night that starts at this moment is this one or an earlier one. */
  hasCome(night: Date): boolean;
  /** The start of the first night, from number `from` on, that starts at or after a moment. */
  firstFrom(moment: Date, from?: number): Date;
  /** The same for nights in which the calendar allows changes; the first of all nights if it never does. */
  firstAllowedFrom(moment: Date, from?: number): Date;
}

/**
 * How long after its window a sweep may still run: EventBridge Scheduler retries for two hours, and auditor and rotator each
 * take at most a quarter of an hour.
 */
export const lateness: Duration = 3 * HOUR;

/** By how much the start of sweeps that are started otherwise, for example by cron, varies; at least. */
const punctuality: Duration = 30 * MINUTE;

/** Every week has a night for changes, and no freeze is longer than this. */
const maxNights = 4_000;

/** Nights by their number. */
interface Rhythm {
  /** Undefined for a night that has no sweep because a clock change skips it. */
  beginOf(night: number): Date | undefined;
  /** The local days on which a sweep of the night may start: two for a window that spans midnight. */
  daysOf(night: number): readonly number[];
}

/** How nights are counted at a moment. The answers do not change between two sweeps of one night. */
export function nightsAt(terms: NightTerms, now: Date): Nights {
  const { schedule } = terms.deployment;
  const last = cache.get(terms.calendar);
  if (last?.schedule === schedule && last.now === now.getTime()) return last.nights;
  const nights = countNights(terms, now);
  cache.set(terms.calendar, { schedule, now: now.getTime(), nights });
  return nights;
}

/** Every key of a sweep needs the same moment. */
const cache = new WeakMap<Calendar, { schedule: Deployment['schedule']; now: number; nights: Nights }>();

function countNights(terms: NightTerms, now: Date): Nights {
  const { calendar, deployment } = terms;
  const { schedule } = deployment;
  const scheduled = scheduledNight(schedule, now);
  const tonight = numberOf(terms, now);
  const rhythm = scheduled === undefined ? rhythmOf(terms, now) : scheduleOf(terms);
  const end =
    scheduled === undefined
      ? Math.min(now.getTime() + looseness(schedule), startOfDay(calendar.timezone, tonight + 1).getTime())
      : scheduled.end;
  const isWhole = isEverWhole(rhythm, calendar, tonight);
  const allows = (night: number) =>
    rhythm.daysOf(night).every((day, at) => (at > 0 && !isWhole) || dayClosedBecause(calendar, day) === undefined);
  const allowed = knownAllowed(calendar, scheduled === undefined ? 'own' : JSON.stringify([schedule, isWhole]));
  const beginOf = (night: number | undefined) => (night === undefined ? undefined : rhythm.beginOf(night));
  return {
    tonight,
    numberOf: (at) => numberOf(terms, at),
    lastUpTo: (night) => (beginOf(night) === undefined ? night - 1 : night),
    hasCome: (night) => night <= now || night.getTime() < end,
    firstFrom: (moment, from = tonight) => beginOf(firstNight(rhythm, moment, from)) ?? moment,
    firstAllowedFrom(moment, from = tonight) {
      const first = firstNight(rhythm, moment, from);
      if (first === undefined) return moment;
      if (!allowed.has(first)) allowed.set(first, calendar.days.length > 0 ? nextOf(rhythm, first, allows) : undefined);
      return beginOf(allowed.get(first) ?? first) ?? moment;
    },
  };
}

/** The next allowed night for each night that was needed; in a long freeze it takes long to find. */
function knownAllowed(calendar: Calendar, rhythm: string): Map<number, number | undefined> {
  const ofCalendar = allowedNights.get(calendar) ?? new Map<string, Map<number, number | undefined>>();
  allowedNights.set(calendar, ofCalendar);
  const known = ofCalendar.get(rhythm) ?? new Map<number, number | undefined>();
  ofCalendar.set(rhythm, known);
  return known;
}

const allowedNights = new WeakMap<Calendar, Map<string, Map<number, number | undefined>>>();

/** Whether two moments belong to sweeps of one night. */
export function isSameNight(terms: NightTerms, a: Date, b: Date): boolean {
  const { schedule } = terms.deployment;
  const [one, other] = [scheduledNight(schedule, a), scheduledNight(schedule, b)];
  // A sweep that is started by hand belongs to any night less than half a day away.
  if (one === undefined || other === undefined) return Math.abs(a.getTime() - b.getTime()) < DAY / 2;
  return one.begin === other.begin;
}

/**
 * Whether a change at a moment counts against the caps of a sweep: on the same local date, in the same night (which may start
 * before midnight), or less than half a day ago.
 */
export function sharesCaps(terms: NightTerms, done: Date, now: Date): boolean {
  const dayOf = (at: Date) => localTime(terms.calendar.timezone, at).day;
  // A change in the future was recorded by a clock that ran ahead.
  const isRecent = now.getTime() - done.getTime() < DAY / 2;
  return isRecent || dayOf(done) === dayOf(now) || isSameNight(terms, done, now);
}

/** When the window opened in which the schedule may have started a sweep at a moment; undefined if it did not start it. */
export function scheduledStart({ deployment }: NightTerms, at: Date): Date | undefined {
  const scheduled = scheduledNight(deployment.schedule, at);
  return scheduled && new Date(scheduled.begin);
}

/** The start of each scheduled night after a moment, without end. */
export function* scheduledNights(terms: NightTerms, after: Date): Generator<Date, never> {
  const { beginOf } = scheduleOf(terms);
  for (let night = numberOf(terms, after); ; night++) {
    const begin = beginOf(night);
    if (begin !== undefined && begin > after) yield begin;
  }
}

/** A window of the schedule, in ms. */
interface ScheduledNight {
  readonly begin: number;
  /** Exclusive. */
  readonly end: number;
}

/** The scheduled night to which a sweep at a moment belongs; undefined if the schedule did not start it. */
function scheduledNight(schedule: Deployment['schedule'], now: Date): ScheduledNight | undefined {
  const { timezone, flexibleWindow } = schedule;
  const { day } = localTime(timezone, now);
  const time = now.getTime();
  const begins = [day - 2, day - 1, day, day + 1, day + 2].flatMap(
    (one) => scheduledBegin(schedule, one)?.getTime() ?? [],
  );
  const begin = begins.findLast((one) => one <= time);
  if (begin === undefined || time >= begin + flexibleWindow + lateness) return undefined;
  const next = begins.find((one) => one > time) ?? Number.POSITIVE_INFINITY;
  return { begin, end: Math.min(begin + flexibleWindow, next) };
}

/** Every night at local time `at`. EventBridge Scheduler skips a time that a clock change skips. */
function scheduledBegin(schedule: Deployment['schedule'], day: number): Date | undefined {
  const known = knownBegins.get(schedule) ?? new Map<number, Date | undefined>();
  if (known.has(day)) return known.get(day);
  const [hours, minutes] = schedule.at.split(':').map(Number);
  const begin = momentOf(schedule.timezone, day, (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE);
  knownBegins.set(schedule, known.set(day, begin));
  return begin;
}

const knownBegins = new WeakMap<Deployment['schedule'], Map<number, Date | undefined>>();

function numberOf({ calendar, deployment }: NightTerms, at: Date): number {
  const scheduled = scheduledNight(deployment.schedule, at);
  return localTime(calendar.timezone, scheduled === undefined ? at : new Date(scheduled.begin)).day;
}

function scheduleOf({ calendar, deployment }: NightTerms): Rhythm {
  const { schedule } = deployment;
  const dayAt = (time: number) => localTime(calendar.timezone, new Date(time)).day;
  const beginOf = (night: number) => {
    // The schedule may have another time zone than the calendar, by which nights are numbered.
    const begins = [night - 1, night, night + 1].map((day) => scheduledBegin(schedule, day));
    return begins.find((begin) => begin !== undefined && dayAt(begin.getTime()) === night);
  };
  return {
    beginOf,
    daysOf(night) {
      const begin = beginOf(night)?.getTime() ?? 0;
      const last = dayAt(begin + Math.max(0, schedule.flexibleWindow - 1));
      return last > night ? [night, last] : [night];
    },
  };
}

/** For sweeps at about the same time of day, whatever the schedule says: each belongs to its local date. */
function rhythmOf({ calendar, deployment }: NightTerms, now: Date): Rhythm {
  const { timezone } = calendar;
  const earliest = Math.max(0, localTime(timezone, now).clock - looseness(deployment.schedule));
  return {
    beginOf: (night) => momentOf(timezone, night, earliest) ?? startOfDay(timezone, night),
    daysOf: (night) => [night],
  };
}

function looseness({ flexibleWindow }: Deployment['schedule']): Duration {
  return Math.max(punctuality, flexibleWindow);
}

/** A window that spans midnight may never fit the days of the calendar: then the day on which it opens decides. */
function isEverWhole({ daysOf }: Rhythm, { days }: Calendar, tonight: number): boolean {
  const week = [0, 1, 2, 3, 4, 5, 6].map((night) => daysOf(tonight + night));
  return week.some((night) => night.every((day) => days.includes(weekdayOf(day))));
}

function firstNight({ beginOf }: Rhythm, moment: Date, from: number): number | undefined {
  // No local date is more than a day away from the UTC date.
  const first = Math.max(from, Math.floor(moment.getTime() / DAY) - 2);
  return nextOf({ beginOf }, first, (_, begin) => begin >= moment);
}

function nextOf(
  { beginOf }: Pick<Rhythm, 'beginOf'>,
  first: number,
  isWanted: (night: number, begin: Date) => boolean,
): number | undefined {
  for (let night = first; night < first + maxNights; night++) {
    const begin = beginOf(night);
    if (begin !== undefined && isWanted(night, begin)) return night;
  }
  return undefined;
}
