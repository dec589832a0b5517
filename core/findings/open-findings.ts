/** What is open in an account from one audit to the next, and what changed in between. Plain data. */
import type { AppliedExemption, Finding, Severity } from '../model.ts';
import type { Outbox } from '../outbox.ts';

/** A finding as some version of keysweep recorded it: its rule may be none any more, or none yet. */
export interface RecordedFinding extends Omit<Finding, 'rule'> {
  readonly rule: string;
}

/** A finding of status `fail` that some audit reported and none has resolved since. */
export interface OpenFinding {
  readonly finding: RecordedFinding;
  /** When an audit found it first: the audit's `asOf`. */
  readonly since: Date;
}

/** A credential, or a principal as a whole, with a finding that an exemption excuses. */
export interface ExemptCredential {
  /** The first of its excused findings, as last found, with the exemption. */
  readonly finding: RecordedFinding;
  /** `asOf` of the first audit in a row that found it exempt by this match. */
  readonly since: Date;
}

/**
 * Why a finding is no longer open. `no-longer-found`: an audit looked, and it is not there; the credential was used,
 * retired or deleted, but also its user renamed or the limit raised. `exempted`: an exemption excuses it now.
 * `rule-disabled`: no one looks any more.
 */
export const resolutions = ['no-longer-found', 'exempted', 'rule-disabled'] as const;
export type Resolution = (typeof resolutions)[number];

/** Something that one audit found changed. */
export type FindingChange = {
  /** `asOf` of that audit. */
  readonly asOf: Date;
  /** As that audit found it; of a resolved one as it was when it was last found. */
  readonly finding: RecordedFinding;
  readonly since: Date;
} & (
  | {
      readonly type: 'opened';
      /** Set where it was open before, and is more severe now. */
      readonly raisedFrom?: Severity;
    }
  | {
      /** An exemption excuses a credential that it did not excuse before, and of which nothing was open. */
      readonly type: 'exempted';
      readonly exemption: AppliedExemption;
    }
  | { readonly type: 'resolved'; readonly resolution: Resolution; readonly exemption?: AppliedExemption }
  /** A check that was possible before, or was not made, is not possible. */
  | { readonly type: 'unjudged' }
);

/** A change of one type. */
export type ChangeOf<Type extends FindingChange['type']> = Extract<FindingChange, { readonly type: Type }>;

/** What machines are notified of. There is no event of a check that is not possible. */
export type PublishedChange = ChangeOf<'opened' | 'exempted' | 'resolved'>;

/**
 * What people and machines are not known to have been notified of.
 *
 * People get the latest of each finding: a change takes the place of an earlier one, which someone may have heard of
 * all the same. It says how things are now, and goes to the topic that fits how they are now. Machines get every change
 * as it was found, to the letter, however often it is sent.
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
  /** `asOf` of the latest audit of which people are known to have everything; absent where there is none. */
  readonly notifiedUpTo?: Date;
  readonly outbox: FindingsOutbox;
}
