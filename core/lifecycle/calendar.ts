import type { Calendar, Weekday } from '../policy/policy.ts';

/** Why deeds must wait at a moment; undefined where they may happen. */
export function holdOf(calendar: Calendar, now: Date): string | undefined {
  const { date, weekday } = localDay(calendar.timezone, now);
  const freeze = calendar.freeze.find(({ from, to }) => from <= date && date <= to);
  if (freeze !== undefined) return `freeze ${freeze.from}/${freeze.to}`;
  return calendar.days.includes(weekday) ? undefined : `no deeds on ${weekday}`;
}

/** The calendar day at a place: YYYY-MM-DD and its weekday. */
function localDay(timeZone: string, now: Date): LocalDay {
  if (latest?.timeZone === timeZone && latest.time === now.getTime()) return latest.day;
  const day = readLocalDay(timeZone, now);
  latest = { timeZone, time: now.getTime(), day };
  return day;
}

interface LocalDay {
  readonly date: string;
  readonly weekday: Weekday;
}

/** Kept, because every deed of a night asks for the same moment. */
let latest: { readonly timeZone: string; readonly time: number; readonly day: LocalDay } | undefined;

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
