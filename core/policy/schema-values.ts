/** The kinds of values in keysweep.yaml: what each may be, and the message if it is not. */
import { z } from 'zod';
import { formatDuration, parseDuration } from '../duration.ts';
import type { Duration } from '../model.ts';

const durationPattern = /^\d{1,10}[smhdw]$/;

/** One for each common unit, the longest first. */
const exampleDurations = ['45d', '8w', '12h', '30m'];

export function duration(description: string, byDefault?: Duration, shortest: Duration = 0) {
  const least = shortest === 0 ? '' : ` of ${formatDuration(shortest)} or more`;
  const expected = `a duration${least} such as ${examplesAbove(shortest)}`;
  const bounded = shortest === 0 ? description : `${description} At least ${formatDuration(shortest)}.`;
  return z
    .string({ error: `expected ${expected}` })
    .regex(durationPattern, { error: `expected ${expected}` })
    .transform((text, context) => {
      const value = parseDuration(text);
      if (value !== undefined && value >= shortest) return value;
      const most = value === undefined ? ', at most a century' : '';
      context.issues.push({ code: 'custom', message: `expected ${expected}${most}`, input: text });
      return z.NEVER;
    })
    .meta({ description: byDefault === undefined ? bounded : withDefault(bounded, formatDuration(byDefault)) });
}

/** `45d, 8w, 12h or 30m`, as far as they are allowed. */
function examplesAbove(shortest: Duration): string {
  const allowed = exampleDurations.filter((text) => (parseDuration(text) ?? 0) >= shortest);
  return [allowed.slice(0, -1).join(', '), ...allowed.slice(-1)].join(' or ');
}

/** Defaults are in the description: JSON Schema has no place for one on a transformed value. */
export function withDefault(description: string, byDefault: string): string {
  return `${description} Default: ${byDefault}.`;
}

export function oneOf<const T extends readonly string[]>(values: T, description: string) {
  return z.enum(values, { error: `expected one of ${values.join(', ')}` }).meta({ description });
}

export function text(expected: string, pattern: RegExp, description: string) {
  return (
    z
      .string({ error: `expected ${expected}` })
      // What follows would say the same of a text that does not even look right.
      .regex(pattern, { error: `expected ${expected}`, abort: true })
      .meta({ description })
  );
}

export function date(description: string) {
  return text('a date such as 2027-06-30', /^\d{4}-\d\d-\d\d$/, description).refine(isDate, {
    error: 'expected a valid date, such as 2027-06-30',
  });
}

export function isDate(candidate: string): boolean {
  const value = new Date(`${candidate}T00:00:00Z`);
  return !Number.isNaN(value.getTime()) && value.toISOString().startsWith(candidate);
}

/** A text checked by `judge`: undefined if it is allowed, otherwise what is expected instead. */
export function judged(expected: string, judge: (text: string) => string | undefined, description: string, width = 0) {
  return z
    .string({ error: ({ input }) => `expected ${expected}${inQuotes(input, width)}` })
    .superRefine((text, context) => {
      const problem = judge(text);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    })
    .meta({ description });
}

/** YAML does not read `4711` and `true` as strings, and drops leading zeros: `width` restores them. */
function inQuotes(found: unknown, width: number): string {
  if (typeof found !== 'number' && typeof found !== 'boolean') return '';
  return `; write ${JSON.stringify(String(found).padStart(typeof found === 'number' ? width : 0, '0'))}, in quotes`;
}

export const timezone = (description: string) =>
  z
    .string({ error: 'expected an IANA time zone such as Europe/Berlin' })
    .refine(isTimezone, { error: 'expected an IANA time zone such as Europe/Berlin' })
    .meta({ description: withDefault(description, 'UTC') });

function isTimezone(name: string): boolean {
  try {
    // Offsets such as +01:00 are fine for Intl but not for EventBridge Scheduler.
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

export const cap = (description: string, byDefault: number) =>
  z
    .union(
      [
        z
          .int()
          .min(0)
          .transform((count) => ({ count })),
        z
          .string()
          .regex(/^(100|\d{1,2})%$/)
          .transform((percent) => ({ percent: Number.parseInt(percent, 10) })),
      ],
      { error: 'expected a whole number such as 10, or a percentage such as 5%' },
    )
    .meta({ description: withDefault(description, String(byDefault)) });
