/** How the lines of a report are laid out, and by which program they were rewritten: seen before the CSV is parsed. */
import { requiredColumns } from './columns.ts';
import { fetchAgain, quote, ReportError } from './report-error.ts';

const keepOriginal = 'A spreadsheet may have saved it. Pass the original report, unchanged.';

/**
 * Refuses text whose first line, blank ones aside, is not a header with commas. The parser of the CSV would describe such
 * text in its own words, and quote it.
 * @throws ReportError
 */
export function refuseOtherLayout(text: string): void {
  refuseLineEnds(text);
  const lines = text.split(/\r?\n/);
  const first = lines.findIndex((line) => !isBlank(line));
  const firstLine = lines[first] ?? '';
  const at = lines.findIndex(isHeaderLine);
  const header = lines[at];
  if (header === undefined) refuseHeaderless(firstLine, lines);
  refuseSeparator(separatorOfHeader(header));
  if (/^\W*"\w+,\w+/.test(header)) refuse('every line is in quotes, as if it were one field', keepOriginal);
  if (/^\W*'\w+'/.test(header)) refuse('the fields are in single quotes', keepOriginal);
  if (at !== first)
    refuse(`the header is on line ${at + 1}, below ${quote(firstLine.trim())}`, 'Delete what is above the header.');
}

/** Whether the header separates its names by a comma and blanks, as no program of AWS does. */
export function isSpaced(text: string): boolean {
  const header = text.split(/\r?\n/).find(isHeaderLine) ?? '';
  return /,[ \t]/.test(header);
}

/** A line without anything in it says nothing; spreadsheets leave lines of separators alone. */
function isBlank(line: string): boolean {
  return /^[\s,;"']*$/.test(line);
}

function refuseLineEnds(text: string): void {
  if (/\r\r\n/.test(text)) refuse('the lines end with CR CR LF: line ends were converted twice', keepOriginal);
  if (/\r(?!\n)/.test(text) && !text.includes('\n')) {
    refuse('the lines end with CR alone', 'Convert the line ends: tr "\\r" "\\n" < FILE | keysweep audit --report -');
  }
}

function refuseHeaderless(firstLine: string, lines: readonly string[]): never {
  const row = lines.find((line) => separatorOfRow(line) !== undefined);
  if (row !== undefined) refuseSeparator(separatorOfRow(row) ?? ',');
  if (row === firstLine) {
    refuse('the header is missing: the first line is already a row', 'Pass the report unchanged, with its header.');
  }
  const begins = `it begins with ${quote(firstLine.trim())}`;
  if (row !== undefined) refuse(`the header of a credential report is missing; ${begins}`, keepOriginal);
  refuse(`the file is not a credential report; ${begins}`);
}

const required: ReadonlySet<string> = new Set(requiredColumns);

/** The names of three columns are no coincidence, even if another one is missing. */
function isHeaderLine(line: string): boolean {
  const names = line.toLowerCase().match(/\w+/g) ?? [];
  return new Set(names.filter((name) => required.has(name))).size >= 3;
}

/** What stands between two neighbouring names, quotes and blanks aside. */
function separatorOfHeader(header: string): string {
  const words = [...header.matchAll(/\w+/g)];
  const isName = (word: RegExpMatchArray | undefined) => word !== undefined && required.has(word[0].toLowerCase());
  const at = words.findIndex((word, index) => isName(word) && isName(words[index + 1]));
  const [left, right] = [words[at], words[at + 1]];
  if (left === undefined || right === undefined) return ',';
  return header.slice(left.index + left[0].length, right.index).replace(/["' ]/g, '');
}

/** The separator of a row; undefined if it is none, but prose with an ARN in it, such as an error message. */
function separatorOfRow(line: string): string | undefined {
  const arn = /arn:aws[\w-]*:iam::\d{12}:(?:root|user\/)/.exec(line);
  if (arn === null) return undefined;
  const before = line
    .slice(0, arn.index)
    .replace(/["' ]+$/, '')
    .at(-1);
  const separator = before ?? /T\d\d:\d\d:\d\d(?:Z|\+00:00)["' ]*(.)/.exec(line)?.[1];
  const isRepeated = separator !== undefined && /[^\w ]/.test(separator) && line.split(separator).length > 10;
  return isRepeated ? separator : undefined;
}

function refuseSeparator(separator: string): void {
  if (separator === ',') return;
  const names: Readonly<Record<string, string>> = { ';': 'semicolons', '\t': 'tabs', '': 'blanks' };
  refuse(`the fields are separated by ${names[separator] ?? quote(separator)}, not by commas`, keepOriginal);
}

function refuse(problem: string, hint = fetchAgain): never {
  throw new ReportError(undefined, problem, { hint });
}
