/** What tells one kind of credential from another. Every kind has a spec of this shape, in a file of its own beside this. */
import type { Duration } from '../duration.ts';
import type { ControlNumbers } from '../rules/controls.ts';
import type { Severity } from '../severity.ts';

/** The rules that every kind has, as far as they can be judged of it; in the order of the catalogue. */
export const ruleNames = ['unused', 'never-used', 'too-old', 'inactive'] as const;
export type RuleName = (typeof ruleNames)[number];

/** Limits and periods of the credentials of one kind, in milliseconds. What does not apply to a kind is not read for it. */
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
  /** An inactive credential should be gone by then. */
  readonly maxInactive: Duration;
}

/** What a rule says about one kind, beside its title and condition, which follow from the spec. */
export interface RuleTexts {
  /** Why a failure matters. */
  readonly why: string;
  /** What to do about a failure. */
  readonly remedy: string;
  readonly severity: Severity;
  readonly controls: ControlNumbers;
}

/** Everything that keysweep has to know about a kind of credential. */
export interface KindSpec {
  /** As in findings, ledger and events. Never changes. */
  readonly kind: string;
  /** In running text; `short` where it is clear which kind is meant. Each reads well after `a`, but for `access key`. */
  readonly noun: { readonly one: string; readonly many: string; readonly short: string; readonly shortMany: string };
  /** Section of keysweep.yaml with its {@link CredentialThresholds}. */
  readonly section: string;
  /**
   * Whether IAM tells when a credential was used last. Of an `untracked` kind only age is judged, and each credential
   * counts as in use, unless the policy says `deactivateInUse`.
   */
  readonly use: 'tracked' | 'untracked';
  /**
   * What deactivating it means. `status`: IAM has Active and Inactive, with a way back until the deletion. `destroys`:
   * there is no way back, so keysweep only asks its owner to remove it. `none`: there are findings, and no lifecycle.
   */
  readonly off: 'status' | 'destroys' | 'none';
  /** Whether the credential report shows each one. Those of other kinds are listed live for every user. */
  readonly inReport: boolean;
  /** What the ids of such credentials begin with, where that tells the kind. Source: IAM User Guide, “IAM identifiers”. */
  readonly idPrefix?: string;
  /** What such credentials are called in the names of metrics: `ActiveKeys`, `KeysWarned`. */
  readonly metric: { readonly one: string; readonly many: string };
  readonly defaults: CredentialThresholds;
  /** Of the rules that can be judged of it; see {@link ruleNamesOf} in rules.ts. */
  readonly rules: Readonly<Partial<Record<RuleName, RuleTexts>>>;
}
