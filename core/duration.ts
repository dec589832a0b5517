/** A length of time in milliseconds. */
export type Duration = number;

export const SECOND: Duration = 1_000;
export const MINUTE: Duration = 60 * SECOND;
export const HOUR: Duration = 60 * MINUTE;
export const DAY: Duration = 24 * HOUR;

const units: Readonly<Record<string, Duration>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

/** A century: longer than any sensible threshold, and far from where date arithmetic loses precision. */
export const longestDuration: Duration = 36_525 * DAY;

/** Reads `45d`, `12h`, `30m`, `10s` or `2w` (whole numbers up to a century); undefined for anything else. */
export function parseDuration(text: string): Duration | undefined {
  const [, count, unit] = /^(\d{1,10})([smhdw])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const duration = Number(count) * (units[unit] ?? Number.NaN);
  return duration <= longestDuration ? duration : undefined;
}

/** The shortest exact form that {@link parseDuration} reads back: `45d`, `12h`, `90m`. Takes whole seconds. */
export function formatDuration(duration: Duration): string {
  for (const [unit, length] of [
    ['d', DAY],
    ['h', HOUR],
    ['m', MINUTE],
  ] as const) {
    if (duration % length === 0) return `${duration / length}${unit}`;
  }
  return `${Math.floor(duration / SECOND)}s`;
}

/** A duration as people say it, rounded down: `120 days`, `5 hours`, `1 minute`, `25 seconds`. Negative ones count as none. */
export function describeDuration(duration: Duration): string {
  if (duration >= 2 * DAY) return plural(Math.floor(duration / DAY), 'day');
  if (duration >= HOUR) return plural(Math.floor(duration / HOUR), 'hour');
  if (duration >= MINUTE) return plural(Math.floor(duration / MINUTE), 'minute');
  return plural(Math.max(0, Math.floor(duration / SECOND)), 'second');
}

/** A threshold as written next to a count of days: `45` for whole days, `60h` otherwise. */
export function describeLimit(limit: Duration): string {
  return limit % DAY === 0 ? String(limit / DAY) : formatDuration(limit);
}

/** Days with two decimals, rounded down, for evidence. */
export function inDays(duration: Duration): number {
  return Math.floor((duration / DAY) * 100) / 100;
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
