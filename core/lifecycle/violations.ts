/**
 * From when on an inactive credential would violate the rules if it were still active. No one can use it meanwhile, so this
 * changes only with the policy.
 */
import type { CredentialThresholds } from '../kinds/kind.ts';
import { kindRule, type LifecycleRule } from '../kinds/rules.ts';
import type { Duration, LastUse } from '../model.ts';
import type { Policy } from '../policy/policy.ts';
import { addTo, latest } from './decision.ts';

/** What is known about the credential. */
export interface ViolationFacts {
  readonly createdAt: Date;
  readonly lastUse: LastUse;
}

/** For a rule that fails *above* a limit and not *at* it. */
const over: Duration = 1;

/**
 * From when on it violates a rule; undefined if, as far as known, it never does. This agrees with the rule itself, see
 * core/rules and test/core/lifecycle/violations.property.test.ts.
 */
export function violatesFrom(
  rule: LifecycleRule,
  { createdAt, lastUse }: ViolationFacts,
  { maxAge, maxIdle, neverUsedGrace, maxInactive }: CredentialThresholds,
): Date | undefined {
  switch (kindRule(rule).name) {
    case 'too-old':
      return addTo(createdAt, maxAge + over);
    case 'unused':
      return lastUse.kind === 'used' ? addTo(lastUse.at, maxIdle) : undefined;
    case 'never-used':
      return lastUse.kind === 'never' ? addTo(createdAt, neverUsedGrace) : undefined;
    case 'inactive':
      if (lastUse.kind === 'unknown') return undefined;
      return addTo(lastUse.kind === 'used' ? latest(createdAt, lastUse.at) : createdAt, maxInactive);
  }
}

function violatesUnusedFrom(
  rule: LifecycleRule,
  facts: ViolationFacts,
  limits: CredentialThresholds,
): Date | undefined {
  const from = violatesFrom(rule, facts, limits);
  const { lastUse } = facts;
  const { name } = kindRule(rule);
  const deactivatesInUse = name === 'inactive' || (name === 'too-old' && limits.deactivateInUse);
  // An untracked credential counts as in use only while it is active.
  if (from === undefined || lastUse.kind !== 'used' || deactivatesInUse) return from;
  return latest(from, addTo(lastUse.at, limits.inUseWindow));
}

/** The earliest such date over the enabled rules. Only age with `deactivateInUse` counts against a credential in use. */
export function inViolationFrom(
  rules: readonly LifecycleRule[],
  facts: ViolationFacts,
  limits: CredentialThresholds,
  policy: Policy,
): Date | undefined {
  const times = rules
    .filter((rule) => policy.rules[rule]?.enabled !== false)
    .flatMap((rule) => violatesUnusedFrom(rule, facts, limits)?.getTime() ?? []);
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}
