/** The records of the CSV text. */
import { CsvError, type Info, parse as parseCsv } from 'csv-parse/sync';
import { isSpaced } from './layout.ts';
import { ReportError } from './report-error.ts';

/** One record. */
export interface Line {
  /** From 1. */
  readonly line: number;
  readonly fields: readonly string[];
  /** The text ends with it, without a line end: AWS writes none, so a row that was cut off looks the same. */
  readonly mayBeCut: boolean;
}

/**
 * All records but blank ones, which spreadsheets and editors leave: they say nothing of anyone.
 * @throws ReportError for quotes that are not those of CSV
 */
export function readLines(text: string): readonly Line[] {
  const records = parseRecords(text);
  const isEnded = /[\r\n]\s*$/.test(text);
  return records
    .map(({ record, info }, index) => ({
      line: info.lines,
      fields: record,
      mayBeCut: index === records.length - 1 && !isEnded,
    }))
    .filter(({ fields }) => fields.some((field) => field.trim() !== ''));
}

function parseRecords(text: string): readonly { readonly record: readonly string[]; readonly info: Info }[] {
  try {
    const parsed = parseCsv(text, {
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n'],
      trim: isSpaced(text),
    });
    return parsed as unknown as { record: string[]; info: Info }[];
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = typeof cause.lines === 'number' ? cause.lines : 1;
    const problem = quoteProblems[cause.code] ?? 'the line is not CSV';
    throw new ReportError({ line, column: Number(cause.column ?? 0) + 1 }, problem, { cause });
  }
}

/** The parser's own messages quote the file. */
const quoteProblems: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is never closed; the file may be cut off',
  INVALID_OPENING_QUOTE: 'there is a quote in the middle of a field',
  CSV_INVALID_CLOSING_QUOTE: 'there is text after the closing quote of a field',
};
