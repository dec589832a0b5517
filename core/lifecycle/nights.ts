/**
 * Nights, by which promised dates are kept. A scheduled sweep starts at any moment of a window, clocks are put forward and
 * back, and from the command line a sweep comes at about the same time of day: whoever compares promises to the
 * millisecond puts every second one off by a night. So a promise names a night, by the moment from which its sweep may
 * start, and every sweep of that night keeps it.
 */
import { DAY, HOUR, MINUTE } from '../duration.ts';
import type { Duration } from '../model.ts';
import type { Calendar, Deployment, Policy } from '../policy/policy.ts';
import { dayClosedBecause, weekdayOf } from './calendar.ts';
import { localTime, momentOf, startOfDay } from './local-time.ts';

/** What nights hang on: when sweeps start, and in which nights changes may happen. */
export type NightTerms = Pick<Policy, 'calendar' | 'deployment'>;

/** The nights as a sweep counts them that starts at some moment. */
export interface Nights {
  /** The number of the sweep's own night: that of its local date, of a window over midnight the date on which it opens. */
  readonly tonight: number;
  /** The number of the night of another moment. */
  numberOf(at: Date): number;
  /** The number of the last night up to that one that has a sweep: clocks may be put past it. */
  lastUpTo(night: number): number;
  /** Whether a night that is named by its beginning is this one, or was before it. */
  hasCome(night: Date): boolean;
  /** The beginning of the first night, from number `from` on, that begins at or after a moment. */
  firstFrom(moment: Date, from?: number): Date;
  /** The same of the nights in which the calendar allows changes; the first of all where it never does. */
  firstAllowedFrom(moment: Date, from?: number): Date;
}

/**
 * How long after its window a sweep may still be at work: EventBridge Scheduler tries for two hours, and audit and
 * rotation take a quarter of an hour each at most.
 */
const lateness: Duration = 3 * HOUR;

/** How far sweeps that are started in another way, a cron job's say, keep to their time of day; at least. */
const punctuality: Duration = 30 * MINUTE;

/** A week without a night for changes cannot be, and a longer freeze than this no one has. */
const maxNights = 4_000;

/** Nights by their number. */
interface Rhythm {
  /** Undefined for a night that has no sweep, because the clocks are put past it. */
  beginOf(night: number): Date | undefined;
  /** The local days on which a sweep of the night may start: two for a window over midnight. */
  daysOf(night: number): readonly number[];
}

/** Tells how nights are counted at a moment. Between two sweeps of one night the answers do not change. */
export function nightsAt(terms: NightTerms, now: Date): Nights {
  const { schedule } = terms.deployment;
  const last = cache.get(terms.calendar);
  if (last?.schedule === schedule && last.now === now.getTime()) return last.nights;
  const nights = countNights(terms, now);
  cache.set(terms.calendar, { schedule, now: now.getTime(), nights });
  return nights;
}

/** Every key of a sweep asks for the same moment. */
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

/** The next allowed night of each night that was asked about; looking for it takes long where a freeze does. */
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
  // A sweep that is started by hand belongs to whatever is less than half a day away.
  if (one === undefined || other === undefined) return Math.abs(a.getTime() - b.getTime()) < DAY / 2;
  return one.begin === other.begin;
}

/**
 * Whether what was done at a moment counts against the caps of a sweep: of the same local date, of the same night, which
 * may begin before midnight, or less than half a day ago.
 */
export function sharesCaps(terms: NightTerms, done: Date, now: Date): boolean {
  const dayOf = (at: Date) => localTime(terms.calendar.timezone, at).day;
  // Whatever is in the future was done by a clock that ran ahead.
  const isRecent = now.getTime() - done.getTime() < DAY / 2;
  return isRecent || dayOf(done) === dayOf(now) || isSameNight(terms, done, now);
}

/** When the window opened in which the schedule may have started a sweep of a moment; undefined where it did not. */
export function scheduledStart({ deployment }: NightTerms, at: Date): Date | undefined {
  const scheduled = scheduledNight(deployment.schedule, at);
  return scheduled && new Date(scheduled.begin);
}

/** The beginning of each scheduled night after that of a moment, without end. */
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

/** The scheduled night to which a sweep at a moment belongs; undefined where the schedule did not start it. */
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

/** Every night at local time `at`. EventBridge Scheduler skips a time that the clocks skip. */
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
    // The zone of the schedule may be another one than the calendar's, in which nights are numbered.
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

/** Of sweeps at about one time of day, whatever the schedule says: each belongs to its local date. */
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

/** A window over midnight may be too long for the days of the calendar: then the day on which it opens decides. */
function isEverWhole({ daysOf }: Rhythm, { days }: Calendar, tonight: number): boolean {
  const week = [0, 1, 2, 3, 4, 5, 6].map((night) => daysOf(tonight + night));
  return week.some((night) => night.every((day) => days.includes(weekdayOf(day))));
}

function firstNight({ beginOf }: Rhythm, moment: Date, from: number): number | undefined {
  // No zone is more than a day away from the date of UTC.
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
