/** When the final notice before a deed is to be given, how long it is believed, and which night it names. */
import { DAY } from '../duration.ts';
import type { AccessKeyThresholds, Policy } from '../policy/policy.ts';
import { nextDeedNight } from './calendar.ts';
import { addTo, latest } from './decision.ts';

/** What the dates of notices hang on. */
export interface NoticeTerms {
  readonly limits: AccessKeyThresholds;
  readonly policy: Policy;
  readonly now: Date;
}

/** From the first notice to the deed. */
export function warningPeriod({ warn }: AccessKeyThresholds): number {
  return warn[0] ?? 0;
}

/** How long before a deed the final notice comes. */
export function finalLead({ warn }: AccessKeyThresholds): number {
  return warn.at(-1) ?? 0;
}

/**
 * Whether the final notice is to be given: from the final lead before the night in which the calendar lets the deed happen.
 *
 * In mode enforce it counts when it was given in mode enforce and not too long ago: whoever read months ago that a key goes
 * tomorrow no longer believes it. In mode warn one notice within the last lead is enough; `lastNoticeAt` is when there was
 * any.
 */
export function isFinalNoticeDue(
  terms: NoticeTerms,
  promised: Date,
  finalNoticeAt: Date | undefined,
  lastNoticeAt: Date | undefined,
): boolean {
  const { limits, policy, now } = terms;
  const lead = finalLead(limits);
  const { calendar } = policy;
  // A sweep comes once a day: a lead of hours needs the sweep before.
  const fromBefore = (time: Date) => addTo(nextDeedNight(calendar, time), -Math.max(lead, DAY));
  if (policy.mode !== 'enforce') {
    const from = fromBefore(promised);
    return now >= from && lastNoticeAt !== undefined && lastNoticeAt < from;
  }
  if (now < fromBefore(latest(promised, now))) return false;
  return finalNoticeAt === undefined || now > believedUntil(terms, finalNoticeAt);
}

/**
 * Until when people expect what a final notice says: for as long as the warning period, and until the second night after
 * its date on which the calendar lets it happen. A sweep comes once a day, and may come a little early or miss a day; half
 * a day more keeps that moment away from all sweeps, so that plan and guard never stand on two sides of it.
 */
function believedUntil({ limits, policy: { calendar } }: NoticeTerms, finalNoticeAt: Date): Date {
  const from = addTo(finalNoticeAt, finalLead(limits));
  const second = nextDeedNight(calendar, addTo(nextDeedNight(calendar, from), DAY));
  return addTo(latest(addTo(from, warningPeriod(limits)), second), DAY / 2);
}

/** The night to name to people: the calendar may forbid the one that is due. */
export function announce({ policy, now }: NoticeTerms, dueAt: Date): Date {
  return nextDeedNight(policy.calendar, latest(dueAt, now));
}

/** When a deed is due: not before what was promised, and the final lead after the final notice. */
export function deedDueAt(promised: Date, finalNoticeAt: Date | undefined, lead: number): Date {
  return finalNoticeAt === undefined ? promised : latest(promised, addTo(finalNoticeAt, lead));
}
