import { KeysweepError } from '../error.ts';

/** Where in the report something is wrong. */
export interface ReportPosition {
  /** From 1; the header is line 1. */
  readonly line: number;
  /** Number of the field in its line, from 1. */
  readonly column: number;
  /** Name of the column, if there is a header. */
  readonly columnName?: string;
}

/** The credential report cannot be read. Nothing in it is judged, and nothing is done because of it. */
export class ReportError extends KeysweepError {
  readonly position: ReportPosition;

  constructor(
    position: ReportPosition,
    problem: string,
    details: { readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    const { line, column, columnName } = position;
    const place = `line ${line}, column ${column}${columnName === undefined ? '' : ` (${columnName})`}`;
    super('ReportInvalid', `credential report, ${place}: ${problem}`, { hint: defaultHint, ...details });
    this.position = position;
  }
}

const defaultHint =
  'Fetch the report again (aws iam generate-credential-report; aws iam get-credential-report) and pass it unchanged.';

/** What was found, safe to print and short. */
export function quote(found: string): string {
  return found.length > 60 ? `${JSON.stringify(found.slice(0, 57))}...` : JSON.stringify(found);
}
