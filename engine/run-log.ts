import { KeysweepError, messageOf } from '../core/error.ts';

/** Structured logging as the functions need it; Powertools' Logger fits. */
export interface RunLog {
  info(message: string, facts: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts: Readonly<Record<string, unknown>>): void;
  error(message: string, facts: Readonly<Record<string, unknown>>): void;
}

/** What may be logged of an error. Its cause may not: the SDK's errors can hold parts of a signed request. */
export function describeFailure(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof KeysweepError)) return { message: messageOf(error) };
  const { code, message, hint } = error;
  return { code, message, hint };
}
