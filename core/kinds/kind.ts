/** How kinds of credentials differ. Every kind has a spec of this shape, in a file of its own next to this one. */
import type { Duration } from '../duration.ts';
import type { Severity } from '../severity.ts';

/** The rules that every kind has, if they can be judged for it; in the order of the catalog. */
export const ruleNames = ['unused', 'never-used', 'too-old', 'inactive'] as const;
export type RuleName = (typeof ruleNames)[number];

/** Limits and periods for the credentials of one kind, in milliseconds. Those that do not apply to a kind are ignored. */
export interface CredentialThresholds {
  /** A credential older than this is too old. */
  readonly maxAge: Duration;
  /** A credential not used for this long or longer is unused. */
  readonly maxIdle: Duration;
  /** A new credential may stay unused for less than this. */
  readonly neverUsedGrace: Duration;
  /** A credential used more recently than this counts as in use. */
  readonly inUseWindow: Duration;
  readonly deactivateInUse: boolean;
  /** How long before the deactivation notices go out, longest first. The first one starts the clock. */
  readonly warn: readonly Duration[];
  /** From the recorded deactivation to the deletion. */
  readonly deleteAfter: Duration;
  /** A restored credential is not warned about again before this has passed. */
  readonly restoreGrace: Duration;
  /** An inactive credential should be deleted by then. */
  readonly maxInactive: Duration;
}

/** The texts of a rule for one kind; its title and condition follow from the spec. */
export interface RuleTexts {
  /** Why a failure matters. */
  readonly why: string;
  /** What to do about a failure. */
  readonly remedy: string;
  readonly severity: Severity;
}

/** Everything that keysweep has to know about a kind of credential. */
export interface KindSpec {
  /** As in findings, the ledger and events. Never changes. */
  readonly kind: string;
  /** For running text; `short` where the kind is clear. All but `access key` take the article `a`. */
  readonly noun: { readonly one: string; readonly many: string; readonly short: string; readonly shortMany: string };
  /** Section of keysweep.yaml with its {@link CredentialThresholds}. */
  readonly section: string;
  /**
   * Whether IAM reports the last use. For an `untracked` kind only age is judged, and every credential counts as in use,
   * unless the policy says `deactivateInUse`.
   */
  readonly use: 'tracked' | 'untracked';
  /**
   * What deactivation means. `status`: IAM has Active and Inactive, so it can be undone until the deletion. `destroys`: it
   * cannot be undone, so keysweep only asks the owner to remove the credential. `none`: findings only, no lifecycle.
   */
  readonly off: 'status' | 'destroys' | 'none';
  /** Whether the credential report shows them. Credentials of other kinds are listed live for every user. */
  readonly inReport: boolean;
  /** What their ids begin with, if that identifies the kind. Source: IAM User Guide, “IAM identifiers”. */
  readonly idPrefix?: string;
  /**
   * The errors that a workload gets if it still uses an inactive one, in running text: what its owner will search for.
   * Absent if there is none of its own. Source: the error references of the services.
   */
  readonly refusedWith?: string;
  /** What they are called in the names of metrics: `ActiveKeys`, `KeysWarned`. */
  readonly metric: { readonly one: string; readonly many: string };
  readonly defaults: CredentialThresholds;
  /** For the rules that can be judged for it; see {@link ruleNamesOf} in rules.ts. */
  readonly rules: Readonly<Partial<Record<RuleName, RuleTexts>>>;
}
