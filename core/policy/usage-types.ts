/** What is kept of whom the matches of a policy fit in one account. Plain data; see usage.ts. */

/** Whom one match fits. */
export interface MatchUsage {
  /** Place in the policy file, from 1. */
  readonly number: number;
  /** See describeMatch. */
  readonly match: string;
  /** Principals that it fits for sure. */
  readonly matched: number;
  /** The first of them, by name. */
  readonly names: readonly string[];
  /** Principals that it may fit: their tags, or the ids of their keys, were not read. */
  readonly possible: number;
  /** It speaks of another account than this one. */
  readonly isElsewhere: boolean;
  /** Place of an earlier entry that fits all that it can fit, so that it never has a say; overrides and exemptions alike. */
  readonly coveredBy?: number;
}

/** Whom one exemption excuses. */
export interface ExemptionUsage extends MatchUsage {
  readonly owner: string;
  readonly expires: string;
  readonly isExpired: boolean;
}

/** What became of the matches of a policy in one account. */
export interface PolicyUsage {
  readonly exemptions: readonly ExemptionUsage[];
  readonly overrides: readonly MatchUsage[];
}
