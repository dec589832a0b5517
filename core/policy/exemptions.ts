import { DAY } from '../duration.ts';
import type { RuleId } from '../rules/ids.ts';
import { type MatchFacts, matches } from './match.ts';
import type { Exemption } from './policy.ts';

/** `exempt`, `not-exempt`, or `unknown` if an exemption may apply but depends on something unknown. */
export type ExemptionVerdict =
  | { readonly kind: 'exempt'; readonly exemption: Exemption }
  | { readonly kind: 'not-exempt' }
  | { readonly kind: 'unknown'; readonly exemption: Exemption };

/**
 * Whether any of the exemptions covers what the facts describe. They are those that apply to the rule in question: see
 * {@link applicableExemptions}. A certain match outweighs a possible one.
 */
export function judgeExemption(applicable: readonly Exemption[], facts: MatchFacts): ExemptionVerdict {
  let undecided: Exemption | undefined;
  for (const exemption of applicable) {
    const result = matches(exemption.match, facts);
    if (result) return { kind: 'exempt', exemption };
    if (result === undefined) undecided ??= exemption;
  }
  return undecided === undefined ? { kind: 'not-exempt' } : { kind: 'unknown', exemption: undecided };
}

/** The exemptions that cover a rule and have not expired. */
export function applicableExemptions(exemptions: readonly Exemption[], rule: RuleId, asOf: Date): readonly Exemption[] {
  return exemptions.filter((exemption) => !isExpired(exemption, asOf) && coversRule(exemption, rule));
}

/** When the exemption ends: midnight UTC after its last day. */
export function endOf(exemption: Exemption): Date {
  return new Date(Date.parse(`${exemption.expires}T00:00:00Z`) + DAY);
}

export function isExpired(exemption: Exemption, asOf: Date): boolean {
  return asOf.getTime() >= endOf(exemption).getTime();
}

/** An expired exemption cannot be exempted: this rule checks the exemptions themselves. */
function coversRule({ rules }: Exemption, rule: RuleId): boolean {
  return rule !== 'exemption-expired' && (rules === '*' || rules.includes(rule));
}
