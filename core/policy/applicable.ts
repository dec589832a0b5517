/** Which parts of the policy apply to one credential, to show why it is judged as it is. */
import type { CredentialThresholds } from '../kinds/kind.ts';
import type { SeenRef } from '../model.ts';
import { isExpired } from './exemptions.ts';
import { type MatchFacts, matches } from './match.ts';
import type { Exemption, Override, Policy } from './policy.ts';
import { limitsOf, possibleThresholds } from './thresholds.ts';

/** `maybe`: its match depends on something unknown. `expired`: it matches, but no longer applies. */
export type Applies = 'yes' | 'maybe' | 'expired';

/** An override that applies to a credential, or may. */
export interface ApplicableOverride {
  /** Place in the policy file, from 1. */
  readonly number: number;
  readonly override: Override;
  readonly applies: Extract<Applies, 'yes' | 'maybe'>;
}

/** An exemption that applies to a credential, or may. */
export interface ApplicableExemption {
  /** Place in the policy file, from 1. */
  readonly number: number;
  readonly exemption: Exemption;
  readonly applies: Applies;
}

/** What the policy says about one credential. */
export interface ApplicablePolicy {
  /** Absent if an override may apply but cannot be evaluated. */
  readonly limits?: CredentialThresholds;
  /** Those that count: up to the first certain match. */
  readonly overrides: readonly ApplicableOverride[];
  readonly exemptions: readonly ApplicableExemption[];
}

/** Finds what the policy says about one credential, with the entry numbers of its file. */
export function applicablePolicy(
  policy: Policy,
  facts: MatchFacts & { readonly credential: SeenRef },
  asOf: Date,
): ApplicablePolicy {
  const [thresholds, ...others] = possibleThresholds(policy, facts);
  return {
    ...(thresholds === undefined || others.length > 0 ? {} : { limits: limitsOf(thresholds, facts.credential.kind) }),
    overrides: overridesFor(policy, facts),
    exemptions: policy.exemptions.flatMap((exemption, index): ApplicableExemption[] => {
      const result = matches(exemption.match, facts);
      if (result === false) return [];
      const certainty = result === true ? 'yes' : 'maybe';
      return [{ number: index + 1, exemption, applies: isExpired(exemption, asOf) ? 'expired' : certainty }];
    }),
  };
}

function overridesFor(policy: Policy, facts: MatchFacts): readonly ApplicableOverride[] {
  const found: ApplicableOverride[] = [];
  for (const [index, override] of policy.overrides.entries()) {
    const result = matches(override.match, facts);
    if (result === false) continue;
    found.push({ number: index + 1, override, applies: result === true ? 'yes' : 'maybe' });
    if (result === true) break;
  }
  return found;
}
