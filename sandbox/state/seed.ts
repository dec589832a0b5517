/** An account in plain data. Times are ISO 8601 texts; AWS keeps whole seconds, so fractions are cut off. */
export interface AccountSeed {
  /** The moment that the seed describes; where the sandbox's clock starts by default. */
  readonly now?: string;
  /** 12 digits. */
  readonly id: string;
  readonly alias?: string;
  /** Default `aws`. */
  readonly partition?: string;
  readonly root?: RootSeed;
  readonly users: readonly UserSeed[];
  readonly groups?: readonly GroupSeed[];
  readonly roles?: readonly RoleSeed[];
  readonly policies?: readonly PolicySeed[];
  readonly topics?: readonly TopicSeed[];
  /** The account's password policy makes passwords expire after this many days: fills password_next_rotation. */
  readonly passwordMaxAgeDays?: number;
  readonly quotas?: { readonly users?: number; readonly accessKeysPerUser?: number };
}

export interface RootSeed {
  /** Default: the oldest time in the seed. */
  readonly createdAt?: string;
  /** Default true. `not_supported` is how older reports put it. */
  readonly passwordEnabled?: boolean | 'not_supported';
  readonly passwordLastUsed?: string;
  readonly passwordLastChanged?: string;
  /** Default false. */
  readonly mfa?: boolean;
  readonly accessKeys?: readonly AccessKeySeed[];
  readonly certificates?: readonly CertificateSeed[];
}

export interface UserSeed {
  readonly name: string;
  /** Default `/`. */
  readonly path?: string;
  /** Default: the oldest time among the user's credentials, or the seed's present. */
  readonly createdAt?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Names of groups; one that `groups` does not describe has no policies. */
  readonly groups?: readonly string[];
  /** Names of AWS managed policies (`ReadOnlyAccess`, `AWSCompromisedKeyQuarantineV3`) or ARNs. */
  readonly attachedPolicies?: readonly string[];
  /** Inline policies: name to document. */
  readonly policies?: Readonly<Record<string, object>>;
  readonly permissionsBoundary?: string;
  readonly password?: PasswordSeed;
  /** Default false. */
  readonly mfa?: boolean;
  /** In the order of the credential report's slots, which says nothing about their age. */
  readonly accessKeys?: readonly AccessKeySeed[];
  readonly certificates?: readonly CertificateSeed[];
  /** The API actions that this user may call, as globs (`iam:List*`). Default: all of them. */
  readonly allow?: readonly string[];
  /** Text of the report's 23rd column, where it is enabled. */
  readonly additionalCredentialsInfo?: string;
}

export interface PasswordSeed {
  /** Default true. */
  readonly enabled?: boolean;
  readonly lastUsed?: string;
  /** Default: when the user was created. */
  readonly lastChanged?: string;
}

export interface AccessKeySeed {
  /** Default: generated; it then encodes the account as AWS's ids do. */
  readonly id?: string;
  /** Default: generated. */
  readonly secret?: string;
  /** Default Active. */
  readonly status?: 'Active' | 'Inactive' | 'Expired';
  readonly createdAt: string;
  /** The last use as IAM already shows it. Absent: never used. */
  readonly lastUsed?: UseSeed;
}

export interface UseSeed {
  readonly at: string;
  /** Default `sts`. */
  readonly service?: string;
  /** Default: us-east-1, or N/A for services without regions. */
  readonly region?: string;
}

export interface CertificateSeed {
  /** Default Active. */
  readonly status?: 'Active' | 'Inactive';
  readonly createdAt: string;
}

export interface GroupSeed {
  readonly name: string;
  readonly path?: string;
  readonly attachedPolicies?: readonly string[];
}

export interface RoleSeed {
  readonly name: string;
  /** Inline policies by name. They are shown, and decide nothing. */
  readonly policies?: Readonly<Record<string, object>>;
  readonly path?: string;
  /** Who may assume it. */
  readonly trust: {
    /** Account ids whose principals are trusted. Default: this account. */
    readonly accounts?: readonly string[];
    readonly externalId?: string;
  };
  /** Seconds, 3,600 to 43,200. Default 3,600. */
  readonly maxSessionDuration?: number;
  readonly attachedPolicies?: readonly string[];
  /** The API actions that its sessions may call, as globs. Default: all of them. */
  readonly allow?: readonly string[];
}

/** A customer managed policy. */
export interface PolicySeed {
  readonly name: string;
  readonly path?: string;
  readonly document: object;
}

export interface TopicSeed {
  readonly name: string;
  /** Default us-east-1. */
  readonly region?: string;
  readonly subscriptions?: readonly SubscriptionSeed[];
}

export interface SubscriptionSeed {
  readonly protocol: string;
  readonly endpoint: string;
  /** Default true. */
  readonly confirmed?: boolean;
  /** By message attributes. Default: none, everything is delivered. */
  readonly filterPolicy?: Readonly<Record<string, unknown>>;
}
