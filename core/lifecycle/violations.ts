/**
 * From when on the rules condemn a credential that is not active any more, as if it still were. No one can use it
 * meanwhile, so that this changes with the policy alone.
 */

import type { CredentialThresholds } from '../kinds/kind.ts';
import { kindRule, type LifecycleRule } from '../kinds/rules.ts';
import type { Duration, LastUse } from '../model.ts';
import type { Policy } from '../policy/policy.ts';
import { addTo, latest } from './decision.ts';

/** What is known of the credential. */
export interface ViolationFacts {
  readonly createdAt: Date;
  readonly lastUse: LastUse;
}

/** Where a rule says *over* a limit and not *at* it. */
const over: Duration = 1;

/**
 * From when on a rule condemns it; undefined where it never does, by what is known. The same as the rule itself says, see
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
  // What is not tracked counts as in use while it is active; whoever deactivated it has ended that.
  if (from === undefined || lastUse.kind !== 'used' || deactivatesInUse) return from;
  return latest(from, addTo(lastUse.at, limits.inUseWindow));
}

/** The earliest of it, of the rules that are enabled. None condemns what counts as in use, but age with `deactivateInUse`. */
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
