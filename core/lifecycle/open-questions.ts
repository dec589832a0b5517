/** What must be read before the lifecycle can decide about a credential that the audit had no reason to look at. */

import { kindRule, lifecycleRules } from '../kinds/rules.ts';
import { applicableExemptions, judgeExemption } from '../policy/exemptions.ts';
import type { Policy } from '../policy/policy.ts';
import { possibleThresholds } from '../policy/thresholds.ts';
import { decide } from './decide.ts';
import { protectingRules } from './reasons.ts';
import type { CredentialState } from './state.ts';

/** Whether an override or an exemption hangs on tags of the user that are not known. */
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
 * Whether the user must be read before its credential is changed: an exemption or override of the policy goes by its name,
 * path, ARN or tags, whatever those were before, or the ledger knows who the user is.
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
 * Whether only a fresh read can tell what became of the credential, or when it was last used: the audit has no reason to
 * ask that of a key that is deactivated, and where the report cannot tell a user's keys apart it is not known.
 */
export function needsRecheck({ liveStatus, entry }: CredentialState): boolean {
  if (liveStatus.kind === 'unknown') return liveStatus.refresh === true;
  // The report does not tell a user who is gone from one who has another name now.
  if (liveStatus.kind === 'not-found') return entry !== undefined && entry.stage !== 'deleted';
  return liveStatus.kind === 'seen' && liveStatus.lastUse.kind === 'unknown' && entry?.stage === 'deactivated';
}

/**
 * Whether IAM is to be asked about a credential before anybody believes what the audit shows of it: where that leaves
 * open what became of it, and where someone else seems to have done something.
 */
export function needsLiveStatus(state: CredentialState, policy: Policy, now: Date): boolean {
  return needsRecheck(state) || decide(state, policy, now).type === 'observe';
}
