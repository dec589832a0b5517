import type { CredentialThresholds } from '../kinds/kind.ts';
import { bySection, kindOf, type RetirableKind } from '../kinds/kinds.ts';
import { type MatchFacts, matches } from './match.ts';
import type { Override, Policy, ThresholdChanges, Thresholds } from './policy.ts';

/** The limits for credentials of one kind: the only access to the section of a kind. */
export function limitsOf(thresholds: Thresholds, kind: RetirableKind): CredentialThresholds {
  return thresholds[kindOf(kind).section];
}

/**
 * The thresholds that may apply to a principal, at least one: exactly one if every override can be decided. If a match
 * depends on something unknown, there is one for each possible result: each override that may be the first to match, and
 * last what applies if none of the undecided ones does.
 */
export function possibleThresholds(policy: Policy, facts: MatchFacts): readonly Thresholds[] {
  const possible: Thresholds[] = [];
  for (const override of policy.overrides) {
    const result = matches(override.match, facts);
    if (result === false) continue;
    possible.push(changedBy(override, policy));
    if (result) return possible;
  }
  return [...possible, policy];
}

/** By override, because every override is applied to every user. */
const changed = new WeakMap<Override, { readonly base: Thresholds; readonly thresholds: Thresholds }>();

function changedBy(override: Override, base: Thresholds): Thresholds {
  const known = changed.get(override);
  if (known?.base === base) return known.thresholds;
  const thresholds = withChanges(base, override);
  changed.set(override, { base, thresholds });
  return thresholds;
}

/** The thresholds with an override's changes. */
export function withChanges(base: Thresholds, changes: ThresholdChanges): Thresholds {
  return {
    ...bySection(({ section }) => ({ ...base[section], ...changes[section] })),
    consolePasswords: { ...base.consolePasswords, ...changes.consolePasswords },
    root: base.root,
  };
}
