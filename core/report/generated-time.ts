/** When AWS generated a report, as the file says it. */
import { type Duration, HOUR } from '../duration.ts';
import { quote } from './report-error.ts';
import type { ReportRow } from './types.ts';

/** Both absent: the file says nothing about it. */
export interface ReportAge {
  readonly generatedAt?: Date;
  /** Why that is unknown although the file says something. For people; a clause. */
  readonly ageUnknown?: string;
}

/**
 * Reads ISO 8601, RFC 1123, seconds since 1970 as some versions of the AWS CLI print them, milliseconds (Java), or
 * `/Date(ms)/` (PowerShell). Anything else is no reason to refuse a report: its age is then unknown, as that of a CSV file is.
 * A time without a zone may be any of 27 hours, so it is not read.
 */
export function readGeneratedTime(found: unknown): ReportAge {
  if (found === undefined) return {};
  const time = timeIn(found);
  if (time !== undefined) return { generatedAt: time };
  return {
    ageUnknown: `the GeneratedTime in the file is ${describe(found)}, expected a time such as "2026-09-11T13:14:52+00:00"`,
  };
}

function describe(found: unknown): string {
  if (typeof found === 'string') return quote(found);
  return typeof found === 'object' && found !== null ? 'an object' : String(found);
}

function timeIn(found: unknown): Date | undefined {
  if (typeof found !== 'string' && typeof found !== 'number') return undefined;
  const text = String(found).trim();
  const ms = /^\/Date\((\d{12,14})\)\/$/.exec(text)?.[1] ?? /^\d{12,14}$/.exec(text)?.[0];
  const seconds = /^\d{9,11}(?:\.\d+)?$/.exec(text)?.[0];
  const time = new Date(isoIn(text) ?? (ms !== undefined ? Number(ms) : Number(seconds ?? Number.NaN) * 1000));
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** The time in a form that JavaScript reads in one way only. */
function isoIn(text: string): string | undefined {
  if (/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)) return text;
  const iso = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|UTC|[+-]\d\d:?\d\d)$/.exec(text);
  if (iso === null) return undefined;
  const [, day = '', time = '', zone = ''] = iso;
  const offset = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(-2)}` : 'Z';
  return `${day}T${time}${offset}`;
}

/** AWS may take a while to generate a report, and dates in it may be of that while. */
const tolerance: Duration = HOUR;

/** The age, unless a date in the report is later than the time at which it was generated: then the file was put together. */
export function believedAge(age: ReportAge, rows: readonly ReportRow[]): ReportAge {
  const { generatedAt } = age;
  const newestDate = newestDateOf(rows);
  if (generatedAt === undefined || newestDate === undefined) return age;
  if (newestDate.getTime() - generatedAt.getTime() <= tolerance) return age;
  const [said, newest] = [generatedAt.toISOString(), newestDate.toISOString()];
  return { ageUnknown: `the GeneratedTime in the file is ${said}, but the report contains dates as late as ${newest}` };
}

/** The latest date in a report; dates of the next password rotation are in the future and do not count. */
export function newestDateOf(rows: readonly ReportRow[]): Date | undefined {
  const dates = rows.flatMap(({ createdAt, passwordLastUsed, passwordLastChanged, accessKeys, certificates }) => [
    createdAt,
    passwordLastUsed,
    passwordLastChanged,
    ...accessKeys.flatMap(({ lastRotated, lastUsed }) => [lastRotated, lastUsed]),
    ...certificates.map(({ lastRotated }) => lastRotated),
  ]);
  const newest = dates.reduce(
    (time, date) => (date.known ? Math.max(time, date.value.getTime()) : time),
    Number.NEGATIVE_INFINITY,
  );
  return Number.isFinite(newest) ? new Date(newest) : undefined;
}
