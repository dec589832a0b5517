/** Writes credential reports as AWS does, from the few fields that a test cares about. */
import { requiredColumns } from '../../core/report/columns.ts';

/** Column name to text. */
export type Row = Readonly<Record<string, string>>;

export const account = '123456789012';

const blank: Row = {
  ...Object.fromEntries(requiredColumns.map((column) => [column, 'N/A'])),
  user_creation_time: '2020-01-01T00:00:00Z',
  password_enabled: 'false',
  mfa_active: 'false',
  access_key_1_active: 'false',
  access_key_2_active: 'false',
  cert_1_active: 'false',
  cert_2_active: 'false',
};

/** An IAM user, without credentials by default. */
export function userRow(user: string, fields: Row = {}, path = '/'): Row {
  return { ...blank, user, arn: `arn:aws:iam::${account}:user${path}${user}`, ...fields };
}

/** The root user as live reports show it: password, MFA, no key. */
export function rootRow(fields: Row = {}): Row {
  return {
    ...blank,
    user: '<root_account>',
    arn: `arn:aws:iam::${account}:root`,
    password_enabled: 'true',
    password_next_rotation: 'not_supported',
    mfa_active: 'true',
    ...fields,
  };
}

/** The fields of an access key. */
export function keyFields(
  slot: 1 | 2,
  { active = true, created, lastUsed = 'N/A' }: { active?: boolean; created: string; lastUsed?: string },
): Row {
  const used = lastUsed !== 'N/A';
  return {
    [`access_key_${slot}_active`]: String(active),
    [`access_key_${slot}_last_rotated`]: created,
    [`access_key_${slot}_last_used_date`]: lastUsed,
    [`access_key_${slot}_last_used_region`]: used ? 'eu-central-1' : 'N/A',
    [`access_key_${slot}_last_used_service`]: used ? 's3' : 'N/A',
  };
}

/** The fields of a console password. */
export function passwordFields({
  lastUsed = 'no_information',
  lastChanged = '2020-01-01T00:00:00Z',
  mfa = true,
} = {}): Row {
  return {
    password_enabled: 'true',
    password_last_used: lastUsed,
    password_last_changed: lastChanged,
    mfa_active: String(mfa),
  };
}

/** The text of a report: LF, no newline at the end, as live reports are. */
export function reportText(rows: readonly Row[], columns: readonly string[] = requiredColumns): string {
  return [columns.map(quoted), ...rows.map((row) => columns.map((column) => quoted(row[column] ?? '')))]
    .map((fields) => fields.join(','))
    .join('\n');
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function reportBytes(rows: readonly Row[], columns?: readonly string[]): Uint8Array {
  return bytes(reportText(rows, columns));
}

/** An ISO time to the second, as AWS writes it. */
export function awsTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
