/** Which night a notice names, when the final notice before a change is due, how long it stays valid, and what is due. */
import { DAY } from '../duration.ts';
import type { CredentialThresholds } from '../kinds/kind.ts';
import type { Duration } from '../model.ts';
import type { Policy } from '../policy/policy.ts';
import { latest } from './decision.ts';
import type { Deactivation, FinalNotice } from './ledger.ts';
import { nightsAt } from './nights.ts';

/** What the dates of notices depend on. */
export interface NoticeTerms {
  readonly limits: CredentialThresholds;
  readonly policy: Policy;
  readonly now: Date;
}

/** From the first notice to the change. */
export function warningPeriod({ warn }: CredentialThresholds): number {
  return warn[0] ?? 0;
}

/** How long before a change the final notice comes. */
function finalLead({ warn }: CredentialThresholds): number {
  return warn.at(-1) ?? 0;
}

/** How many nights before a night something with this lead comes, whenever in its window a sweep starts. */
export function nightsBefore(lead: Duration): number {
  return Math.max(1, Math.ceil(lead / DAY));
}

/**
 * Whether the final notice is due: from the final lead before the night in which the calendar allows the change.
 *
 * In mode enforce it counts if it was given in mode enforce and not too long ago: a notice from months ago that a key will be
 * deactivated tomorrow is no longer valid. In mode warn one notice within the final lead is enough; `lastNoticeAt` is that of
 * the last notice of any kind.
 */
export function isFinalNoticeDue(
  terms: NoticeTerms,
  promised: Date,
  final: FinalNotice,
  lastNoticeAt: Date | undefined,
): boolean {
  const { limits, policy, now } = terms;
  const { tonight, numberOf, lastUpTo, firstAllowedFrom } = nightsAt(policy, now);
  if (policy.mode !== 'enforce') {
    const lead = nightsBefore(finalLead(limits));
    const from = lastUpTo(numberOf(firstAllowedFrom(promised, Number.NEGATIVE_INFINITY)) - lead);
    return tonight >= from && lastNoticeAt !== undefined && numberOf(lastNoticeAt) < from;
  }
  if (!isWithinFinalLead(terms, promised)) return false;
  if (final.finalNoticeAt === undefined) return true;
  // The date was deferred since, so people need a new notice.
  if (final.promisedNight !== undefined && final.promisedNight < promised) return true;
  return tonight > lastValidNight(terms, promised, final);
}

/** Whether a final notice was given that is still valid. */
export function isFinalNoticeValid(terms: NoticeTerms, promised: Date, final: FinalNotice): boolean {
  if (final.finalNoticeAt === undefined) return false;
  return nightsAt(terms.policy, terms.now).tonight <= lastValidNight(terms, promised, final);
}

/**
 * The last night in which a final notice is valid: for the warning period after the night that it named, and at least until
 * the second night in which the calendar allows the change. A sweep may miss a night.
 */
function lastValidNight(terms: NoticeTerms, promised: Date, final: FinalNotice): number {
  const { limits, policy, now } = terms;
  const { numberOf, firstAllowedFrom } = nightsAt(policy, now);
  const named = numberOf(namedNight(terms, promised, final));
  const second = firstAllowedFrom(promised, numberOf(firstAllowedFrom(promised, named)) + 1);
  return Math.max(named + nightsBefore(warningPeriod(limits)), numberOf(second));
}

/** The night that a notice names: the calendar may not allow the change in the night in which it is due. */
export function announce({ policy, now }: NoticeTerms, promised: Date): Date {
  return nightsAt(policy, now).firstAllowedFrom(promised);
}

/** Whether a final notice from a later sweep would be too late. */
export function isWithinFinalLead({ limits, policy, now }: NoticeTerms, promised: Date): boolean {
  const { tonight, numberOf, lastUpTo, firstAllowedFrom } = nightsAt(policy, now);
  return tonight >= lastUpTo(numberOf(firstAllowedFrom(promised)) - nightsBefore(finalLead(limits)));
}

/** The night that a final notice names: at least the final lead after the notice. */
export function announceFinally({ limits, policy, now }: NoticeTerms, promised: Date): Date {
  const { tonight, firstAllowedFrom } = nightsAt(policy, now);
  return firstAllowedFrom(promised, tonight + nightsBefore(finalLead(limits)));
}

/** The night that the notice of a deactivation names for the deletion. */
export function announceDeletion({ deleteAt, promisedNight, deferral }: Deactivation, policy: Policy, now: Date): Date {
  return promisedNight ?? nightsAt(policy, now).firstAllowedFrom(deferral?.to ?? deleteAt);
}

/**
 * From which night on a change is due: the first that starts after the whole period, whenever in its window a sweep starts,
 * and not before the night that the final notice named, whatever the policy has said since.
 */
export function changeNight(terms: NoticeTerms, promised: Date, final: FinalNotice): Date {
  const { firstFrom } = nightsAt(terms.policy, terms.now);
  return latest(firstFrom(promised, Number.NEGATIVE_INFINITY), namedNight(terms, promised, final));
}

/** Whether a change is due in the sweep of this night; never before the whole period is over. */
export function isDue({ policy, now }: NoticeTerms, promised: Date, night: Date): boolean {
  return now >= promised && nightsAt(policy, now).hasCome(night);
}

/** The night that the final notice named; a later one if the policy has required longer notice since. */
function namedNight({ limits, policy, now }: NoticeTerms, promised: Date, final: FinalNotice): Date {
  const { finalNoticeAt, promisedNight } = final;
  const { numberOf, firstFrom } = nightsAt(policy, now);
  const from = finalNoticeAt && numberOf(finalNoticeAt) + nightsBefore(finalLead(limits));
  const byLead = firstFrom(promised, from ?? Number.NEGATIVE_INFINITY);
  return promisedNight === undefined ? byLead : latest(promisedNight, byLead);
}
