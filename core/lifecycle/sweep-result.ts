/** The result of a sweep's rotation, as plain data: what `keysweep plan` and `keysweep sweep` print. */

import type { LifecycleReason } from '../kinds/rules.ts';
import type { Account, Principal, SeenRef } from '../model.ts';
import type { Mode } from '../policy/policy.ts';
import type { ObservedChange, SkipReason, WarningSubject } from './decision.ts';
import type { NoticeKind, RetirableRef } from './ledger.ts';

/**
 * `planned`: would happen. `applied`: happened. `skipped`: a recheck, or another sweep that was faster, spoke against
 * it. `deferred`: something else has become due for it, or no one is known to have got its notice: it waits for the next
 * sweep. `failed`: it was tried, or could not even be judged.
 */
export type ActionOutcome = 'planned' | 'applied' | 'skipped' | 'deferred' | 'failed';

/** One thing that was to be done about one credential. */
export interface SweepAction {
  readonly type: 'warn' | 'deactivate' | 'delete' | 'resolve' | 'observe';
  /** For `warn`: which notice. */
  readonly notice?: NoticeKind;
  /** For `warn`: what is going to happen. */
  readonly about?: WarningSubject;
  /** For `observe`: what was seen to have changed. */
  readonly change?: ObservedChange;
  readonly credential: RetirableRef;
  readonly principal: Principal;
  readonly reasons: readonly LifecycleReason[];
  readonly why: string;
  /** For `warn`: when the change that it warns of is due. For changes: since when they are. */
  readonly dueAt?: Date;
  readonly outcome: ActionOutcome;
  /** What came in between, where something did. */
  readonly detail?: string;
  /** Why one of the rules could not judge it, though another one could: the sweep is partial. */
  readonly unjudged?: string;
}

/** A credential that nothing is done about tonight. */
export interface SkippedCredential {
  readonly skipReason: SkipReason;
  readonly credential: SeenRef;
  readonly principal: Principal;
  readonly why: string;
  /** When that may change, where it is known. */
  readonly until?: Date;
  /** As of an action. */
  readonly unjudged?: string;
}

/**
 * `complete`: everything that was due is done or skipped for a reason of the policy. `partial`: some credentials
 * could not be judged, failed, or there was no time for them; they say so. `failed`: people could not be notified or the
 * ledger could not be kept, so that nothing was deactivated or deleted.
 */
export type SweepOutcome = 'complete' | 'partial' | 'failed';

/** Whether the sweep could notify people. */
export interface SweepNotices {
  /** At least one channel reaches people, for all that is known. */
  readonly reached: boolean;
  /** Messages that were published, and that no one is known to have got. */
  readonly undelivered: number;
  /** What is wrong with the channels, for people: addresses that are not confirmed, for instance. */
  readonly channels: readonly string[];
}

/** What a sweep did, or in a dry run would do. Plain data: the log, the JSON and the terminal show it. */
export interface SweepResult {
  /** Id of the sweep. */
  readonly sweep: string;
  readonly account: Account;
  readonly mode: Mode;
  /** Of the policy's calendar: people are notified promised nights by it. Absent: UTC. */
  readonly timezone?: string;
  /** Nothing was written and no one was notified. */
  readonly dryRun: boolean;
  readonly startedAt: Date;
  readonly outcome: SweepOutcome;
  /** What went wrong with the sweep as a whole, for people. */
  readonly problems: readonly string[];
  /** Absent where no one was to be notified: in a dry run, or on purpose. */
  readonly notices?: SweepNotices;
  readonly actions: readonly SweepAction[];
  readonly skipped: readonly SkippedCredential[];
  /** Why this snapshot led to nothing: it, or a newer one, was swept already. Nothing was written, no one notified. */
  readonly alreadySwept?: string;
  /** As of the audit: see {@link Audit}. */
  readonly missingUsers?: readonly string[];
  readonly stats: {
    /** Requests sent to AWS by action during the sweep, every attempt counted. */
    readonly requests: Readonly<Record<string, number>>;
  };
}
