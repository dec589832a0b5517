import type { CredentialThresholds } from '../kinds/kind.ts';
import { isLifecycleRule, kindRule, type LifecycleReason, type LifecycleRule, lifecycleRules } from '../kinds/rules.ts';
import type { Account, Finding } from '../model.ts';
import type { Policy } from '../policy/policy.ts';
import { createEvaluator } from '../rules/evaluate.ts';
import type { LedgerEntry } from './ledger.ts';
import type { CredentialState, LiveStatus } from './state.ts';

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

/** Judges a credential of one account by its live status at one moment. */
export type LiveStatusJudge = (state: CredentialState, liveStatus: LiveStatus) => CredentialState;

/**
 * Judges a credential again by its live status, with the same rules, thresholds and exemptions as in the audit. The guard
 * before every change rests on this.
 */
export function judgeLiveStatus(
  state: CredentialState,
  liveStatus: LiveStatus,
  policy: Policy,
  now: Date,
): CredentialState {
  const account = { id: state.account, partition: partitionOf(state.principal.arn) };
  return createLiveStatusJudge(account, policy, now)(state, liveStatus);
}

/** The same, prepared for many credentials of one account. */
export function createLiveStatusJudge(account: Account, policy: Policy, now: Date): LiveStatusJudge {
  const evaluator = createEvaluator({ account, report: { rows: 0 } }, policy, now);
  return (state, liveStatus) => {
    if (liveStatus.kind !== 'seen') return { ...state, liveStatus };
    const { status, createdAt, lastUse } = liveStatus;
    const findings = evaluator.evaluateCredential(state, {
      ref: state.credential,
      status: { known: true, value: status },
      createdAt: { known: true, value: createdAt },
      lastUse,
      source: 'live',
    });
    return { ...state, liveStatus, findings };
  };
}

/**
 * The rules whose exemption protects a credential that is already deactivated: those of its reasons, and the rule about
 * inactive ones. A credential that was deactivated for its age alone is also protected by an exemption that allows it to be
 * idle, as an active one would be.
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
