import { KeysweepError, messageOf } from '../core/error.ts';

/** Structured logging for the functions; implemented by the Logger of Powertools. */
export interface RunLog {
  info(message: string, facts: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts: Readonly<Record<string, unknown>>): void;
  error(message: string, facts: Readonly<Record<string, unknown>>): void;
}

/** What may be logged about an error. Its cause may not: errors of the SDK can contain parts of a signed request. */
export function describeFailure(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof KeysweepError)) return { message: messageOf(error) };
  const { code, message, hint } = error;
  return { code, message, hint };
}
