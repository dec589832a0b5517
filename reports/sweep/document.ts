import type { SkipReason } from '../../core/lifecycle/decision.ts';
import type { ActionOutcome, SweepAction, SweepResult } from '../../core/lifecycle/sweep-result.ts';
import type { ReportFacts } from '../../core/model.ts';
import type { PolicyUsage } from '../../core/policy/usage-types.ts';
import type { RestoreTerms } from '../undo.ts';

/** A sweep with what it rests on: what `keysweep plan` and `keysweep sweep` print. */
export interface SweepDocument extends RestoreTerms {
  /** `plan`: what tonight would do. `sweep`: what was done, or would be in a dry run. */
  readonly kind: 'plan' | 'sweep';
  readonly result: SweepResult;
  readonly report: ReportFacts;
  /** Whom the policy's exemptions and overrides fit, as the audit before it found; absent where the policy has none. */
  readonly usage?: PolicyUsage;
  /** Where the ledger is; absent where none was given. */
  readonly ledger?: string;
  /** Where the digest went; absent where no one was notified, on purpose. */
  readonly topicArn?: string;
  /** The command that shows what mode enforce would do, as it is typed after this one. */
  readonly forecast?: string;
  /** Requests sent to AWS by action, those of the audit included. */
  readonly requests: Readonly<Record<string, number>>;
}

/** What a sweep did or would do, in credentials. */
export interface SweepSummary {
  readonly actions: Readonly<Record<SweepAction['type'], number>>;
  readonly outcomes: Readonly<Record<ActionOutcome, number>>;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
}

export function summaryOf({ actions, skipped }: SweepResult): SweepSummary {
  const byType = { warn: 0, deactivate: 0, delete: 0, resolve: 0, observe: 0 };
  const byOutcome = { planned: 0, applied: 0, skipped: 0, deferred: 0, failed: 0 };
  for (const { type, outcome } of actions) {
    byType[type]++;
    byOutcome[outcome]++;
  }
  const byReason: Partial<Record<SkipReason, number>> = {};
  for (const { skipReason } of skipped) byReason[skipReason] = (byReason[skipReason] ?? 0) + 1;
  return { actions: byType, outcomes: byOutcome, skipped: byReason };
}

/** Whether it happened, or would. */
export function isGood({ outcome }: SweepAction): boolean {
  return outcome === 'planned' || outcome === 'applied';
}

/** What changes IAM, or the record of a key without a notice of something to come. */
export function writesOf({ actions }: SweepResult): readonly SweepAction[] {
  return actions.filter(({ type }) => type !== 'warn');
}
