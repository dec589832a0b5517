import { HOUR } from '../duration.ts';
import type { LifecycleRule } from '../kinds/rules.ts';
import type { Duration } from '../model.ts';
import type { Actor, NoticeKind } from './ledger.ts';

/** Why a credential is skipped for now. */
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
  | 'no-time';

/**
 * Holds by which nothing was decided: not by the policy, but because something is missing. A change that was begun stays
 * begun, the sweep is partial, and someone should know.
 */
export const undecided: ReadonlySet<SkipReason> = new Set(['unknown', 'report-stale', 'not-notified', 'no-time']);

/**
 * What is found to have happened. `late-use`: the credential was in use when keysweep deactivated it, which IAM shows
 * only now.
 */
export const observedChanges = ['deactivated', 'restored', 'deleted', 'late-use'] as const;
export type ObservedChange = (typeof observedChanges)[number];

/**
 * What a notice says is coming. `deactivate`: it will be deactivated. `rotate`: it is in use, and stays active. `remove`:
 * nothing that keysweep does; its owner is asked to remove it. `delete`: it is inactive, and will be deleted. `unknown`:
 * no one can tell whether it is in use, and nothing is changed until that is known.
 */
export const warningSubjects = ['deactivate', 'rotate', 'remove', 'delete', 'unknown'] as const;
export type WarningSubject = (typeof warningSubjects)[number];

/** Whether a notice only asks the owner for something: it stays as it is, whatever the date. */
export function isRequest(about: WarningSubject | undefined): about is 'rotate' | 'remove' {
  return about === 'rotate' || about === 'remove';
}

/** Whether a notice says that keysweep will change something. */
export function announcesChange(about: WarningSubject): about is 'deactivate' | 'delete' {
  return about === 'deactivate' || about === 'delete';
}

/** What to do with one credential, by what is known of it. Plain data. */
export type Decision =
  /** A notice; nothing changes in AWS. */
  | {
      readonly type: 'warn';
      readonly notice: Extract<NoticeKind, 'first-notice' | 'reminder' | 'final-notice' | 'deferred' | 'still-waiting'>;
      readonly rules: readonly LifecycleRule[];
      /** Absent where nothing is going to happen as things are. */
      readonly dueAt?: Date;
      /** Where that is later than promised, because the policy was relaxed: what is promised now, the calendar aside; see {@link Deferral}. */
      readonly to?: Date;
      readonly about: WarningSubject;
      readonly why: string;
      /** Of `still-waiting`: which limit defers the final notice; part of `why`. */
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
  /** Removes the credential for good. */
  | {
      readonly type: 'delete';
      readonly rules: readonly LifecycleRule[];
      readonly dueAt: Date;
      readonly why: string;
    }
  /** The reasons are gone, or it is exempt: back to compliant. */
  | { readonly type: 'resolve'; readonly why: string }
  /** Something happened that keysweep did not know of: the ledger takes note, and its clocks follow. */
  | {
      readonly type: 'observe';
      readonly change: ObservedChange;
      readonly by: Actor;
      readonly why: string;
    }
  /** Nothing to do now. `until` is when that may change, where it is known. */
  | {
      readonly type: 'skip';
      readonly skipReason: SkipReason;
      readonly why: string;
      readonly until?: Date;
      /** Of a final notice that a limit defers: which limit. */
      readonly deferredBy?: string;
      /** A final notice that holds has promised this change for that night: it has a place under the cap of that night. */
      readonly promised?: { readonly change: Change['type']; readonly night: Date };
    };

/** The decisions that change something in IAM. */
export type Change = Extract<Decision, { readonly type: 'deactivate' | 'delete' }>;

/** Whether a decision leads to a write to IAM. */
export function isChange(decision: Decision): decision is Change {
  return decision.type === 'deactivate' || decision.type === 'delete';
}

/** Sweeps that start this long after one another belong to two nights, also where the schedule is moved by hours. */
export const sameNight = 12 * HOUR;

/** A time some milliseconds later; earlier where they are negative. */
export function addTo(time: Date, duration: Duration): Date {
  return new Date(time.getTime() + duration);
}

/** The latest of some times. */
export function latest(...times: readonly [Date, ...Date[]]): Date {
  return new Date(Math.max(...times.map((time) => time.getTime())));
}
