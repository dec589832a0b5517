/** Reads one row of a credential report. */
import type { ReportColumn } from './columns.ts';
import { readFlag, readText, readTime } from './field.ts';
import { type Header, positionOf } from './header.ts';
import type { Line } from './lines.ts';
import { quote, ReportError } from './report-error.ts';
import {
  type CredentialReport,
  type ReportedAccessKey,
  type ReportedCertificate,
  type ReportRow,
  rootUserName,
} from './types.ts';

/** Whose row it is. */
export interface RowIdentity extends Pick<ReportRow, 'line' | 'user' | 'arn'> {
  readonly account: CredentialReport['account'];
}

/**
 * Whose row it is, from user and ARN, which must agree. Every change rests on it, and a row that cannot be assigned may be
 * the second one of any user.
 *
 * @throws ReportError if that cannot be determined
 */
export function readIdentity(header: Header, { line, fields }: Line): RowIdentity {
  const [user, arn] = [fieldOf(header, fields, 'user'), fieldOf(header, fields, 'arn')];
  if (user === '') throw new ReportError(positionOf(header, line, 'user'), 'found "", expected a user name');
  const [, partition, id, resource] = /^arn:(aws[a-z0-9-]*):iam::(\d{12}):(root|user\/.+)$/.exec(arn) ?? [];
  const fits =
    user === rootUserName ? resource === 'root' : resource?.startsWith('user/') && resource.endsWith(`/${user}`);
  if (partition === undefined || id === undefined || !fits) {
    throw new ReportError(positionOf(header, line, 'arn'), `found ${quote(arn)}, expected the ARN of ${quote(user)}`);
  }
  return { line, user, arn, account: { id, partition } };
}

/**
 * The row's facts.
 * @throws ReportError for a wrong number of fields, or a value that the column cannot have
 */
export function readRow(header: Header, { line, fields }: Line): ReportRow {
  if (fields.length !== header.names.length) {
    throw new ReportError(
      { line, column: Math.min(fields.length, header.names.length) + 1 },
      `found ${fields.length} fields where the header has ${header.names.length}`,
    );
  }
  const raw = (name: string) => fieldOf(header, fields, name);
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
    user: raw('user'),
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

function fieldOf(header: Header, fields: readonly string[], name: string): string {
  return fields[header.position.get(name) ?? -1] ?? '';
}
