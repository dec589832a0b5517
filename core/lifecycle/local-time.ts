/** Calendar days and wall clock times in a time zone, with every clock change. */
import { DAY, HOUR, MINUTE, SECOND } from '../duration.ts';
import type { Duration } from '../model.ts';

/** What the calendar and the wall clock show. */
export interface LocalTime {
  /** Days from 1970-01-01 to the local date: nights and weekdays are counted by it. */
  readonly day: number;
  /** From local midnight to the time on the wall clock, in milliseconds. */
  readonly clock: Duration;
}

/** @param timeZone IANA name */
export function localTime(timeZone: string, at: Date): LocalTime {
  const local = at.getTime() + offsetAt(timeZone, at.getTime());
  const day = Math.floor(local / DAY);
  return { day, clock: local - day * DAY };
}

/** `2026-11-16`: the local date of a moment. */
export function localDate(timeZone: string, at: Date): string {
  return dateOfDay(localTime(timeZone, at).day);
}

/** `2026-11-16`: the local date of a day number. */
export function dateOfDay(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/**
 * When the wall clock shows a time; the earlier moment if that happens twice, undefined if the clock skips it.
 * @param clock from local midnight, in milliseconds
 */
export function momentOf(timeZone: string, day: number, clock: Duration): Date | undefined {
  return momentsOf(timeZone, day, clock)[0];
}

/** Every moment at which the wall clock shows a time, earliest first: none if the clock skips it, two if it is set back past it. */
export function momentsOf(timeZone: string, day: number, clock: Duration): readonly Date[] {
  const shown = day * DAY + clock;
  // Clocks change at most once within two days; a zone may skip a whole day (Apia, 2011).
  const offsets = [offsetAt(timeZone, shown - DAY), offsetAt(timeZone, shown), offsetAt(timeZone, shown + DAY)];
  const moments = offsets.map((offset) => shown - offset).filter((at) => at + offsetAt(timeZone, at) === shown);
  return [...new Set(moments)].toSorted((a, b) => a - b).map((at) => new Date(at));
}

/** When a local day begins: at midnight, or at the first time that its clock shows. */
export function startOfDay(timeZone: string, day: number): Date {
  for (let clock = 0; clock < DAY; clock += HOUR / 2) {
    const at = momentOf(timeZone, day, clock);
    if (at !== undefined) return at;
  }
  return startOfDay(timeZone, day + 1);
}

/** Offsets change only at full quarters of an hour, and are needed again and again. */
const quarter = 15 * MINUTE;
const knownOffsets = new Map<string, Map<number, Duration>>();
const maxKnown = 20_000;

/** How far the wall clock is ahead of UTC at a moment, in milliseconds. */
function offsetAt(timeZone: string, at: number): Duration {
  if (timeZone === 'UTC') return 0;
  const offsets = knownOffsets.get(timeZone) ?? new Map<number, Duration>();
  const time = Math.floor(at / quarter) * quarter;
  const known = offsets.get(time);
  if (known !== undefined) return known;
  const offset = readOffset(timeZone, time);
  if (offsets.size >= maxKnown) offsets.clear();
  knownOffsets.set(timeZone, offsets.set(time, offset));
  return offset;
}

function readOffset(timeZone: string, at: number): Duration {
  const parts = formatterOf(timeZone).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((candidate) => candidate.type === type)?.value);
  const date = Date.UTC(part('year'), part('month') - 1, part('day'));
  return date + part('hour') * HOUR + part('minute') * MINUTE + part('second') * SECOND - at;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Cached, because creating one takes longer than a thousand uses. */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formatters.set(timeZone, made);
  return made;
}
