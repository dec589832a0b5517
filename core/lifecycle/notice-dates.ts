/** Which night a notice names, when the final one before a change is to be given, how long it stays valid, and what is due. */
import { DAY } from '../duration.ts';
import type { CredentialThresholds } from '../kinds/kind.ts';
import type { Duration } from '../model.ts';
import type { Policy } from '../policy/policy.ts';
import { latest } from './decision.ts';
import type { Deactivation, FinalNotice } from './ledger.ts';
import { nightsAt } from './nights.ts';

/** What the dates of notices hang on. */
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

/** What is given some time before a night comes so many nights before it, wherever in its window its sweep starts. */
export function nightsBefore(lead: Duration): number {
  return Math.max(1, Math.ceil(lead / DAY));
}

/**
 * Whether the final notice is to be given: from the final lead before the night in which the calendar lets the change happen.
 *
 * In mode enforce it counts when it was given in mode enforce and not too long ago: whoever read months ago that a key goes
 * tomorrow no longer believes it. In mode warn one notice within the last lead is enough; `lastNoticeAt` is when there was
 * any.
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
  // The date was deferred since: people expect another one.
  if (final.promisedNight !== undefined && final.promisedNight < promised) return true;
  return tonight > lastValidNight(terms, promised, final);
}

/** Whether a final notice was given that people still expect to come true. */
export function isFinalNoticeValid(terms: NoticeTerms, promised: Date, final: FinalNotice): boolean {
  if (final.finalNoticeAt === undefined) return false;
  return nightsAt(terms.policy, terms.now).tonight <= lastValidNight(terms, promised, final);
}

/**
 * The last night in which people expect what a final notice says: for as long as the warning period after the night that
 * it named, and until the second night after that on which the calendar lets it happen. A sweep may miss a night.
 */
function lastValidNight(terms: NoticeTerms, promised: Date, final: FinalNotice): number {
  const { limits, policy, now } = terms;
  const { numberOf, firstAllowedFrom } = nightsAt(policy, now);
  const named = numberOf(namedNight(terms, promised, final));
  const second = firstAllowedFrom(promised, numberOf(firstAllowedFrom(promised, named)) + 1);
  return Math.max(named + nightsBefore(warningPeriod(limits)), numberOf(second));
}

/** The night to name to people: the calendar may forbid the one that is due. */
export function announce({ policy, now }: NoticeTerms, promised: Date): Date {
  return nightsAt(policy, now).firstAllowedFrom(promised);
}

/** Whether no later sweep can give a final notice in time. */
export function isWithinFinalLead({ limits, policy, now }: NoticeTerms, promised: Date): boolean {
  const { tonight, numberOf, lastUpTo, firstAllowedFrom } = nightsAt(policy, now);
  return tonight >= lastUpTo(numberOf(firstAllowedFrom(promised)) - nightsBefore(finalLead(limits)));
}

/** The night that a final notice names: the final lead after it at the earliest. */
export function announceFinally({ limits, policy, now }: NoticeTerms, promised: Date): Date {
  const { tonight, firstAllowedFrom } = nightsAt(policy, now);
  return firstAllowedFrom(promised, tonight + nightsBefore(finalLead(limits)));
}

/** The night that the notice of a deactivation names for the deletion. */
export function announceDeletion({ deleteAt, promisedNight, deferral }: Deactivation, policy: Policy, now: Date): Date {
  return promisedNight ?? nightsAt(policy, now).firstAllowedFrom(deferral?.to ?? deleteAt);
}

/**
 * From which night on a change is due: the first that begins when the whole period is over, so that wherever in its window a
 * sweep starts it is; and not before the one that the final notice named, whatever the policy says since.
 */
export function changeNight(terms: NoticeTerms, promised: Date, final: FinalNotice): Date {
  const { firstFrom } = nightsAt(terms.policy, terms.now);
  return latest(firstFrom(promised, Number.NEGATIVE_INFINITY), namedNight(terms, promised, final));
}

/** Whether a change is due in the sweep of this night; whatever the night, not before the whole period is over. */
export function isDue({ policy, now }: NoticeTerms, promised: Date, night: Date): boolean {
  return now >= promised && nightsAt(policy, now).hasCome(night);
}

/** The night that the final notice named; a later one where the policy gives longer notice since. */
function namedNight({ limits, policy, now }: NoticeTerms, promised: Date, final: FinalNotice): Date {
  const { finalNoticeAt, promisedNight } = final;
  const { numberOf, firstFrom } = nightsAt(policy, now);
  const from = finalNoticeAt && numberOf(finalNoticeAt) + nightsBefore(finalLead(limits));
  const byLead = firstFrom(promised, from ?? Number.NEGATIVE_INFINITY);
  return promisedNight === undefined ? byLead : latest(promisedNight, byLead);
}
