/** The words that every text uses for what the lifecycle does. */
import { weekdayOf } from '../core/lifecycle/calendar.ts';
import type { ObservedChange, SkipReason, WarningSubject } from '../core/lifecycle/decision.ts';
import type { NoticeKind } from '../core/lifecycle/ledger.ts';
import { dateOfDay, localTime } from '../core/lifecycle/local-time.ts';

/** What a decision, planned, done or forecast, is about. */
export interface LifecycleStep {
  readonly type: 'warn' | 'deactivate' | 'delete' | 'resolve' | 'observe';
  readonly notice?: NoticeKind;
  readonly about?: WarningSubject;
  readonly change?: ObservedChange;
}

/** A step in a few words: `first notice`, `deactivated`, `final notice before deletion`. */
export function stepInWords({ type, notice, about, change }: LifecycleStep): string {
  switch (type) {
    case 'warn':
      return notice === 'deferred' ? deferralInWords(about) : `${noticeInWords(notice)}${subjectInWords(about)}`;
    case 'deactivate':
      return 'deactivated';
    case 'delete':
      return 'deleted';
    case 'resolve':
      return 'warning withdrawn';
    case 'observe':
      return change === undefined ? 'found changed' : changeInWords[change];
  }
}

function subjectInWords(about: WarningSubject | undefined): string {
  switch (about) {
    case 'rotate':
      return ' to rotate';
    case 'remove':
      return ' to delete';
    case 'delete':
      return ' before deletion';
    case 'unknown':
      return ', last use unknown';
    default:
      return '';
  }
}

function deferralInWords(about: WarningSubject | undefined): string {
  return `${about === 'delete' ? 'deletion' : 'deactivation'} deferred`;
}

const changeInWords = {
  deactivated: 'found deactivated',
  restored: 'found reactivated',
  deleted: 'found deleted',
  'late-use': 'found in use when deactivated',
} as const;

function noticeInWords(notice: NoticeKind | undefined): string {
  switch (notice) {
    case 'first-notice':
      return 'first notice';
    case 'final-notice':
      return 'final notice';
    case 'still-waiting':
      return 'final notice deferred by a limit';
    default:
      return 'reminder';
  }
}

/** `2026-11-20 Fri`, UTC. */
export function dayInWords(time: Date, timeZone = 'UTC'): string {
  const { day } = localTime(timeZone, time);
  return `${dateOfDay(day)} ${weekdayOf(day)}`;
}

/** Why something is skipped, in a few words. */
export function skipReasonInWords(skipReason: SkipReason): string {
  return holds[skipReason];
}

/** What the date of a skipped credential means. One in use stays active after it, too: it is the date of the next reminder. */
export function untilInWords(skipReason: SkipReason, date: string): string {
  return skipReason === 'in-use' ? `next reminder ${date}` : `until ${date}`;
}

const holds: Readonly<Record<SkipReason, string>> = {
  compliant: 'compliant',
  exempt: 'exempt',
  'in-use': 'in use',
  waiting: 'waiting for its date',
  'restore-grace': 'recently restored',
  calendar: 'outside the calendar',
  mode: 'the mode makes no changes',
  cap: 'over a limit of the policy',
  blocked: 'denied by AWS',
  unknown: 'could not be judged',
  deleted: 'deleted',
  'report-stale': 'the credential report is too old',
  'not-notified': 'no one could be notified',
  'no-time': 'out of time',
  unconfirmed: 'not in the question',
};
