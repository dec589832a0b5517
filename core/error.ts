/** Extra facts of a {@link KeysweepError}. */
export interface KeysweepErrorDetails {
  /** What the user can do about it. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * The only error class of keysweep: a problem that ends a run, with a message for people.
 *
 * Expected outcomes (a denied read of one user, say) are values, not errors; see {@link LiveRead} in ports.ts.
 */
export class KeysweepError extends Error {
  /** Stable PascalCase name of the situation, for scripts and tests: `ReportInvalid`, `PolicyInvalid`, ... */
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, details: KeysweepErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'KeysweepError';
    this.code = code;
    this.hint = details.hint;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
