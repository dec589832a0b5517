/** Violations that several benchmarks have in common. */
import type { RuleId } from '../rules/ids.ts';
import type { Condition, Violation } from './benchmark.ts';

const rulesOnUnused: readonly RuleId[] = [
  'access-key-unused',
  'access-key-never-used',
  'console-password-unused',
  'console-password-never-used',
];

/** What violates a control on unused credentials. @param when absent: however long they are unused */
export function unusedCredentials(when?: Condition): readonly Violation[] {
  return rulesOnUnused.map((rule) => (when === undefined ? { rule } : { rule, when }));
}
