/** The header of a credential report, and why text is not a credential report. */
import { type ReportColumn, requiredColumns } from './columns.ts';
import { fetchAgain, quote, ReportError, type ReportPosition } from './report-error.ts';

/** One record of the CSV text. */
export interface Line {
  /** From 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** The header: column names in the order of the file. */
export interface Header {
  readonly names: readonly string[];
  readonly position: ReadonlyMap<string, number>;
  readonly otherNames: readonly string[];
}

export function positionOf(header: Header, line: number, columnName: ReportColumn): ReportPosition {
  return { line, column: (header.position.get(columnName) ?? -1) + 1, columnName };
}

const keepOriginal = 'A spreadsheet may have saved it. Pass the original report, unchanged.';

/**
 * Refuses text that is known to be something else than the CSV of AWS, by its true cause.
 * @throws ReportError
 */
export function refuseOtherText(text: string): void {
  const start = text.trimStart();
  const [firstLine = ''] = start.split(/[\r\n]/, 1);
  const cliError = /An error occurred \((\w+)\) when calling the (\w+) operation/.exec(start.slice(0, 2000));
  if (cliError !== null) {
    const [, code = '', operation = ''] = cliError;
    const hint = code.startsWith('Report')
      ? 'Run aws iam generate-credential-report until it says COMPLETE, then get-credential-report again.'
      : 'Resolve that error first, then fetch the report again.';
    refuse(`the file contains an error of the AWS CLI instead of a report: ${code} from ${operation}`, hint);
  }
  if (/^(?:None|null)\s*$/.test(start)) {
    refuse(`the file contains only the word ${start.trim()}: the answer that was saved had no Content`);
  }
  if (/^<(?:!doctype html|html|head|body)/i.test(start)) {
    refuse('the file is an HTML page, such as the login page of a proxy', 'Fetch the report again, signed in.');
  }
  if (/^<(?:\?xml|\w+Response\b)/.test(start)) refuse('the file is XML, not the CSV of a credential report');
  if (/^(?:- )?["']?(?:Content|GeneratedTime|ReportFormat)["']?: /.test(start)) {
    refuse(
      'the file is YAML, which is not read',
      'Save JSON: aws iam get-credential-report --output json > report.json',
    );
  }
  if (/^aws: |^usage: aws|^Unable to locate credentials|\bcommand not found$/.test(firstLine)) {
    refuse(`the file contains a message of the command line instead of a report: ${quote(firstLine)}`);
  }
  refuseOtherLayout(text, firstLine);
}

/** A report that a program has rewritten. */
function refuseOtherLayout(text: string, firstLine: string): void {
  const [, separator] = /^"?user"?\s*([^,\w\s"]|\t)\s*"?arn\b/.exec(firstLine) ?? [];
  if (separator !== undefined) {
    const names: Readonly<Record<string, string>> = { ';': 'semicolons', '\t': 'tabs' };
    refuse(`the fields are separated by ${names[separator] ?? quote(separator)}, not by commas`, keepOriginal);
  }
  if (/^"user,arn\b/.test(firstLine)) refuse('every line is in quotes, as if it were one field', keepOriginal);
  if (/\r\r\n/.test(text)) refuse('the lines end with CR CR LF: line ends were converted twice', keepOriginal);
  if (/\r(?!\n)/.test(text) && !text.includes('\n')) {
    refuse('the lines end with CR alone', 'Convert the line ends: tr "\\r" "\\n" < FILE | keysweep audit --report -');
  }
}

/** Reads the first line. @throws ReportError if it is not the header of a credential report */
export function readHeader({ line, fields }: Line, others: readonly Line[]): Header {
  const missing = requiredColumns.filter((name) => !fields.includes(name));
  const [firstMissing] = missing;
  if (firstMissing !== undefined) {
    if (missing.length === requiredColumns.length) refuseHeaderless(fields, others);
    const few = missing.slice(0, 3).join(', ');
    const found = `${missing.length} of ${requiredColumns.length} required columns`;
    const problem = missing.length === 1 ? `the column ${firstMissing} is missing` : `${found} are missing: ${few}`;
    const more = missing.length > 3 ? ', ...' : '';
    throw new ReportError({ line, column: fields.length + 1 }, `${problem}${more}`);
  }
  const position = new Map<string, number>();
  for (const [index, name] of fields.entries()) {
    const earlier = position.get(name);
    if (earlier !== undefined) {
      throw new ReportError(
        { line, column: index + 1, columnName: name },
        `the column appears twice, first as column ${earlier + 1}`,
      );
    }
    position.set(name, index);
  }
  const required: readonly string[] = requiredColumns;
  return { names: fields, position, otherNames: fields.filter((name) => !required.includes(name)) };
}

/** None of the columns is in the first line. */
function refuseHeaderless(fields: readonly string[], others: readonly Line[]): never {
  const first = quote(fields.join(','));
  const below = others.find((other) => isHeader(other.fields));
  if (below !== undefined) {
    refuse(`the header is on line ${below.line}, below ${first}`, 'Delete what is above the header.');
  }
  if (fields.some((field) => /^arn:aws[\w-]*:iam::\d{12}:/.test(field))) {
    refuse('the header is missing: the first line is already a row', 'Pass the report unchanged, with its header.');
  }
  refuse(`the file is not a credential report; it begins with ${first}`);
}

/** Whether a line is a header, wherever it is. */
export function isHeader(fields: readonly string[]): boolean {
  return fields.includes('user') && fields.includes('arn') && fields.includes('user_creation_time');
}

function refuse(problem: string, hint = fetchAgain): never {
  throw new ReportError(undefined, problem, { hint });
}
