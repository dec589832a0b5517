import type { LiveRead, ReadProblem } from '../core/ports.ts';
import { problemOf } from './errors.ts';

/** Runs one read; an error becomes a problem of that read alone. */
export async function liveRead<T>(action: string, read: () => Promise<T>): Promise<LiveRead<T>> {
  try {
    return { ok: true, value: await read() };
  } catch (error) {
    if (error instanceof UnexpectedAnswer) return { ok: false, problem: unexpected(action, error.message) };
    return { ok: false, problem: problemOf(error, action) };
  }
}

/** AWS answered with something that must not be interpreted by guessing. */
export class UnexpectedAnswer extends Error {}

function unexpected(action: string, what: string): ReadProblem {
  return { code: 'unexpected', message: `AwsAnswerUnexpected: ${action} returned an unexpected answer: ${what}` };
}

/** `value`, which AWS must have sent. Throws UnexpectedAnswer otherwise. */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new UnexpectedAnswer(`${name} is missing`);
  return value;
}

/** A date that AWS must have sent. */
export function requiredDate(value: Date | undefined, name: string): Date {
  const date = required(value, name);
  if (Number.isNaN(date.getTime())) throw new UnexpectedAnswer(`${name} is not a date`);
  return date;
}

/** One page of a list that AWS may split anywhere: a page may be short, or empty, and still not be the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}

/**
 * Yields the items of every page. `fetchPage` gets the Marker of the previous page. Throws UnexpectedAnswer if a
 * truncated page has no Marker, or a repeated one: the list would never end.
 */
export async function* everyPage<T>(
  fetchPage: (marker: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<readonly T[]> {
  const seen = new Set<string>();
  let marker: string | undefined;
  for (;;) {
    const page = await fetchPage(marker);
    yield page.items;
    if (!page.IsTruncated) return;
    marker = required(page.Marker, 'the Marker of a truncated page');
    if (seen.has(marker)) throw new UnexpectedAnswer('a Marker was repeated');
    seen.add(marker);
  }
}
