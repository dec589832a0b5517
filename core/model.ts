/**
 * The vocabulary of keysweep as types. Plain readonly data: every value here can be printed and sent as JSON.
 */
import type { Duration } from './duration.ts';
import { type RetirableKind, retirableKinds } from './kinds/kinds.ts';
import type { PolicyUsage } from './policy/usage-types.ts';
import type { RuleId } from './rules/ids.ts';
import { type Severity, severities } from './severity.ts';

export { type Duration, type Severity, severities };

/** An AWS account. `id` has 12 digits; `partition` is `aws`, `aws-us-gov`, `aws-cn`, ... */
export interface Account {
  readonly id: string;
  readonly partition: string;
  /** The account alias, if known. */
  readonly alias?: string;
}

/** The root user or an IAM user. `name` is `<root_account>` for the root user, as in the credential report. */
export interface Principal {
  readonly kind: 'root' | 'user';
  readonly name: string;
  readonly arn: string;
}

const otherKinds = [
  'console-password',
  'signing-certificate',
  'ssh-public-key',
  'service-specific-credential',
  'mfa-device',
  'server-certificate',
] as const;

/** Something long-lived that a principal can sign in or sign with: the kinds that are judged one by one, and the others. */
export type CredentialKind = RetirableKind | (typeof otherKinds)[number];
export const credentialKinds: readonly CredentialKind[] = [
  ...new Set<CredentialKind>([...retirableKinds, ...otherKinds]),
];

/** Names one credential. Without `id` (offline, or root's keys) `slot` is the position in the credential report. */
export interface CredentialRef {
  readonly kind: CredentialKind;
  /** The id in IAM: for access keys, the access key id. */
  readonly id?: string;
  readonly slot?: 1 | 2;
}

/** Names one credential of a kind of core/kinds. */
export interface SeenRef extends CredentialRef {
  readonly kind: RetirableKind;
}

/** Status of a retirable credential. IAM's enum has `Expired` in addition to the two usual ones. */
export type CredentialStatus = 'Active' | 'Inactive' | 'Expired';

/** The last use of a credential, as far as known. *Unknown is never unused.* */
export type LastUse =
  | { readonly kind: 'used'; readonly at: Date; readonly service?: string; readonly region?: string }
  | { readonly kind: 'never' }
  /** IAM does not track the use of such credentials. Only age rules apply to it, and it counts as in use. */
  | { readonly kind: 'untracked' }
  | { readonly kind: 'unknown'; readonly why: string };

/** A fact that may be missing, with the reason why. */
export type Known<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly why: string };

/** One credential of a kind of core/kinds as observed. One without `id` was seen only as a slot of the credential report. */
export interface ObservedCredential {
  readonly ref: SeenRef;
  readonly status: Known<CredentialStatus>;
  /** When it was created; its age counts from here, whatever has happened to it since. */
  readonly createdAt: Known<Date>;
  readonly lastUse: LastUse;
  /** Where `status` and `createdAt` come from. */
  readonly source: 'report' | 'live';
  /**
   * Why the user's credentials of this kind could not be listed live, if they should have been: a failure that rests on the
   * report alone is then an error.
   */
  readonly unverified?: string;
  /** Why the last use could not be read live, if it should have been: a failure that rests on it is then an error. */
  readonly lastUseUnverified?: string;
  /** For a credential that is inactive now: when the credential report still showed it active. */
  readonly lastSeenActiveAt?: Date;
}

/** The password for the AWS console of one principal. */
export interface ObservedPassword {
  readonly enabled: Known<boolean>;
  readonly lastUse: LastUse;
  /** Absent if AWS does not say (the root user, a user without a password). */
  readonly lastChanged?: Date;
}

/** One X.509 signing certificate of a slot of the credential report. IAM does not track its use. */
export interface ObservedCertificate {
  readonly slot: 1 | 2;
  /** Unknown also if the report does not say whether there is one. */
  readonly active: Known<boolean>;
  readonly uploadedAt: Known<Date>;
}

export type Tags = Readonly<Record<string, string>>;

/** One principal with its credentials as observed. */
export interface ObservedPrincipal {
  readonly principal: Principal;
  /**
   * Why the credential report says nothing reliable about it: a damaged row, or several. Then everything else is unknown, no
   * rule can judge it, and nothing is done about its credentials.
   */
  readonly unreadable?: string;
  /** Shown by a live read alone: the report does not have it yet. No rule that needs the report judges it. */
  readonly isUnreported?: true;
  /** Why the path in its ARN is not known: `arn` is then that of a user with the path `/`. */
  readonly unknownPath?: string;
  /**
   * Of the root user, for each rule that can be confirmed: the action whose answer is newer than the credential report, or
   * why it confirms nothing. Absent if nothing had to be confirmed.
   */
  readonly confirmation?: Readonly<Partial<Record<RuleId, Known<string>>>>;
  /**
   * Of the root user: the access keys in the credential report, if IAM has none any more. Their uses are history, which no
   * deletion takes back. `hidden`: why the report may not have shown all of them.
   */
  readonly removed?: { readonly credentials: readonly ObservedCredential[]; readonly hidden?: string };
  /** Of the root user: what it has according to IAM, and the credential report does not show. No more is known of it. */
  readonly onlyInIam?: { readonly accessKey: boolean; readonly certificate: boolean };
  readonly createdAt: Known<Date>;
  readonly password: ObservedPassword;
  readonly mfaActive: Known<boolean>;
  /** All of them, of every kind in core/kinds. */
  readonly credentials: readonly ObservedCredential[];
  readonly certificates: readonly ObservedCertificate[];
  /** Why there may be certificates besides them. */
  readonly hiddenCertificates?: string;
  /** `known: false` until they are read, or if they cannot be read. */
  readonly tags: Known<Tags>;
  /** What the report says about keys and certificates beyond the two it shows of each. Absent: nothing. */
  readonly moreThanShown?: string;
  /** The kinds of which there may be more than `credentials` has, with the reason: those cannot be judged. */
  readonly incomplete?: Readonly<Partial<Record<RetirableKind, string>>>;
}

