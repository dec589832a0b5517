import type { HoldReason } from '../../core/lifecycle/decision.ts';
import type { ActionOutcome, Rotation, RotationAction } from '../../core/lifecycle/sweep-result.ts';
import type { ReportFacts } from '../../core/model.ts';
import type { PolicyUsage } from '../../core/policy/usage-types.ts';

/** A rotation with what it rests on: what `keysweep plan` and `keysweep sweep` print. */
export interface RotationDocument {
  /** `plan`: what tonight would do. `sweep`: what was done, or would be in a dry run. */
  readonly kind: 'plan' | 'sweep';
  readonly rotation: Rotation;
  readonly report: ReportFacts;
  /** Whom the policy's exemptions and overrides fit, as the audit before it found; absent where the policy has none. */
  readonly usage?: PolicyUsage;
  /** Where the ledger is; absent where none was given. */
  readonly ledger?: string;
  /** Where the digest went; absent where nobody was told, on purpose. */
  readonly topicArn?: string;
  /** Requests sent to AWS by action, those of the audit included. */
  readonly requests: Readonly<Record<string, number>>;
}

/** What a rotation did or would do, in credentials. */
export interface RotationSummary {
  readonly actions: Readonly<Record<RotationAction['type'], number>>;
  readonly outcomes: Readonly<Record<ActionOutcome, number>>;
  readonly left: Readonly<Partial<Record<HoldReason, number>>>;
}

export function summaryOf({ actions, left }: Rotation): RotationSummary {
  const byType = { warn: 0, deactivate: 0, delete: 0, resolve: 0, observe: 0 };
  const byOutcome = { planned: 0, applied: 0, skipped: 0, deferred: 0, failed: 0 };
  for (const { type, outcome } of actions) {
    byType[type]++;
    byOutcome[outcome]++;
  }
  const byHold: Partial<Record<HoldReason, number>> = {};
  for (const { hold } of left) byHold[hold] = (byHold[hold] ?? 0) + 1;
  return { actions: byType, outcomes: byOutcome, left: byHold };
}

/** The deeds, which change something in IAM, whatever became of them. */
export function deedsOf({ actions }: Rotation): readonly RotationAction[] {
  return actions.filter(({ type }) => type === 'deactivate' || type === 'delete');
}
