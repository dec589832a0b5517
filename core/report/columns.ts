/**
 * The columns of the IAM credential report, by header name.
 * Source: IAM User Guide, "Understanding the report format"; live reports of 2026 have the 22 required ones.
 */
const passwordColumns = [
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
] as const;

const keyColumns = [
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_1_last_used_date',
  'access_key_1_last_used_region',
  'access_key_1_last_used_service',
  'access_key_2_active',
  'access_key_2_last_rotated',
  'access_key_2_last_used_date',
  'access_key_2_last_used_region',
  'access_key_2_last_used_service',
] as const;

const certificateColumns = ['cert_1_active', 'cert_1_last_rotated', 'cert_2_active', 'cert_2_last_rotated'] as const;

export const requiredColumns = [
  'user',
  'arn',
  'user_creation_time',
  ...passwordColumns,
  ...keyColumns,
  ...certificateColumns,
] as const;

export type ReportColumn = (typeof requiredColumns)[number];

/** Documented, but not yet seen in a live report: marks users with more than two keys or certificates. */
export const additionalCredentialsColumn = 'additional_credentials_info';
