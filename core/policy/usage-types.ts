/** Whom the matches of a policy match in one account. Plain data; see usage.ts. */

/** Whom one match matches. */
export interface MatchUsage {
  /** Place in the policy file, from 1. */
  readonly number: number;
  /** See describeMatch. */
  readonly match: string;
  /** Principals that certainly match. */
  readonly matched: number;
  /** The first of them, by name. */
  readonly names: readonly string[];
  /** Principals that may match: their tags, or the ids of their keys, were not read. */
  readonly possible: number;
  /** It is about another account. */
  readonly isElsewhere: boolean;
  /** Place of an earlier entry that matches all that it can match, so that it never applies; for overrides and exemptions. */
  readonly coveredBy?: number;
}

/** Whom one exemption exempts. */
export interface ExemptionUsage extends MatchUsage {
  readonly owner: string;
  readonly expires: string;
  readonly isExpired: boolean;
}

/** The use of a policy's matches in one account. */
export interface PolicyUsage {
  readonly exemptions: readonly ExemptionUsage[];
  readonly overrides: readonly MatchUsage[];
}
