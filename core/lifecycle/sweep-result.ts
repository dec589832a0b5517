/** The result of a sweep, as plain data: what `keysweep plan` and `keysweep sweep` print. */
import type { LifecycleReason } from '../kinds/rules.ts';
import type { Account, Principal, SeenRef } from '../model.ts';
import type { Mode } from '../policy/policy.ts';
import type { ObservedChange, SkipReason, WarningSubject } from './decision.ts';
import type { NoticeKind, RetirableRef } from './ledger.ts';

/**
 * `planned`: would happen. `applied`: happened. `skipped`: a recheck or a concurrent sweep ruled it out. `deferred`: something
 * else is due for it now, or its notice is not known to be delivered; it waits for the next sweep. `failed`: it was tried, or
 * could not even be judged.
 */
export type ActionOutcome = 'planned' | 'applied' | 'skipped' | 'deferred' | 'failed';

/** One action on one credential. */
export interface SweepAction {
  readonly type: 'warn' | 'deactivate' | 'delete' | 'resolve' | 'observe';
  /** For `warn`: which notice. */
  readonly notice?: NoticeKind;
  /** For `warn`: what is coming. */
  readonly about?: WarningSubject;
  /** For `observe`: what was found to have changed. */
  readonly change?: ObservedChange;
  readonly credential: RetirableRef;
  readonly principal: Principal;
  readonly reasons: readonly LifecycleReason[];
  readonly why: string;
  /** For `warn`: when the announced change is due. For changes: since when they have been due. */
  readonly dueAt?: Date;
  readonly outcome: ActionOutcome;
  /** What came in between, if anything. */
  readonly detail?: string;
  /** Why one of the rules could not judge it, although another could: the sweep is partial. */
  readonly unjudged?: string;
}

/** A credential that is skipped tonight. */
export interface SkippedCredential {
  readonly skipReason: SkipReason;
  readonly credential: SeenRef;
  readonly principal: Principal;
  readonly why: string;
  /** When that may change, if known. */
  readonly until?: Date;
  /** As for an action. */
  readonly unjudged?: string;
}

/**
 * `complete`: everything that was due was done, or skipped because of the policy. `partial`: some credentials could not be
 * judged, failed, or were not reached in time; they say so. `failed`: people could not be notified or the ledger could not be
 * written, so nothing was deactivated or deleted.
 */
export type SweepOutcome = 'complete' | 'partial' | 'failed';

/** Whether the sweep could notify people. */
export interface SweepNotices {
  /** At least one channel is known to reach people. */
  readonly reached: boolean;
  /** Messages that were published, but that no one is known to have received. */
  readonly undelivered: number;
  /** What is wrong with the channels, for people: addresses that are not confirmed, for instance. */
  readonly channels: readonly string[];
}

/** What a sweep did or, in a dry run, would do. Plain data: the log, the JSON and the terminal show it. */
export interface SweepResult {
  /** Id of the sweep. */
  readonly sweep: string;
  readonly account: Account;
  readonly mode: Mode;
  /** Of the policy's calendar: promised nights are named by it. Absent: UTC. */
  readonly timezone?: string;
  /** Nothing was written, and no one was notified. */
  readonly dryRun: boolean;
  readonly startedAt: Date;
  readonly outcome: SweepOutcome;
  /** What went wrong with the sweep as a whole, for people. */
  readonly problems: readonly string[];
  /** Absent if no one was to be notified: in a dry run, or on purpose. */
  readonly notices?: SweepNotices;
  readonly actions: readonly SweepAction[];
  readonly skipped: readonly SkippedCredential[];
  /** Why this snapshot led to nothing: it, or a newer one, was already swept. Nothing was written, and no one was notified. */
  readonly alreadySwept?: string;
  /** As in the audit: see {@link Audit}. */
  readonly missingUsers?: readonly string[];
  readonly stats: {
    /** Requests sent to AWS by action during the sweep, every attempt counted. */
    readonly requests: Readonly<Record<string, number>>;
  };
}
