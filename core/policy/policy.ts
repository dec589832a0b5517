/**
 * The policy as plain data: what keysweep.yaml says, with every default filled in and durations in milliseconds.
 * schema.ts reads the file; this module has no dependency, so that a Lambda function can use a policy without a parser.
 */
import type { DeclaredChannel } from '../channels/subscription.ts';
import type { Duration } from '../duration.ts';
import type { CredentialThresholds } from '../kinds/kind.ts';
import type { KindSection } from '../kinds/kinds.ts';
import type { RuleId } from '../rules/ids.ts';
import type { Severity } from '../severity.ts';

/** `audit`: findings only. `warn`: notices are sent, nothing is deactivated. `enforce`: deactivates and deletes. */
export type Mode = 'audit' | 'warn' | 'enforce';

/** Limits of console passwords, in milliseconds. */
export interface ConsolePasswordThresholds {
  /** Absent: passwords may be of any age. */
  readonly maxAge?: Duration;
  readonly maxIdle: Duration;
  readonly neverUsedGrace: Duration;
}

/** Limits of the root user, in milliseconds. */
export interface RootThresholds {
  /** A use of the root user more recent than this is a finding. */
  readonly recentUse: Duration;
}

/** The thresholds that apply to one principal, after overrides: one section per kind; see limitsOf in thresholds.ts. */
export interface Thresholds extends Readonly<Record<KindSection, CredentialThresholds>> {
  readonly consolePasswords: ConsolePasswordThresholds;
  readonly root: RootThresholds;
}

/** A cap: a number of credentials, or a percentage of those in scope. */
export type Cap = { readonly count: number } | { readonly percent: number };

/** What limits a sweep, whatever is due. */
export interface Limits {
  readonly maxDeactivations: Cap;
  readonly maxDeletions: Cap;
  /** A report older than this leads to no action. */
  readonly maxReportAge: Duration;
}

export type Weekday = 'Mon' | 'Tue' | 'Wed' | 'Thu' | 'Fri' | 'Sat' | 'Sun';

/** Days without changes, first and last day included, as YYYY-MM-DD in the calendar's time zone. */
export interface Freeze {
  readonly from: string;
  readonly to: string;
}

/** When changes may happen. Notices are sent every night. */
export interface Calendar {
  /** IANA name. */
  readonly timezone: string;
  readonly days: readonly Weekday[];
  readonly freeze: readonly Freeze[];
}

/**
 * What an exemption or an override applies to. All given keys must match; globs are anchored and support `*` and `?`.
 */
export interface Match {
  /** User name. Never matches the root user, whose name is `<root_account>`, unless written so. */
  readonly user?: string;
  /** IAM path, with both slashes: `/machines/`. */
  readonly path?: string;
  readonly arn?: string;
  readonly accessKeyId?: string;
  /** Of a credential of any kind, access keys included. */
  readonly credentialId?: string;
  /** Tag key to glob of the tag's value. */
  readonly tag?: Readonly<Record<string, string>>;
  readonly account?: string;
}

/** Thresholds of users' credentials that an override replaces; what is absent stays. */
export interface ThresholdChanges extends Readonly<Partial<Record<KindSection, Partial<CredentialThresholds>>>> {
  readonly consolePasswords?: Partial<ConsolePasswordThresholds>;
}

/** Other thresholds for some credentials. The first one that matches wins. */
export interface Override extends ThresholdChanges {
  readonly match: Match;
}

/** Exempts some credentials from some rules, for a reason and a time. An exempt credential is never changed. */
export interface Exemption {
  readonly match: Match;
  readonly rules: readonly RuleId[] | '*';
  readonly reason: string;
  readonly owner: string;
  /** The last day (UTC) on which it applies, YYYY-MM-DD. */
  readonly expires: string;
}

/** What the policy says about one rule. */
export interface RuleSetting {
  readonly enabled: boolean;
  readonly severity?: Severity;
}

/** How people are notified. */
export interface Notices {
  /** The user tag that names the owner of a user's credentials. */
  readonly ownerTag: string;
  /** Subscriptions that reach people indirectly; see core/channels. */
  readonly channels: readonly DeclaredChannel[];
}

/** The deployment settings of the policy file. */
export interface Deployment {
  readonly schedule: {
    /** Local time of day of the sweep, HH:MM. */
    readonly at: string;
    /** IANA name. */
    readonly timezone: string;
    /** The sweep starts within this time after `at`; 0 for exactly then. */
    readonly flexibleWindow: Duration;
  };
  /** Whether there is an audit right after the deployment that creates the stack. No sweep follows it. */
  readonly firstAudit: boolean;
  /** E-mail addresses that get alerts, digests and alarms. */
  readonly email: readonly string[];
  /** Confirms that the deployment names no recipient, and channels are subscribed in another way. */
  readonly noRecipients?: 'accepted';
  readonly logRetention: Duration;
  /** How long snapshots of audits and full reports are kept. */
  readonly snapshotRetention: Duration;
  /** Whether there is a CloudWatch dashboard. */
  readonly dashboard: boolean;
  /** Tags of every resource, besides `application`. */
  readonly tags: Readonly<Record<string, string>>;
  /** The channel that Amazon Q Developer in chat applications posts to. */
  readonly slack?: SlackChannelId;
  /** ARN of a Slack channel configuration of Amazon Q Developer that exists, and to which the user adds the topics. */
  readonly slackConfiguration?: string;
  /** ARN of the Secrets Manager secret that contains the URL of a Slack incoming webhook. */
  readonly slackWebhookSecret?: string;
  /** ARN of the managed policy that is the permissions boundary of every role of the deployment. */
  readonly permissionsBoundary?: string;
  /** ARN of the KMS key that encrypts what is stored or sent. */
  readonly encryptionKey?: string;
  /** Name of the stack of `cdk deploy`. @default - Keysweep */
  readonly stackName?: string;
  /** Instruction set of the functions. @default - see defaultArchitecture in lib/partition.ts */
  readonly architecture?: Architecture;
  /** Names and path of the roles. @default - names by CloudFormation, at the root of all paths */
  readonly roles?: RoleNaming;
  /** The network that the functions run in. @default - that of Lambda */
  readonly vpc?: VpcPlacement;
  /** Name of an existing DynamoDB table that is the ledger, instead of one that the stack creates. */
  readonly ledgerTable?: string;
}

export type Architecture = 'arm64' | 'x86_64';

/** How the roles of a deployment are named. At least one of both is given. */
export interface RoleNaming {
  /** IAM path, with both slashes. */
  readonly path?: string;
  /** What the names begin with: `PREFIXauditor`, `PREFIXrotator`. */
  readonly prefix?: string;
}

/** Subnets and security groups of one VPC, by their ids. */
export interface VpcPlacement {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
}

/** A channel of a Slack workspace, by Slack's ids. */
export interface SlackChannelId {
  readonly workspace: string;
  readonly channel: string;
}

/** Everything that keysweep's decisions are based on. */
export interface Policy extends Thresholds {
  readonly version: 1;
  readonly mode: Mode;
  readonly limits: Limits;
  readonly calendar: Calendar;
  /** First match wins. */
  readonly overrides: readonly Override[];
  readonly exemptions: readonly Exemption[];
  readonly rules: Readonly<Partial<Record<RuleId, RuleSetting>>>;
  readonly notices: Notices;
  readonly deployment: Deployment;
}
