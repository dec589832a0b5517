/** Credential reports as files, for tests of the command line. */

const header =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,' +
  'mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,' +
  'access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,' +
  'access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,' +
  'cert_2_last_rotated';

const noSecondKey = 'false,N/A,N/A,N/A,N/A,false,N/A,false,N/A';

const rootRow =
  '<root_account>,arn:aws:iam::123456789012:root,2019-01-01T00:00:00Z,true,2020-01-01T00:00:00Z,2019-01-01T00:00:00Z,' +
  `not_supported,true,false,N/A,N/A,N/A,N/A,${noSecondKey}`;

/** The moment that the reports below are meant for. */
export const savedReportTime = '2026-11-22T02:30:00Z';

/** A user with one active key, made in 2026-11, last used at `lastUsed`. */
export function savedUser(name: string, lastUsed: string, created = '2026-11-01T00:00:00Z'): string {
  const cell = /[",]/.test(name) ? `"${name}"` : name;
  const arn = `arn:aws:iam::123456789012:user/${name}`;
  const arnCell = /[",]/.test(arn) ? `"${arn}"` : arn;
  return `${cell},${arnCell},2024-01-01T00:00:00Z,false,N/A,N/A,N/A,false,true,${created},${lastUsed},us-east-1,s3,${noSecondKey}`;
}

/** A report of a quiet root user and these users. */
export function savedReport(...users: readonly string[]): string {
  return [header, rootRow, ...users].join('\n');
}

/** Nothing to find at {@link savedReportTime}. */
export const cleanReport = savedReport(savedUser('bob', '2026-11-21T12:00:00Z'));

/** One finding at {@link savedReportTime}: a key that is idle for 63 days, of high severity. */
export const staleReport = savedReport(savedUser('alice', '2026-09-20T02:30:00Z', '2026-09-10T00:00:00Z'));
