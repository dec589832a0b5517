/** What the ledger records of a deactivation: when the deletion may follow, and the last use known then. */
import { given } from '../given.ts';
import type { LifecycleRule } from '../kinds/rules.ts';
import type { Policy } from '../policy/policy.ts';
import { addTo, latest } from './decision.ts';
import type { Actor, Deactivation } from './ledger.ts';
import { surelyLimitsOf } from './ledger-write.ts';
import { announceFinally, isWithinFinalLead } from './notice-dates.ts';
import type { CredentialState } from './state.ts';
import { inViolationFrom } from './violations.ts';

export function deactivationAt(
  state: CredentialState,
  rules: readonly LifecycleRule[],
  by: Actor,
  policy: Policy,
  now: Date,
): Deactivation {
  const limits = surelyLimitsOf(state, policy);
  // A notice in mode enforce that names the date of the deletion counts as the final notice if there is no time for another.
  const { liveStatus } = state;
  const violation = liveStatus.kind === 'seen' ? inViolationFrom(rules, liveStatus, limits, policy) : undefined;
  const deleteAt = latest(addTo(now, limits.deleteAfter), violation ?? now);
  const terms = { limits, policy, now };
  const final =
    policy.mode === 'enforce' && isWithinFinalLead(terms, deleteAt)
      ? { finalNoticeAt: now, promisedNight: announceFinally(terms, deleteAt) }
      : {};
  return { at: now, by, deleteAt, ...final };
}

export function intendedUse({ entry }: CredentialState): Pick<Deactivation, 'lastUseAt' | 'inUse'> {
  const { lastUseAt, inUse } = entry?.intent ?? {};
  return { ...given({ lastUseAt, inUse }) };
}

/** The last known use, to recognize an earlier one that IAM shows later. */
export function knownUse({ liveStatus }: CredentialState): Pick<Deactivation, 'lastUseAt'> {
  return liveStatus.kind === 'seen' && liveStatus.lastUse.kind === 'used' ? { lastUseAt: liveStatus.lastUse.at } : {};
}
