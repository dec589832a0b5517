/** What must be read before the lifecycle can decide about a credential that the audit had no reason to read. */
import { kindRule, lifecycleRules } from '../kinds/rules.ts';
import { applicableExemptions, judgeExemption } from '../policy/exemptions.ts';
import type { Policy } from '../policy/policy.ts';
import { possibleThresholds } from '../policy/thresholds.ts';
import { decide } from './decide.ts';
import { protectingRules } from './reasons.ts';
import type { CredentialState } from './state.ts';

/** Whether an override or an exemption depends on tags of the user that are unknown. */
export function needsTags(state: CredentialState, policy: Policy, now: Date): boolean {
  const { account, principal, tags, credential, liveStatus, entry, findings } = state;
  if (tags.known || principal.kind !== 'user' || liveStatus.kind === 'not-found' || entry?.stage === 'deleted')
    return false;
  const facts = { account, principal, tags, credential };
  if (possibleThresholds(policy, facts).length > 1) return true;
  const rules = [
    ...findings.map(({ rule }) => rule),
    ...(entry === undefined ? [] : protectingRules(entry, { deactivateInUse: false })),
  ];
  return rules.some(
    (rule) => judgeExemption(applicableExemptions(policy.exemptions, rule, now), facts).kind === 'unknown',
  );
}

/**
 * Whether the user must be read before its credential is changed: an exemption or override in the policy matches name, path,
 * ARN or tags, which may have changed, or the ledger has the user's unique id.
 */
export function needsUser({ credential, entry }: CredentialState, policy: Policy, now: Date): boolean {
  if (entry?.userId !== undefined) return true;
  const ofKind = lifecycleRules.filter((rule) => kindRule(rule).kind.kind === credential.kind);
  const holding = ofKind.flatMap((rule) => applicableExemptions(policy.exemptions, rule, now));
  return [...holding, ...policy.overrides].some(({ match: { user, path, arn, tag } }) =>
    [user, path, arn, tag].some((part) => part !== undefined),
  );
}

/**
 * Whether the credential must be rechecked to know its status or last use: the audit has no reason to read the last use of a
 * deactivated key, and the report may not be able to distinguish the keys of a user.
 */
export function needsRecheck({ liveStatus, entry }: CredentialState): boolean {
  if (liveStatus.kind === 'unknown') return liveStatus.refresh === true;
  // The report does not distinguish a deleted user from a renamed one.
  if (liveStatus.kind === 'not-found') return entry !== undefined && entry.stage !== 'deleted';
  return liveStatus.kind === 'seen' && liveStatus.lastUse.kind === 'unknown' && entry?.stage === 'deactivated';
}

/**
 * Whether a credential needs a live read before decisions rest on what the audit shows: if that leaves its status open, or
 * if someone else seems to have changed it.
 */
export function needsLiveStatus(state: CredentialState, policy: Policy, now: Date): boolean {
  return needsRecheck(state) || decide(state, policy, now).type === 'observe';
}
