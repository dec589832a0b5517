import { HOUR } from '../duration.ts';
import type { Duration } from '../model.ts';
import type { Actor, LifecycleReason, NoticeKind } from './ledger.ts';

/** Why a credential is left alone for now. */
export type HoldReason =
  | 'compliant'
  | 'exempt'
  | 'in-use'
  | 'waiting'
  | 'restore-grace'
  | 'calendar'
  | 'mode'
  | 'cap'
  | 'unknown'
  | 'deleted'
  | 'report-stale'
  | 'no-time';

/**
 * Holds by which nothing was decided: not by the policy, but because something is missing. A deed that was begun stays
 * begun, the sweep is partial, and somebody should know.
 */
export const undecided: ReadonlySet<HoldReason> = new Set(['unknown', 'report-stale', 'no-time']);

/**
 * What is found to have happened. `late-use`: the credential was in use when keysweep switched it off, which IAM shows
 * only now.
 */
export const observedChanges = ['deactivated', 'restored', 'deleted', 'late-use'] as const;
export type ObservedChange = (typeof observedChanges)[number];

/** What to do with one credential, by what is known of it. Plain data. */
export type Decision =
  /** A notice; nothing changes in AWS. `deactivateAt` is absent where the credential is not going to be switched off. */
  | {
      readonly type: 'warn';
      readonly notice: Extract<NoticeKind, 'first-notice' | 'reminder' | 'final-notice'>;
      readonly reasons: readonly LifecycleReason[];
      readonly dueAt: Date;
      /** `retire`: will be deactivated at `dueAt`. `rotate`: in use, and stays on. `delete`: is inactive, will be deleted. */
      readonly about: 'retire' | 'rotate' | 'delete';
      readonly why: string;
    }
  /** Switches the credential off. */
  | {
      readonly type: 'deactivate';
      readonly reasons: readonly LifecycleReason[];
      readonly dueAt: Date;
      readonly why: string;
    }
  /** Removes the credential for good. */
  | {
      readonly type: 'delete';
      readonly reasons: readonly LifecycleReason[];
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
  | { readonly type: 'leave'; readonly hold: HoldReason; readonly why: string; readonly until?: Date };

/** The decisions that change something in IAM. */
export type Deed = Extract<Decision, { readonly type: 'deactivate' | 'delete' }>;

/** Whether a decision leads to a write to IAM. */
export function isDeed(decision: Decision): decision is Deed {
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
