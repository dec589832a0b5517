import { CsvError, type Info, parse as parseCsv } from 'csv-parse/sync';
import { given } from '../given.ts';
import { additionalCredentialsColumn, type ReportColumn, requiredColumns } from './columns.ts';
import { decodeReport } from './decode.ts';
import { readFlag, readText, readTime } from './field.ts';
import { quote, ReportError } from './report-error.ts';
import {
  type CredentialReport,
  type ReportedAccessKey,
  type ReportedCertificate,
  type ReportRow,
  rootUserName,
} from './types.ts';

/**
 * Parses the bytes of an IAM credential report.
 *
 * Columns are found by their header name, in any order; unknown ones are kept. A BOM, CRLF, a missing newline at the
 * end and quoted commas are fine. Anything else that is unusual is an error: a report is read in full or not at all.
 *
 * @throws ReportError with line and column: not CSV text, a missing or duplicate column, a wrong number of fields, a value
 *   that the column cannot have, a user listed twice, ARNs of two accounts, no rows below the header.
 */
export function parseReport(content: Uint8Array): CredentialReport {
  const [header, ...lines] = readLines(decodeReport(content));
  if (header === undefined) throw new ReportError({ line: 1, column: 1 }, 'the file is empty');
  const columns = readHeader(header);
  const rows = lines.map((line) => readRow(columns, line));
  const [first] = rows;
  if (first === undefined) {
    throw new ReportError(
      { line: header.line + 1, column: 1 },
      'there is a header but no row; every account has at least a root user',
    );
  }
  const account = readAccount(columns, rows, first);
  refuseDuplicates(columns, rows);
  const root = rows.find((row) => row.user === rootUserName);
  const users = rows.filter((row) => row !== root);
  return { account, ...given({ root }), users };
}

/** What the report says about keys or certificates of the row's user beyond those in its slots; undefined: nothing. */
export function additionalCredentials(row: ReportRow): string | undefined {
  const info = row.otherColumns[additionalCredentialsColumn]?.trim() ?? '';
  const isNone = ['', 'n/a', 'no_information', 'not_supported', 'false', '0'].includes(info.toLowerCase());
  return isNone ? undefined : info;
}

interface Line {
  readonly line: number;
  readonly fields: readonly string[];
}

