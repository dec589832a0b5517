/** The findings of one rule, for tests of rules. */
import type { Finding, Observation, ObservedPrincipal } from '../../core/model.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { evaluate } from '../../core/rules/evaluate.ts';
import type { RuleId } from '../../core/rules/ids.ts';
import { asOf, observation } from './observation-builder.ts';

/** @param subject one user stands for an account in good order that has this user alone */
export function findingsOf(
  rule: RuleId,
  subject: Observation | ObservedPrincipal,
  policy = defaultPolicy,
): readonly Finding[] {
  const observed = 'users' in subject ? subject : observation([subject]);
  return evaluate(observed, policy, asOf).filter((finding) => finding.rule === rule);
}

/** `status reason` of each. */
export function verdictsOf(...judged: Parameters<typeof findingsOf>): string[] {
  return findingsOf(...judged).map(({ status, reason }) => `${status} ${reason}`);
}

/** `severity status reason` of each. */
export function severeVerdictsOf(...judged: Parameters<typeof findingsOf>): string[] {
  return findingsOf(...judged).map(({ severity, status, reason }) => `${severity} ${status} ${reason}`);
}
