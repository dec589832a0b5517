import { given } from '../given.ts';
import { additionalCredentialsColumn } from './columns.ts';
import { believedAge } from './generated-time.ts';
import { type Header, positionOf, readHeader } from './header.ts';
import { refuseJoined } from './joined.ts';
import { refuseOtherLayout } from './layout.ts';
import { type Line, readLines } from './lines.ts';
import { openReport } from './open.ts';
import { describePosition, ReportError } from './report-error.ts';
import { type RowIdentity, readIdentity, readRow } from './row.ts';
import { type CredentialReport, type ReportRow, rootUserName, type UnreadableRow } from './types.ts';

/**
 * Parses the bytes of an IAM credential report, or of a file that contains one; see {@link openReport}.
 *
 * Columns are found by their header name, in any order; unknown ones are kept. CRLF, a missing newline at the end and quoted
 * commas are fine. A damaged or repeated row makes its principal unreadable; the others are read (decision 0045). Blank
 * rows are skipped.
 *
 * @throws ReportError if the whole cannot be relied on: not a credential report, a missing or duplicate column, a row of
 *   unknown identity, ARNs of two accounts, files that were joined, a file that was cut off, no row, no readable row
 */
export function parseReport(content: Uint8Array): CredentialReport {
  const { text, ...age } = openReport(content);
  refuseOtherLayout(text);
  const [first, ...lines] = readLines(text);
  if (first === undefined) throw new ReportError(undefined, 'the file is empty');
  const header = readHeader(first);
  refuseJoined(header, lines);
  const rows = lines.map((line) => tryRow(header, line));
  const [firstRow] = rows;
  if (firstRow === undefined) {
    throw new ReportError(
      { line: first.line + 1, column: 1 },
      'there is a header but no row; every account has at least one user',
    );
  }
  refuseOtherAccounts(header, rows, firstRow);
  const principals = groupByUser(rows);
  refuseRepeated(principals.filter(({ lines }) => lines.length > 1).length, principals.length);
  const readable = principals.flatMap(({ row }) => row ?? []);
  const unreadable = principals.flatMap((one) => one.unreadable ?? []);
  refuseIfNoneReadable(readable, rows);
  const root = readable.find(({ user }) => user === rootUserName);
  return {
    account: firstRow.identity.account,
    ...given({ root }),
    ...believedAge(age, readable),
    users: readable.filter((row) => row !== root),
    unreadable,
  };
}

/** What the report says about keys or certificates of the row's user beyond those in its slots; undefined: nothing. */
export function additionalCredentials(row: ReportRow): string | undefined {
  const info = row.otherColumns[additionalCredentialsColumn]?.trim() ?? '';
  return noCredentials.has(info.toLowerCase()) ? undefined : info;
}

/** The words of AWS for nothing, and what programs write that read and write the report. */
const noCredentials: ReadonlySet<string> = new Set(
  ['', 'n/a', 'no_information', 'not_supported', 'false', '0'].concat('none', 'null', 'nan', '[]', '{}', '-', '--'),
);

/** A row of a known principal: its facts, or why they cannot be read. */
interface TriedRow {
  readonly identity: RowIdentity;
  readonly row?: ReportRow;
  readonly error?: ReportError;
}

function tryRow(header: Header, line: Line): TriedRow {
  if (line.mayBeCut) refuseCutRow(header, line);
  const identity = readIdentity(header, line);
  try {
    return { identity, row: readRow(header, line) };
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    return { identity, error };
  }
}

/** Where one row was cut off, others may be missing, and a missing user would seem to be deleted. */
function refuseCutRow(header: Header, line: Line): void {
  const { fields } = line;
  const cut = new ReportError(
    { line: line.line, column: Math.min(fields.length, header.names.length) },
    'the file is cut off in the middle of this row: rows may be missing',
  );
  if (fields.length < header.names.length) throw cut;
  try {
    readRow(header, line);
  } catch (error) {
    if (error instanceof ReportError && error.position?.column === header.names.length) throw cut;
  }
}

function refuseOtherAccounts(header: Header, rows: readonly TriedRow[], first: TriedRow): void {
  const { account, line: firstLine } = first.identity;
  for (const { identity } of rows) {
    const { id, partition } = identity.account;
    if (id === account.id && partition === account.partition) continue;
    throw new ReportError(
      positionOf(header, identity.line, 'arn'),
      `found account ${id} (${partition}), but line ${firstLine} belongs to account ${account.id} (${account.partition})`,
      { hint: 'A credential report covers one account. Audit each account with its own report.' },
    );
  }
}

/** A repeated row stops one user. If most are repeated, the file is two reports, the second without its header. */
function refuseRepeated(repeated: number, principals: number): void {
  if (repeated < 2 || repeated * 2 <= principals) return;
  const problem = `${repeated} of ${principals} users have several rows: two reports were joined into one file`;
  throw new ReportError(undefined, problem, { hint: 'Audit each report alone.' });
}

/** One principal of the report. */
interface ReportedPrincipal {
  /** Where its rows are. */
  readonly lines: readonly number[];
  readonly row?: ReportRow;
  readonly unreadable?: UnreadableRow;
}

/** IAM user names are unique without regard to case. Of several rows none is more credible than the others. */
function groupByUser(rows: readonly TriedRow[]): readonly ReportedPrincipal[] {
  const byUser = new Map<string, [TriedRow, ...TriedRow[]]>();
  for (const row of rows) {
    const key = row.identity.user.toLowerCase();
    const earlier = byUser.get(key);
    if (earlier === undefined) byUser.set(key, [row]);
    else earlier.push(row);
  }
  return [...byUser.values()].map((group) => {
    const [{ identity, row, error }, ...others] = group;
    const { user, arn, line } = identity;
    const lines = group.map((one) => one.identity.line);
    if (others.length > 0) {
      const why = `the credential report has several rows for it, on lines ${lines.join(', ')}`;
      return { lines, unreadable: { line, user, arn, why } };
    }
    if (row !== undefined) return { lines, row };
    const why = `the credential report is damaged there: ${describeRowError(error)}`;
    return { lines, unreadable: { line, user, arn, why } };
  });
}

function describeRowError(error: ReportError | undefined): string {
  if (error?.position === undefined) return 'its row cannot be read';
  return `${describePosition(error.position)}: ${error.problem}`;
}

/** What no row can be read in was changed as a whole, by a spreadsheet for example. */
function refuseIfNoneReadable(readable: readonly ReportRow[], rows: readonly TriedRow[]): void {
  const [first] = rows.flatMap(({ error }) => error ?? []);
  if (readable.length > 0 || first === undefined) return;
  const isOfSpreadsheet = /found "\d{1,4}[./-]\d{1,2}[./-]\d{1,4}/.test(first.problem);
  if (!isOfSpreadsheet) throw first;
  throw new ReportError(first.position, `${first.problem}; a spreadsheet changed the dates`, {
    hint: 'Pass the original report, unchanged.',
  });
}