function readLines(text: string): Line[] {
  try {
    const parsed = parseCsv(text, {
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n'],
    });
    return (parsed as unknown as { record: string[]; info: Info }[]).map(({ record, info }) => ({
      line: info.lines,
      fields: record,
    }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = typeof cause.lines === 'number' ? cause.lines : 1;
    const problem =
      cause.code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is never closed; the file may be truncated' : cause.message;
    throw new ReportError({ line, column: Number(cause.column ?? 0) + 1 }, problem, { cause });
  }
}

/** The header: column names in the order of the file. */
interface Header {
  readonly names: readonly string[];
  readonly position: ReadonlyMap<string, number>;
  readonly otherNames: readonly string[];
}

function readHeader({ line, fields }: Line): Header {
  const position = new Map<string, number>();
  for (const [index, name] of fields.entries()) {
    if (position.has(name)) {
      throw new ReportError(
        { line, column: index + 1, columnName: name },
        `the column appears twice, first as column ${Number(position.get(name)) + 1}`,
      );
    }
    position.set(name, index);
  }
  const missing = requiredColumns.filter((name) => !position.has(name));
  if (missing.length > 0) {
    const found = fields.length <= 1 ? `; the first line is ${quote(fields[0] ?? '')}` : '';
    throw new ReportError(
      { line, column: fields.length + 1 },
      `required column${missing.length === 1 ? '' : 's'} missing: ${missing.join(', ')}${found}`,
    );
  }
  const required: readonly string[] = requiredColumns;
  return { names: fields, position, otherNames: fields.filter((name) => !required.includes(name)) };
}

function readRow(header: Header, { line, fields }: Line): ReportRow {
  if (fields.length !== header.names.length) {
    throw new ReportError(
      { line, column: Math.min(fields.length, header.names.length) + 1 },
      `found ${fields.length} fields where the header has ${header.names.length}; the file may be truncated`,
    );
  }
  const raw = (name: string) => fields[header.position.get(name) ?? -1] ?? '';
  const read = <T>(name: ReportColumn, reader: (text: string) => T | undefined, expected: string): T => {
    const text = raw(name);
    const value = reader(text);
    if (value === undefined) {
      throw new ReportError(positionOf(header, line, name), `found ${quote(text)}, expected ${expected}`);
    }
    return value;
  };
  const flag = (name: ReportColumn) => read(name, readFlag, 'true, false, N/A, no_information or not_supported');
  const time = (name: ReportColumn) =>
    read(name, readTime, 'a time such as 2026-09-11T13:14:52Z, N/A, no_information or not_supported');
  const text = (name: ReportColumn) => read(name, readText, 'text');
  const accessKey = <S extends 1 | 2>(slot: S): ReportedAccessKey => ({
    slot,
    active: flag(`access_key_${slot}_active`),
    lastRotated: time(`access_key_${slot}_last_rotated`),
    lastUsed: time(`access_key_${slot}_last_used_date`),
    lastUsedRegion: text(`access_key_${slot}_last_used_region`),
    lastUsedService: text(`access_key_${slot}_last_used_service`),
  });
  const certificate = (slot: 1 | 2): ReportedCertificate => ({
    slot,
    active: flag(`cert_${slot}_active`),
    lastRotated: time(`cert_${slot}_last_rotated`),
  });
  return {
    line,
    user: read('user', (name) => (name === '' ? undefined : name), 'a user name'),
    arn: raw('arn'),
    createdAt: time('user_creation_time'),
    passwordEnabled: flag('password_enabled'),
    passwordLastUsed: time('password_last_used'),
    passwordLastChanged: time('password_last_changed'),
    passwordNextRotation: time('password_next_rotation'),
    mfaActive: flag('mfa_active'),
    accessKeys: [accessKey(1), accessKey(2)],
    certificates: [certificate(1), certificate(2)],
    otherColumns: Object.fromEntries(header.otherNames.map((name) => [name, raw(name)])),
  };
}

/** The one account of all rows. Later changes rest on the ARNs, so each must be that of its user. */
function readAccount(header: Header, rows: readonly ReportRow[], first: ReportRow): CredentialReport['account'] {
  const account = readArn(header, first);
  for (const row of rows) {
    const { id, partition } = readArn(header, row);
    if (id !== account.id || partition !== account.partition) {
      throw new ReportError(
        positionOf(header, row.line, 'arn'),
        `found account ${id} (${partition}), but line ${first.line} belongs to account ${account.id} (${account.partition})`,
        { hint: 'A credential report covers one account. Audit each account with its own report.' },
      );
    }
  }
  return account;
}

function readArn(header: Header, { arn, user, line }: ReportRow): CredentialReport['account'] {
  const [, partition, id, resource] = /^arn:(aws[a-z0-9-]*):iam::(\d{12}):(root|user\/.+)$/.exec(arn) ?? [];
  const fits =
    user === rootUserName ? resource === 'root' : resource?.startsWith('user/') && resource.endsWith(`/${user}`);
  if (partition === undefined || id === undefined || !fits) {
    throw new ReportError(positionOf(header, line, 'arn'), `found ${quote(arn)}, expected the ARN of ${quote(user)}`);
  }
  return { id, partition };
}

function refuseDuplicates(header: Header, rows: readonly ReportRow[]): void {
  const seen = new Map<string, number>();
  for (const { user, line } of rows) {
    // IAM user names are unique without regard to case.
    const key = user.toLowerCase();
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      throw new ReportError(
        positionOf(header, line, 'user'),
        `user ${quote(user)} appears twice, first on line ${earlier}`,
      );
    }
    seen.set(key, line);
  }
}

function positionOf(header: Header, line: number, columnName: ReportColumn) {
  return { line, column: (header.position.get(columnName) ?? -1) + 1, columnName };
}
