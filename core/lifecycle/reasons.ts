import type { CredentialThresholds } from '../kinds/kind.ts';
import { isLifecycleRule, kindRule, type LifecycleReason, type LifecycleRule, lifecycleRules } from '../kinds/rules.ts';
import type { Account, Finding } from '../model.ts';
import type { Policy } from '../policy/policy.ts';
import { createEvaluator } from '../rules/evaluate.ts';
import type { LedgerEntry } from './ledger.ts';
import type { CredentialState, Sighting } from './state.ts';

/** The rules with a finding of a status, each once, in the order of the findings. */
export function rulesWith(findings: readonly Finding[], status: Finding['status']): readonly LifecycleRule[] {
  const rules = findings.flatMap((finding) =>
    finding.status === status && isLifecycleRule(finding.rule) ? finding.rule : [],
  );
  return [...new Set(rules)];
}

/** The reasons that rules give, each once. */
export function reasonsBy(rules: readonly LifecycleRule[]): readonly LifecycleReason[] {
  return [...new Set(rules.map((rule) => kindRule(rule).reason))];
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
  const evaluator = createEvaluator({ account, report: { rows: 0 } }, policy, now);
  return (state, sighting) => {
    if (sighting.kind !== 'seen') return { ...state, sighting };
    const { status, createdAt, lastUse } = sighting;
    const findings = evaluator.evaluateCredential(state, {
      ref: state.credential,
      status: { known: true, value: status },
      createdAt: { known: true, value: createdAt },
      lastUse,
      source: 'live',
    });
    return { ...state, sighting, findings };
  };
}

/**
 * The rules whose exemption protects a credential that is already deactivated: those of its reasons, and its being
 * inactive. What went for its age alone is protected by whatever lets it lie idle as well, as an active one would be.
 */
export function protectingRules(
  { credential, rules }: Pick<LedgerEntry, 'credential' | 'rules'>,
  { deactivateInUse }: Pick<CredentialThresholds, 'deactivateInUse'>,
): readonly LifecycleRule[] {
  const reasons = reasonsBy(rules);
  const mayLieIdle = reasons.includes('too-old') && !deactivateInUse;
  return lifecycleRules.filter((rule) => {
    const { reason, kind } = kindRule(rule);
    if (kind.kind !== credential.kind) return false;
    return reason === 'inactive' || reasons.includes(reason) || (reason === 'unused' && mayLieIdle);
  });
}

function partitionOf(arn: string): string {
  return arn.split(':')[1] ?? 'aws';
}
