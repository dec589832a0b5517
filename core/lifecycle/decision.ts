import { HOUR } from '../duration.ts';
import type { LifecycleRule } from '../kinds/rules.ts';
import type { Duration } from '../model.ts';
import type { Actor, NoticeKind } from './ledger.ts';

/** Why a credential is skipped. */
export type SkipReason =
  | 'compliant'
  | 'exempt'
  | 'in-use'
  | 'waiting'
  | 'restore-grace'
  | 'calendar'
  | 'mode'
  | 'cap'
  | 'blocked'
  | 'unknown'
  | 'deleted'
  | 'report-stale'
  | 'not-notified'
  | 'no-time'
  | 'unconfirmed';

/**
 * Skip reasons without a decision: not the policy is the reason, but something that is missing. A change that was begun
 * stays begun, the sweep is partial, and someone should look into it.
 */
export const undecided: ReadonlySet<SkipReason> = new Set([
  'unknown',
  'report-stale',
  'not-notified',
  'no-time',
  'unconfirmed',
]);

/**
 * What is found to have happened. `late-use`: the credential was in use when keysweep deactivated it, but IAM shows that
 * only now.
 */
export const observedChanges = ['deactivated', 'restored', 'deleted', 'late-use'] as const;
export type ObservedChange = (typeof observedChanges)[number];

/**
 * What a notice says is coming. `deactivate`: the credential will be deactivated. `rotate`: it is in use and stays active;
 * the owner is asked to rotate it. `remove`: the owner is asked to remove it; keysweep does nothing. `delete`: it is
 * inactive, and will be deleted. `unknown`: it is unknown whether it is in use, and nothing is changed until that is known.
 */
export const warningSubjects = ['deactivate', 'rotate', 'remove', 'delete', 'unknown'] as const;
export type WarningSubject = (typeof warningSubjects)[number];

/** Whether a notice only asks the owner for something: keysweep changes nothing, whatever the date. */
export function isRequest(about: WarningSubject | undefined): about is 'rotate' | 'remove' {
  return about === 'rotate' || about === 'remove';
}

/** Whether a notice says that keysweep will change something. */
export function announcesChange(about: WarningSubject): about is 'deactivate' | 'delete' {
  return about === 'deactivate' || about === 'delete';
}

/** What to do with one credential. Plain data. */
export type Decision =
  /** A notice; nothing changes in AWS. */
  | {
      readonly type: 'warn';
      readonly notice: Extract<NoticeKind, 'first-notice' | 'reminder' | 'final-notice' | 'deferred' | 'still-waiting'>;
      readonly rules: readonly LifecycleRule[];
      /** Absent if nothing is due at present. */
      readonly dueAt?: Date;
      /** The new promise, before the calendar, if the policy was relaxed and it is later than the old one; see {@link Deferral}. */
      readonly to?: Date;
      readonly about: WarningSubject;
      readonly why: string;
      /** For `still-waiting`: which cap defers the final notice; part of `why`. */
      readonly deferredBy?: string;
    }
  /** Deactivates the credential. */
  | {
      readonly type: 'deactivate';
      /** It is in use, and the policy says `deactivateInUse`. */
      readonly inUse?: true;
      readonly rules: readonly LifecycleRule[];
      readonly dueAt: Date;
      readonly why: string;
    }
  /** Deletes the credential. */
  | {
      readonly type: 'delete';
      readonly rules: readonly LifecycleRule[];
      readonly dueAt: Date;
      readonly why: string;
    }
  /** No rule fails any longer, or it is exempt: back to compliant. */
  | { readonly type: 'resolve'; readonly why: string }
  /** Something happened that the ledger does not know: it is recorded, and dates are counted from it. */
  | {
      readonly type: 'observe';
      readonly change: ObservedChange;
      readonly by: Actor;
      readonly why: string;
    }
  /** Nothing to do now. `until`: when that may change, if known. */
  | {
      readonly type: 'skip';
      readonly skipReason: SkipReason;
      readonly why: string;
      readonly until?: Date;
      /** For a final notice that a cap defers: which cap. */
      readonly deferredBy?: string;
      /** A valid final notice has promised this change for that night, so it has a place under that night's cap. */
      readonly promised?: { readonly change: Change['type']; readonly night: Date };
    };

/** The decisions that change something in IAM. */
export type Change = Extract<Decision, { readonly type: 'deactivate' | 'delete' }>;

/** Whether a decision leads to a write to IAM. */
export function isChange(decision: Decision): decision is Change {
  return decision.type === 'deactivate' || decision.type === 'delete';
}

/** Sweeps that start this far apart belong to two nights, even if the schedule is moved by hours. */
export const sameNight = 12 * HOUR;

/** A time some milliseconds later; earlier if they are negative. */
export function addTo(time: Date, duration: Duration): Date {
  return new Date(time.getTime() + duration);
}

/** The latest of some times. */
export function latest(...times: readonly [Date, ...Date[]]): Date {
  return new Date(Math.max(...times.map((time) => time.getTime())));
}
