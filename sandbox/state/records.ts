import type { UseHistory } from './use-history.ts';

/** The state behind the answers. Times are milliseconds since 1970, in whole seconds as AWS keeps them. */

export type KeyStatus = 'Active' | 'Inactive' | 'Expired';

export interface AccessKeyRecord {
  readonly id: string;
  readonly secret: string;
  readonly createdAt: number;
  /** Position in the credential report, from 1. */
  readonly slot: number;
  status: KeyStatus;
  readonly uses: UseHistory;
}

export interface PasswordRecord {
  readonly createdAt: number;
  changedAt: number;
  readonly uses: UseHistory;
}

export interface CertificateRecord {
  readonly status: 'Active' | 'Inactive';
  readonly createdAt: number;
}

export interface PolicyRef {
  readonly name: string;
  readonly arn: string;
}

export interface UserRecord {
  name: string;
  /** Users are listed by this: their name without regard to case. */
  sortKey: string;
  path: string;
  readonly id: string;
  arn: string;
  readonly createdAt: number;
  readonly tags: Map<string, string>;
  readonly groups: readonly string[];
  readonly attachedPolicies: PolicyRef[];
  readonly inlinePolicies: Readonly<Record<string, object>>;
  readonly permissionsBoundary: string | undefined;
  password: PasswordRecord | undefined;
  mfa: boolean;
  readonly accessKeys: AccessKeyRecord[];
  readonly certificates: readonly CertificateRecord[];
  readonly additionalCredentialsInfo: string | undefined;
}

export interface RootRecord {
  readonly arn: string;
  readonly createdAt: number;
  readonly passwordEnabled: boolean | 'not_supported';
  readonly passwordChangedAt: number;
  readonly passwordUses: UseHistory;
  mfa: boolean;
  readonly accessKeys: AccessKeyRecord[];
  readonly certificates: readonly CertificateRecord[];
}

export interface GroupRecord {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly attachedPolicies: readonly PolicyRef[];
}

export interface RoleRecord {
  /** Inline policies by name. */
  readonly policies: ReadonlyMap<string, object>;
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly trustedAccounts: readonly string[];
  readonly externalId: string | undefined;
  /** Seconds. */
  readonly maxSessionDuration: number;
  readonly attachedPolicies: readonly PolicyRef[];
}

export interface ManagedPolicyRecord {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly document: object;
}

/** Whose access key it is. */
export type KeyOwner = UserRecord | RootRecord;

export function isUser(owner: KeyOwner): owner is UserRecord {
  return 'sortKey' in owner;
}

/** The owner's name as the credential report has it. */
export function ownerName(owner: KeyOwner): string {
  return isUser(owner) ? owner.name : '<root_account>';
}
