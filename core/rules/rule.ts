import type { RetirableKind } from '../kinds/kinds.ts';
import type {
  CredentialRef,
  Evidence,
  ObservedCredential,
  ObservedPrincipal,
  Quarantine,
  ReportFacts,
  Severity,
} from '../model.ts';
import type { PartitionFacts } from '../partitions.ts';
import type { Policy, Thresholds } from '../policy/policy.ts';
import type { RuleId } from './ids.ts';

/** What a rule may use besides its subject. */
export interface RuleContext {
  readonly asOf: Date;
  readonly partition: PartitionFacts;
  /** Absent if it was not read. */
  readonly quarantine?: Quarantine;
  readonly report: ReportFacts;
  readonly policy: Policy;
  /** The thresholds for the subject. */
  readonly thresholds: Thresholds;
}

/** A failure or error of a rule. A rule without verdicts passes. */
export interface Verdict {
  /** `error`: could not be judged. */
  readonly status: 'fail' | 'error';
  readonly credential?: CredentialRef;
  /** Tells the verdicts of one rule on one subject apart if no credential does. Part of the finding's id. */
  readonly key?: string;
  readonly reason: string;
  readonly evidence: Evidence;
  /** Replaces the rule's own severity. */
  readonly severity?: Severity;
  /** Replaces the rule's own remedy. */
  readonly remedy?: string;
}

/** What a rule says about one credential: a failure with its reason, what it would have to know, or nothing. */
export type Judgement =
  /** `restsOnLastUse`: there would be no failure if the credential had been used recently. */
  | { readonly fail: string; readonly severity?: Severity; readonly restsOnLastUse?: true }
  | { readonly unknown: string }
  | undefined;

/** A rule as people see it: in the catalog, help and reports. */
export interface RuleInfo {
  readonly id: RuleId;
  readonly title: string;
  /** When exactly it fails, in one line. Settings are named by their path in keysweep.yaml. */
  readonly condition: string;
  /** Why a failure matters. */
  readonly why: string;
  /** What to do about a failure, unless a verdict says it better. */
  readonly remedy: string;
  readonly severity: Severity;
  /** The rule applies only where the policy enables it. */
  readonly isOffByDefault?: true;
}

/** What confirms a failure: the list of the user's credentials of one kind, or their last use as well. */
export interface Confirmation {
  readonly kind: RetirableKind;
  readonly by: 'list' | 'last-use';
}

/** A check on each credential of one kind that an IAM user has. Never sees the root user's. */
export interface CredentialRule extends RuleInfo {
  readonly subject: 'credential';
  readonly kind: RetirableKind;
  readonly confirmedBy: Confirmation['by'];
  readonly judge: (credential: ObservedCredential, context: RuleContext) => Judgement;
}

/** A check on each IAM user as a whole. Never sees the root user. */
export interface UserRule extends RuleInfo {
  readonly subject: 'user';
  /** What a live audit reads to confirm a failure and get the ids of credentials. Absent: nothing that is read by user. */
  readonly confirmedBy?: Confirmation;
  readonly judge: (user: ObservedPrincipal, context: RuleContext) => readonly Verdict[];
  /** False: nothing of it rests on the report, so that a user whose row is unreadable or missing is judged as well. */
  readonly needsRow?: false;
  /** What it says beyond single users, about the account as a whole. Absent: nothing. */
  readonly judgeAccount?: (context: RuleContext) => readonly Verdict[];
}

/** A check on the root user. */
export interface RootRule extends RuleInfo {
  readonly subject: 'root';
  /**
   * What the root user must be able to have, by partition, for the rule to be checked. `none`: the rule also judges the row of
   * a root user that should not exist.
   */
  readonly appliesTo: readonly PartitionFacts['rootUser'][];
  readonly judge: (root: ObservedPrincipal, context: RuleContext) => readonly Verdict[];
}

/** A check on the account as a whole. */
export interface AccountRule extends RuleInfo {
  readonly subject: 'account';
  readonly judge: (context: RuleContext) => readonly Verdict[];
}

export type Rule = CredentialRule | UserRule | RootRule | AccountRule;
