/** What is open in an account from one audit to the next, and what has changed. Plain data. */
import type { AppliedExemption, Finding, Severity } from '../model.ts';
import type { Outbox } from '../outbox.ts';

/** A finding as some version of keysweep recorded it: this version may not know its rule. */
export interface RecordedFinding extends Omit<Finding, 'rule'> {
  readonly rule: string;
}

/** A finding of status `fail` that an audit reported and none has resolved since. */
export interface OpenFinding {
  readonly finding: RecordedFinding;
  /** When an audit first found it: the audit's `asOf`. */
  readonly since: Date;
}

/** A credential, or a principal as a whole, with a finding that an exemption excuses. */
export interface ExemptCredential {
  /** The first of its exempt findings, as last found, with the exemption. */
  readonly finding: RecordedFinding;
  /** `asOf` of the first audit in an unbroken series that found it exempt by this match. */
  readonly since: Date;
}

/**
 * Why a finding is no longer open. `no-longer-found`: an audit checked, and did not find it; the credential was used,
 * deactivated or deleted, or its user was renamed, or the limit raised. `exempted`: an exemption excuses it now.
 * `rule-disabled`: the rule is no longer checked.
 */
export const resolutions = ['no-longer-found', 'exempted', 'rule-disabled'] as const;
export type Resolution = (typeof resolutions)[number];

/** Something that one audit found changed. */
export type FindingChange = {
  /** `asOf` of that audit. */
  readonly asOf: Date;
  /** As that audit found it. A resolved finding is given as it was last found. */
  readonly finding: RecordedFinding;
  readonly since: Date;
} & (
  | {
      readonly type: 'opened';
      /** Its earlier severity, if it was already open and is more severe now. */
      readonly raisedFrom?: Severity;
    }
  | {
      /** An exemption newly excuses a credential that had no open finding. */
      readonly type: 'exempted';
      readonly exemption: AppliedExemption;
    }
  | { readonly type: 'resolved'; readonly resolution: Resolution; readonly exemption?: AppliedExemption }
  /** A check is not possible that was possible before, or was not made before. */
  | { readonly type: 'unjudged' }
);

/** A change of one type. */
export type ChangeOf<Type extends FindingChange['type']> = Extract<FindingChange, { readonly type: Type }>;

/** What goes to the event bus. There is no event for a check that is not possible. */
export type PublishedChange = ChangeOf<'opened' | 'exempted' | 'resolved'>;

/**
 * What is not known to have been delivered to people and machines.
 *
 * People get the latest state of each finding: a change replaces an earlier one, which may have been delivered after all.
 * It reports the current state, and goes to the topic that fits the current state. Machines get every change exactly as it
 * was found, however often it is sent.
 */
export type FindingsOutbox = Outbox<{
  /** People on the topic of alerts: what is critical, and the critical checks that are not possible. */
  readonly alerts: FindingChange;
  /** People on the topic of digests: everything else. */
  readonly digests: FindingChange;
  /** Machines on the event bus. */
  readonly bus: PublishedChange;
}>;

/** What one audit leaves to the next. Plain data. */
export interface OpenFindings {
  readonly schema: 'keysweep/open-findings/v1';
  readonly account: string;
  /** `asOf` of the audit that wrote it. */
  readonly asOf: Date;
  /** Everything that is open, worst first. */
  readonly findings: readonly OpenFinding[];
  /** What is exempt, and by which match. */
  readonly exempt: readonly ExemptCredential[];
  /** Ids of the findings that could not be judged. */
  readonly unjudged: readonly string[];
  /** `asOf` of the latest audit that was delivered to people in full; absent if there is none. */
  readonly notifiedUpTo?: Date;
  readonly outbox: FindingsOutbox;
}
