/** Readers of option values. Each throws commander's InvalidArgumentError, which commander prints beside the option. */
import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../core/duration.ts';
import type { Duration } from '../core/model.ts';

const instant =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** ISO 8601 with a zone, such as `2026-11-22T02:30:00Z` or `2026-11-22T03:30+01:00`. */
export function readInstant(text: string): Date {
  const [, year, month, day] = instant.exec(text) ?? [];
  const time = new Date(text);
  // JavaScript reads 30 February as 2 March.
  const exists = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  if (year === undefined || Number.isNaN(time.getTime()) || !exists) {
    throw new InvalidArgumentError('Give a time in ISO 8601 with its zone, such as 2026-11-22T02:30:00Z.');
  }
  return time;
}

/** A length of time such as `5m`, not 0. */
export function readDuration(text: string): Duration {
  const duration = parseDuration(text);
  if (duration === undefined || duration === 0) {
    throw new InvalidArgumentError('Give a whole number with a unit (s, m, h, d, w), such as 90s or 5m.');
  }
  return duration;
}

/** A TCP port; 0 lets the system choose. */
export function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError('Give a port from 0 to 65535; 0 takes any free one.');
  return port;
}

/** A number of nights, from 1 to 3660. */
export function readNights(text: string): number {
  const nights = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(nights >= 1 && nights <= 3660)) throw new InvalidArgumentError('Give a number of nights from 1 to 3660.');
  return nights;
}

/** An absolute http or https URL. */
export function readUrl(text: string): string {
  const isUrl = /^https?:\/\//i.test(text) && URL.canParse(text);
  if (!isUrl) throw new InvalidArgumentError('Give an http or https URL, such as http://127.0.0.1:4566.');
  return text;
}