/** What one sweep saw of an account. */
export interface Observation {
  readonly account: Account;
  readonly report: ReportFacts;
  /** Absent only where accounts have no root user. If the report says nothing of it, all its facts are unknown. */
  readonly root?: ObservedPrincipal;
  /** The users in the report, without {@link missingUsers}. */
  readonly users: readonly ObservedPrincipal[];
  /**
   * Users in the report that, according to a live read, no longer exist in IAM under this name: deleted, renamed, or deleted
   * and replaced by a new user of that name. Nothing is known of their credentials until the next report. Absent: there are
   * none.
   */
  readonly missingUsers?: readonly string[];
  /** Absent if it was not asked for: offline, or if the rule is off. */
  readonly quarantine?: Quarantine;
  /** Quarantined users that the report does not show, as far as they were read. */
  readonly unreported?: readonly ObservedPrincipal[];
}

/** Whom AWS has quarantined because it found a key exposed. */
export interface Quarantine {
  /** With the names of the policies by which AWS does it. */
  readonly users: readonly { readonly name: string; readonly policies: readonly string[] }[];
  /** Why some of these users may be missing. */
  readonly unread?: string;
}

/** What is known of the credential report itself. */
export interface ReportFacts {
  /** When AWS generated the report. Absent if unknown (a saved file). */
  readonly generatedAt?: Date;
  /** Why that is unknown, if a saved file says something that cannot be read or cannot be true. A clause. */
  readonly ageUnknown?: string;
  /** AWS generates no newer report before: what was changed since is not in it. Absent if `generatedAt` is. */
  readonly currentUntil?: Date;
  /** Rows below the header, the root row included. */
  readonly rows: number;
  /** The latest creation, change or use in it: it cannot have been generated earlier. Absent if it has no date. */
  readonly newestDate?: Date;
  /** Why AWS generated no newer report, if it did not: this is the last one it had. */
  readonly notRenewed?: string;
}

/** `error`: could not be judged; never to be read as a pass. */
export type FindingStatus = 'fail' | 'exempt' | 'error';

/** Facts behind a finding: flat and JSON-safe. Times are ISO 8601 in UTC, durations are in days. */
export type Evidence = Readonly<Record<string, string | number | boolean | null>>;

/** The exemption that excuses a finding. */
export interface AppliedExemption {
  /** Position in the policy file, starting at 1. */
  readonly number: number;
  /** What it matches, in one line: `user=break-glass-*`; see describeMatch in core/policy/match.ts. */
  readonly match: string;
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it applies, YYYY-MM-DD. */
  readonly expires: string;
}

/** Who a finding is about: a principal, or the account itself. */
export type FindingSubject = Principal | { readonly kind: 'account'; readonly name: string; readonly arn: string };

/** One rule that fails on one credential or principal, with evidence. */
export interface Finding {
  /** Stable from night to night for the same rule, principal and credential. */
  readonly id: string;
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly status: FindingStatus;
  readonly principal: FindingSubject;
  readonly credential?: CredentialRef;
  /** One line for people: `unused for 120 days (limit 45)`. */
  readonly reason: string;
  readonly evidence: Evidence;
  /** What to do, if the rule's own remedy does not fit this account. */
  readonly remedy?: string;
  /** The benchmark controls that it violates, for certain: `CIS-3.0:1.12`, `SecurityHub:IAM.3`, `PCI-4.0.1:8.2.6`, `NIST-800-53r5:AC-2(3)`. */
  readonly controls: readonly string[];
  readonly exemption?: AppliedExemption;
}

/** The result of an audit, as printed by `--output json` and stored as a snapshot. */
export interface Audit {
  readonly schema: 'keysweep/audit/v1';
  readonly account: Account;
  readonly asOf: Date;
  readonly report: ReportFacts;
  readonly summary: AuditSummary;
  /** Worst first; see sortFindings in core/rules/compare.ts. */
  readonly findings: readonly Finding[];
  /** See {@link Observation}. */
  readonly missingUsers?: readonly string[];
  /** Failures that the credential report shows, but IAM no longer: someone mended them since. Absent: there are none. */
  readonly mended?: readonly Finding[];
  /** What should have been read again because the report may be out of date, but could not be; one sentence each. */
  readonly unconfirmed?: readonly string[];
  /** Who the exemptions and overrides match. Absent if the policy has none. */
  readonly usage?: PolicyUsage;
  readonly stats: AuditStats;
}

/** Counts of findings by status. */
export interface AuditSummary {
  readonly fail: number;
  readonly exempt: number;
  readonly error: number;
  /** Findings of status `fail` by severity. */
  readonly bySeverity: Readonly<Record<Severity, number>>;
}

/** What the audit cost. */
export interface AuditStats {
  /** Requests sent to AWS by action, retries included: `{"iam:GetCredentialReport": 1}`. */
  readonly requests: Readonly<Record<string, number>>;
  readonly durationMs: number;
}
