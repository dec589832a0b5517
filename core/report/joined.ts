/** Rows that are more than one row: of files that were joined, or swallowed by a quote. */
import { type Header, isHeader, recognizedName } from './header.ts';
import type { Line } from './lines.ts';
import { ReportError } from './report-error.ts';

/**
 * Refuses rows in which others may be hidden: their users would seem to be deleted.
 * @throws ReportError
 */
export function refuseJoined(header: Header, rows: readonly Line[]): void {
  for (const { line, fields } of rows) {
    if (isHeader(fields)) {
      const column = fields.findIndex((field) => recognizedName(field) !== undefined) + 1;
      refuse(line, column, 'the header appears again: two reports were joined into one file');
    }
    const isOfHeader = fields.length === header.names.length;
    const broken = fields.findIndex(
      (field, index) => /[\r\n]/.test(field) && !(isOfHeader && isNote(header, index, field)),
    );
    if (broken >= 0) {
      const problem =
        'the field contains a line end: a quote is missing or too many, and rows may be part of the field';
      throw new ReportError({ line, column: broken + 1 }, problem);
    }
    const arns = fields.flatMap((field, index) => (principalArn.test(field) ? index : []));
    if (!isOfHeader && arns.length > 1) {
      refuse(line, (arns[1] ?? 0) + 1, 'a second row begins on this line: the line end between them is missing');
    }
  }
}

/** A text of several lines in a column that is not of AWS, if no row is in it. */
function isNote({ names, otherNames }: Header, index: number, field: string): boolean {
  return otherNames.includes(names[index] ?? '') && !principalArn.test(field);
}

/** Anywhere in a field: behind the last field of the row before, where the ARN is the first column. */
const principalArn = /arn:aws[\w-]*:iam::\d{12}:(?:root$|user\/)/;

function refuse(line: number, column: number, problem: string): never {
  throw new ReportError({ line, column }, problem, { hint: 'Audit each report alone.' });
}
