import type { Account, Finding, ObservedPrincipal } from '../model.ts';
import type { AccessKeyThresholds, Policy } from '../policy/policy.ts';
import { createEvaluator } from '../rules/evaluate.ts';
import { type RuleId, ruleIds } from '../rules/ids.ts';
import { type LedgerEntry, type LifecycleReason, type LifecycleRule, lifecycleRules } from './ledger.ts';
import type { CredentialState, Sighting } from './state.ts';

/** The reason that each rule gives. */
const reasonByRule: Readonly<Record<LifecycleRule, LifecycleReason>> = {
  'access-key-unused': 'unused',
  'access-key-never-used': 'unused',
  'access-key-too-old': 'too-old',
  'access-key-inactive': 'inactive',
};

export function isLifecycleRule(rule: RuleId): rule is LifecycleRule {
  return Object.hasOwn(reasonByRule, rule);
}

/** The rules with a finding of a status, each once, in the order of the findings. */
export function rulesWith(findings: readonly Finding[], status: Finding['status']): readonly LifecycleRule[] {
  const rules = findings.flatMap((finding) =>
    finding.status === status && isLifecycleRule(finding.rule) ? finding.rule : [],
  );
  return [...new Set(rules)];
}

/** The reasons that rules give, each once. */
export function reasonsBy(rules: readonly LifecycleRule[]): readonly LifecycleReason[] {
  return [...new Set(rules.map((rule) => reasonByRule[rule]))];
}

/** The reasons of the findings with a status, each once. */
export function reasonsOf(findings: readonly Finding[], status: Finding['status']): readonly LifecycleReason[] {
  return reasonsBy(rulesWith(findings, status));
}

/** Judges a credential of one account by what is seen of it at one moment. */
export type SightingJudge = (state: CredentialState, sighting: Sighting) => CredentialState;

/**
 * Judges a credential anew by what was just seen of it: the same rules, thresholds and exemptions as in the audit.
 * The guard before every deed rests on this.
 */
export function judgeSighting(state: CredentialState, sighting: Sighting, policy: Policy, now: Date): CredentialState {
  const account = { id: state.account, partition: partitionOf(state.principal.arn) };
  return createSightingJudge(account, policy, now)(state, sighting);
}

/** The same, prepared for many credentials of one account. */
export function createSightingJudge(account: Account, policy: Policy, now: Date): SightingJudge {
  const evaluator = createEvaluator({ account, report: { rows: 0 } }, onlyLifecycleRules(policy), now);
  return (state, sighting) => {
    if (sighting.kind !== 'seen') return { ...state, sighting };
    return { ...state, sighting, findings: evaluator.evaluateUser(userWith(state, sighting)) };
  };
}

/** The user as if this credential were the only one. */
function userWith(
  { principal, credential, tags }: CredentialState,
  sighting: Extract<Sighting, { readonly kind: 'seen' }>,
): ObservedPrincipal {
  return {
    principal,
    createdAt: { known: false, why: 'not read' },
    password: { enabled: { known: true, value: false }, lastUse: { kind: 'never' } },
    mfaActive: { known: false, why: 'not read' },
    credentials: [
      {
        ref: credential,
        status: { known: true, value: sighting.status },
        createdAt: { known: true, value: sighting.createdAt },
        lastUse: sighting.lastUse,
        source: 'live',
      },
    ],
    tags,
  };
}

function onlyLifecycleRules(policy: Policy): Policy {
  const others = ruleIds.filter((id) => !isLifecycleRule(id)).map((id) => [id, { enabled: false }] as const);
  return { ...policy, rules: { ...policy.rules, ...Object.fromEntries(others) } };
}

/**
 * The rules whose exemption protects a credential that is already deactivated: those of its reasons, and its being
 * inactive. What went for its age alone is protected by whatever lets it lie idle as well, as an active one would be.
 */
export function protectingRules(
  { rules }: LedgerEntry,
  { deactivateInUse }: Pick<AccessKeyThresholds, 'deactivateInUse'>,
): readonly LifecycleRule[] {
  const reasons = reasonsBy(rules);
  const mayLieIdle = reasons.includes('too-old') && !deactivateInUse;
  return lifecycleRules.filter((rule) => {
    const reason = reasonByRule[rule];
    return reason === 'inactive' || reasons.includes(reason) || (reason === 'unused' && mayLieIdle);
  });
}

function partitionOf(arn: string): string {
  return arn.split(':')[1] ?? 'aws';
}
