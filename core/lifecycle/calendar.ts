import { DAY } from '../duration.ts';
import type { Calendar, Weekday } from '../policy/policy.ts';
import { addTo } from './decision.ts';

/** Why deeds must wait at a moment; undefined where they may happen. */
export function holdOf(calendar: Calendar, now: Date): string | undefined {
  const { date, weekday } = localDay(calendar.timezone, now);
  const freeze = calendar.freeze.find(({ from, to }) => from <= date && date <= to);
  if (freeze !== undefined) return `freeze ${freeze.from}/${freeze.to}`;
  return calendar.days.includes(weekday) ? undefined : `no deeds on ${weekday}`;
}

/** A week without a night for deeds cannot be, so every freeze takes a few steps; more freezes than this nobody has. */
const mostSteps = 1_000;

/**
 * The first of the nights that lie whole days after `from` (which is the first) in which deeds may happen; `from` itself
 * where the freezes never end. For what is announced: {@link holdOf} has the last word.
 */
export function nextDeedNight({ timezone, days, freeze }: Calendar, from: Date): Date {
  let night = from;
  for (let step = 0; step < mostSteps; step++) {
    const { date, weekday } = localDay(timezone, night);
    const frozen = freeze.find((range) => range.from <= date && date <= range.to);
    if (frozen === undefined && days.includes(weekday)) return night;
    night = addTo(night, frozen === undefined ? DAY : Date.parse(frozen.to) - Date.parse(date) + DAY);
  }
  return from;
}

/** The calendar day at a place: YYYY-MM-DD and its weekday. */
function localDay(timeZone: string, now: Date): LocalDay {
  const time = now.getTime();
  const days = knownDays.get(timeZone) ?? new Map<number, LocalDay>();
  const known = days.get(time);
  if (known !== undefined) return known;
  const day = readLocalDay(timeZone, now);
  if (days.size >= mostKnownDays) days.clear();
  knownDays.set(timeZone, days.set(time, day));
  return day;
}

interface LocalDay {
  readonly date: string;
  readonly weekday: Weekday;
}

/** Kept, because every key of a night, and every night of a forecast, asks for the same moments again. */
const knownDays = new Map<string, Map<number, LocalDay>>();
const mostKnownDays = 10_000;

function readLocalDay(timeZone: string, now: Date): LocalDay {
  const parts = formatterOf(timeZone).formatToParts(now);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return { date: `${part('year')}-${part('month')}-${part('day')}`, weekday: part('weekday') as Weekday };
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Kept, because making one takes longer than a thousand uses. */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    weekday: 'short',
  });
  formatters.set(timeZone, made);
  return made;
}
