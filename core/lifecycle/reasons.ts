import type { Account, Finding, ObservedPrincipal } from '../model.ts';
import type { Policy } from '../policy/policy.ts';
import { createEvaluator } from '../rules/evaluate.ts';
import { type RuleId, ruleIds } from '../rules/ids.ts';
import type { LedgerEntry, LifecycleReason } from './ledger.ts';
import type { CredentialState, Sighting } from './state.ts';

/** The rules that retire credentials, and the reason that each gives. */
const reasonByRule: Readonly<Partial<Record<RuleId, LifecycleReason>>> = {
  'access-key-unused': 'unused',
  'access-key-never-used': 'unused',
  'access-key-too-old': 'too-old',
  'access-key-inactive': 'inactive',
};

const lifecycleRules = Object.entries(reasonByRule) as readonly (readonly [RuleId, LifecycleReason])[];

/** The rules by which credentials have to go. */
export const lifecycleRuleIds: readonly RuleId[] = lifecycleRules.map(([rule]) => rule);

export function isLifecycleRule(rule: RuleId): boolean {
  return reasonByRule[rule] !== undefined;
}

/** The reasons of the findings with a status, each once. */
export function reasonsOf(findings: readonly Finding[], status: Finding['status']): readonly LifecycleReason[] {
  const reasons: LifecycleReason[] = [];
  for (const finding of findings) {
    const reason = finding.status === status ? reasonByRule[finding.rule] : undefined;
    if (reason !== undefined && !reasons.includes(reason)) reasons.push(reason);
  }
  return reasons;
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
    accessKeys: [
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

/** The rules by which a credential with an entry has to go. */
export function condemningRules({ reasons }: LedgerEntry): readonly RuleId[] {
  return rulesOf((reason) => reasons.includes(reason));
}

/** The rules whose exemption protects a credential that is already deactivated: those of its reasons, and its being inactive. */
export function protectingRules({ reasons }: LedgerEntry): readonly RuleId[] {
  return rulesOf((reason) => reason === 'inactive' || reasons.includes(reason));
}

function rulesOf(isWanted: (reason: LifecycleReason) => boolean): readonly RuleId[] {
  return lifecycleRules.flatMap(([rule, reason]) => (isWanted(reason) ? rule : []));
}

function partitionOf(arn: string): string {
  return arn.split(':')[1] ?? 'aws';
}
