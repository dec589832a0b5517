import { isoSeconds } from '../xml.ts';
import type { SandboxAccount } from './account.ts';
import type { AccessKeyRecord, CertificateRecord, UserRecord } from './records.ts';
import type { UseHistory } from './use-history.ts';

const day = 86_400_000;

const columns = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
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
  'cert_1_active',
  'cert_1_last_rotated',
  'cert_2_active',
  'cert_2_last_rotated',
];

export interface ReportFormat {
  /** The 23rd column that the guide documents and live reports did not have in September 2026. */
  readonly additionalCredentialsInfo: boolean;
}

/**
 * The credential report as CSV, as live AWS writes it: root row first, then the users sorted without regard to case,
 * lines ending in LF, none after the last row.
 */
export function renderCredentialReport(account: SandboxAccount, now: number, format: ReportFormat): Buffer {
  const extra = format.additionalCredentialsInfo;
  const lines = [(extra ? [...columns, 'additional_credentials_info'] : columns).join(',')];
  // China has no root user.
  if (account.partition !== 'aws-cn') {
    lines.push([...rootFields(account, now), ...(extra ? ['N/A'] : [])].map(quote).join(','));
  }
  for (const user of account.users()) {
    const fields = userFields(user, account, now);
    if (extra) {
      fields.push(user.additionalCredentialsInfo ?? 'N/A');
    }
    lines.push(fields.map(quote).join(','));
  }
  return Buffer.from(lines.join('\n'));
}

function rootFields(account: SandboxAccount, now: number): string[] {
  const { root } = account;
  const lastUsed = root.passwordUses.shown(now);
  const unsupported = root.passwordEnabled === 'not_supported';
  return [
    '<root_account>',
    root.arn,
    isoSeconds(root.createdAt),
    String(root.passwordEnabled),
    lastUsed === undefined ? neverSignedIn(root.passwordEnabled) : isoSeconds(lastUsed.at),
    unsupported ? 'not_supported' : root.passwordEnabled ? isoSeconds(root.passwordChangedAt) : 'N/A',
    'not_supported',
    String(root.mfa),
    ...keyFields(root.accessKeys, now),
    ...certificateFields(root.certificates),
  ];
}

function userFields(user: UserRecord, account: SandboxAccount, now: number): string[] {
  return [
    user.name,
    user.arn,
    isoSeconds(user.createdAt),
    ...passwordFields(user, account.passwordMaxAgeDays, now),
    String(user.mfa),
    ...keyFields(user.accessKeys, now),
    ...certificateFields(user.certificates),
  ];
}

function passwordFields(user: UserRecord, maxAgeDays: number | undefined, now: number): string[] {
  if (user.password === undefined) {
    return ['false', 'N/A', 'N/A', 'N/A'];
  }
  const { changedAt, uses } = user.password;
  const lastUsed = uses.shown(now);
  return [
    'true',
    lastUsed === undefined ? neverSignedIn(true) : isoSeconds(lastUsed.at),
    isoSeconds(changedAt),
    maxAgeDays === undefined ? 'N/A' : isoSeconds(changedAt + maxAgeDays * day),
  ];
}

function neverSignedIn(enabled: boolean | 'not_supported'): string {
  return enabled === false ? 'N/A' : 'no_information';
}

function keyFields(keys: readonly AccessKeyRecord[], now: number): string[] {
  return [1, 2].flatMap((slot) => {
    const key = keys.find((candidate) => candidate.slot === slot);
    return key === undefined
      ? ['false', 'N/A', 'N/A', 'N/A', 'N/A']
      : [String(key.status === 'Active'), isoSeconds(key.createdAt), ...useFields(key.uses, now)];
  });
}

function useFields(uses: UseHistory, now: number): string[] {
  const use = uses.shown(now);
  return use === undefined ? ['N/A', 'N/A', 'N/A'] : [isoSeconds(use.at), use.region, use.service];
}

function certificateFields(certificates: readonly CertificateRecord[]): string[] {
  return [certificates[0], certificates[1]].flatMap((certificate) =>
    certificate === undefined
      ? ['false', 'N/A']
      : [String(certificate.status === 'Active'), isoSeconds(certificate.createdAt)],
  );
}

/** A user name may hold a comma. */
function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
