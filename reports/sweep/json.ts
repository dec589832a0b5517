import type { SkippedCredential, SweepAction } from '../../core/lifecycle/sweep-result.ts';
import { jsonText, sortedByKey } from '../json-text.ts';
import { undoOf } from '../undo.ts';
import { isGood, type SweepDocument, summaryOf } from './document.ts';

/**
 * A sweep as JSON of schema `keysweep/plan/v1` or `keysweep/sweep/v1` (docs/schemas/plan-v1.schema.json,
 * docs/schemas/sweep-v1.schema.json).
 */
export function renderSweepJson(document: SweepDocument): string {
  const { kind, result, report, usage, ledger, topicArn, requests } = document;
  const {
    account,
    mode,
    startedAt,
    outcome,
    problems,
    notices,
    actions,
    skipped,
    sweep,
    dryRun,
    missingUsers = [],
    alreadySwept,
  } = result;
  return jsonText({
    schema: `keysweep/${kind}/v1`,
    account: { id: account.id, partition: account.partition, alias: account.alias },
    sweep,
    startedAt,
    dryRun,
    report: { generatedAt: report.generatedAt, rows: report.rows, notRenewed: report.notRenewed },
    mode,
    topicArn,
    ledger,
    outcome,
    problems,
    alreadySwept,
    notices,
    summary: summaryOf(result),
    actions: actions.map((action) => actionAsData(action, document)),
    skipped: skipped.map(skippedAsData),
    missingUsers,
    usage,
    stats: { requests: sortedByKey(requests) },
  });
}

function actionAsData(action: SweepAction, document: SweepDocument): object {
  const { type, notice, about, change, reasons, dueAt, outcome, detail, why, unjudged } = action;
  return {
    ...{ type, notice, about, change, ...namesAsData(action), reasons, dueAt, outcome, why, detail, unjudged },
    ...(type === 'deactivate' && isGood(action) && undoOfAction(action, document)),
  };
}

function undoOfAction({ credential, principal }: SweepAction, document: SweepDocument): object {
  return undoOf({ userName: principal.name, credential, partition: document.result.account.partition }, document);
}

function skippedAsData(skipped: SkippedCredential): object {
  const { skipReason, until, why, unjudged } = skipped;
  return { skipReason, ...namesAsData(skipped), until, why, unjudged };
}

function namesAsData({ credential, principal }: Pick<SkippedCredential, 'credential' | 'principal'>): object {
  return {
    credential: { kind: credential.kind, id: credential.id, slot: credential.slot },
    principal: { kind: principal.kind, name: principal.name, arn: principal.arn },
  };
}
