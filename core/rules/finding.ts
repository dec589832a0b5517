/** What identifies a finding, and which exemptions may excuse it. */
import { isRetirableKind, kindOf } from '../kinds/kinds.ts';
import type { CredentialRef } from '../model.ts';
import { applicableExemptions, isExpired } from '../policy/exemptions.ts';
import { describeMatch, type MatchFacts } from '../policy/match.ts';
import type { Exemption, Policy } from '../policy/policy.ts';
import type { RuleId } from './ids.ts';
import type { Rule, Verdict } from './rule.ts';

/** The same for the same rule, account, principal and credential, night after night. */
export function findingId(
  rule: Pick<Rule, 'id'>,
  verdict: Pick<Verdict, 'credential' | 'key'>,
  { account, principal }: Pick<MatchFacts, 'account' | 'principal'>,
): string {
  const user = principal.kind === 'user' ? [principal.name] : [];
  const detail = keyOf(verdict);
  return [rule.id, account, principal.kind, ...user, ...(detail === '' ? [] : [detail])].join(':');
}

/** Tells the verdicts of one rule on one subject apart. */
export function keyOf({ credential, key }: Pick<Verdict, 'credential' | 'key'>): string {
  if (key !== undefined) return key;
  if (credential === undefined) return '';
  return credential.id ?? (credential.slot === undefined ? '' : `slot-${credential.slot}`);
}

/** The facts that exemptions match, with those of the credential that a finding is about. */
export function withCredential(facts: MatchFacts, credential: CredentialRef | undefined): MatchFacts {
  return credential === undefined ? facts : { ...facts, credential };
}

/** The exemptions that still apply, by the rule that they excuse; judging one credential needs those of few rules. */
export function createExemptionLookup(policy: Policy, asOf: Date): (rule: RuleId) => readonly Exemption[] {
  // Whether one has expired is the same for every rule.
  const open = policy.exemptions.filter((exemption) => !isExpired(exemption, asOf));
  const byRule = new Map<RuleId, readonly Exemption[]>();
  return (rule) => {
    if (open.length === 0) return open;
    const known = byRule.get(rule) ?? applicableExemptions(open, rule, asOf);
    byRule.set(rule, known);
    return known;
  };
}

/** Why it is not known whether an exemption applies, for people. */
export function describeDoubt(
  { match, owner }: Exemption,
  { tags, unknownPath }: MatchFacts,
  credential: CredentialRef | undefined,
): string {
  const ofTags = tags.known ? 'two of its tags have the same key, which is impossible' : tags.why;
  const isOfIds = match.accessKeyId !== undefined || match.credentialId !== undefined;
  const isOfTags = match.tag !== undefined && (!tags.known || !isOfIds);
  const noun =
    credential !== undefined && isRetirableKind(credential.kind) ? kindOf(credential.kind).noun.one : 'credential';
  const isOfPath = match.path !== undefined || match.arn !== undefined;
  const unread = (isOfPath ? unknownPath : undefined) ?? (isOfTags ? ofTags : undefined);
  const why = unread ?? `the ${noun} id is not known`;
  return `an exemption may apply (${describeMatch(match)}, owner ${owner}): ${why}`;
}
