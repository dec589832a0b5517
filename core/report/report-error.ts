import { KeysweepError } from '../error.ts';
import { withoutSecrets } from '../secrets.ts';

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
  /** Absent if the file as a whole is something else. */
  readonly position: ReportPosition | undefined;
  /** What is wrong there, without the place. */
  readonly problem: string;

  constructor(
    position: ReportPosition | undefined,
    problem: string,
    details: { readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    const place = position === undefined ? '' : `, ${describePosition(position)}`;
    super('ReportInvalid', `credential report${place}: ${problem}`, { hint: fetchAgain, ...details });
    this.position = position;
    this.problem = problem;
  }
}

/** `line 4, column 9 (access_key_1_active)`. */
export function describePosition({ line, column, columnName }: ReportPosition): string {
  return `line ${line}, column ${column}${columnName === undefined ? '' : ` (${columnName})`}`;
}

/** What to do about a file that is no credential report, or a damaged one. */
export const fetchAgain =
  'Fetch it again, and pass the file unchanged: aws iam generate-credential-report; aws iam get-credential-report > report.json';

/** What was found, safe to print and short. The file may be any, also one that contains secrets. */
export function quote(found: string): string {
  const shown = withoutSecrets(found);
  return shown.length > 60 ? `${JSON.stringify(shown.slice(0, 57))}...` : JSON.stringify(shown);
}
