/** The shape of a benchmark: which findings violate which of its controls. Every benchmark has a file of its own. */
import type { Evidence } from '../model.ts';
import type { RuleId } from '../rules/ids.ts';

/** When a finding of a rule violates a control; the rule may be stricter than the control, or be set to be. */
export interface Condition {
  /** For the catalog: `unused for 45 days or more`. */
  readonly text: string;
  /** Judges the evidence of a finding as of the moment of the audit. Evidence without the facts asked for violates nothing. */
  readonly holds: (evidence: Evidence, asOf: Date) => boolean;
}

/** A rule whose findings violate a control: each of them, unless a condition says which. */
export interface Violation {
  readonly rule: RuleId;
  readonly when?: Condition;
}

export interface Control {
  /** Its number in the benchmark: `1.12`, `IAM.3`, `AC-2(3)`. */
  readonly number: string;
  /** What it asks for, in our words. */
  readonly title: string;
  readonly violatedBy: readonly Violation[];
}

export interface Benchmark {
  /** Begins the ids of its controls: `CIS-3.0:1.12`. Names the version. */
  readonly id: string;
  readonly title: string;
  /** In the order of the benchmark. Only those about what keysweep reads. */
  readonly controls: readonly Control[];
}
