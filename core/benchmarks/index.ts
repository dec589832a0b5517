/** Every benchmark, and what they say about findings and rules. */
import type { Evidence } from '../model.ts';
import type { RuleId } from '../rules/ids.ts';
import type { Benchmark, Condition } from './benchmark.ts';
import { cisAwsFoundations } from './cis-aws-foundations.ts';
import { nist80053 } from './nist-800-53.ts';
import { pciDss } from './pci-dss.ts';
import { securityHub } from './security-hub.ts';

export const benchmarks: readonly Benchmark[] = [...cisAwsFoundations, securityHub, pciDss, nist80053];

/** A control that findings of a rule violate. */
export interface ControlOfRule {
  /** As findings carry it: `CIS-3.0:1.14`, `SecurityHub:IAM.3`, `PCI-4.0.1:8.6.3`, `NIST-800-53r5:AC-2(3)`. */
  readonly id: string;
  readonly title: string;
  /** Absent: every finding of the rule violates it. */
  readonly when?: Condition;
}

const byRule = groupByRule();

/** The controls that findings of a rule may violate, benchmark by benchmark. */
export function controlsOf(rule: RuleId): readonly ControlOfRule[] {
  return byRule.get(rule) ?? [];
}

/** The ids of the controls of a rule under each condition; first those that every finding violates. */
export function controlsByCondition(rule: RuleId): ReadonlyMap<string | undefined, readonly string[]> {
  const always = controlsOf(rule).filter(({ when }) => when === undefined);
  const conditional = controlsOf(rule).filter(({ when }) => when !== undefined);
  const grouped = new Map<string | undefined, string[]>();
  for (const { id, when } of [...always, ...conditional]) {
    grouped.set(when?.text, [...(grouped.get(when?.text) ?? []), id]);
  }
  return grouped;
}

/** The ids of the controls that a failure of a rule violates, given its evidence and the moment it was judged. */
export function violatedControls(rule: RuleId, evidence: Evidence, asOf: Date): readonly string[] {
  return controlsOf(rule)
    .filter(({ when }) => when === undefined || when.holds(evidence, asOf))
    .map(({ id }) => id);
}

function groupByRule(): ReadonlyMap<RuleId, readonly ControlOfRule[]> {
  const grouped = new Map<RuleId, ControlOfRule[]>();
  for (const benchmark of benchmarks) {
    for (const { number, title, violatedBy } of benchmark.controls) {
      for (const { rule, ...condition } of violatedBy) {
        const control = { id: `${benchmark.id}:${number}`, title, ...condition };
        grouped.set(rule, [...(grouped.get(rule) ?? []), control]);
      }
    }
  }
  return grouped;
}
