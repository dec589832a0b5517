import type { RotationAction, RotationLeft } from '../../core/lifecycle/sweep-result.ts';
import { jsonText, sortedByKey } from '../json-text.ts';
import { type RotationDocument, summaryOf } from './document.ts';

/**
 * A rotation as JSON of schema `keysweep/plan/v1` or `keysweep/sweep/v1` (docs/schemas/plan-v1.schema.json,
 * docs/schemas/sweep-v1.schema.json).
 */
export function renderRotationJson(document: RotationDocument): string {
  const { kind, rotation, report, usage, ledger, topicArn, requests } = document;
  const {
    account,
    mode,
    startedAt,
    outcome,
    problems,
    notices,
    actions,
    left,
    sweep,
    dryRun,
    goneUsers = [],
    alreadySwept,
  } = rotation;
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
    summary: summaryOf(rotation),
    actions: actions.map(actionAsData),
    left: left.map(leftAsData),
    goneUsers,
    usage,
    stats: { requests: sortedByKey(requests) },
  });
}

function actionAsData(action: RotationAction): object {
  const { type, notice, about, change, reasons, dueAt, outcome, detail, why, unjudged } = action;
  return { type, notice, about, change, ...namesAsData(action), reasons, dueAt, outcome, why, detail, unjudged };
}

function leftAsData(left: RotationLeft): object {
  const { hold, until, why, unjudged } = left;
  return { hold, ...namesAsData(left), until, why, unjudged };
}

function namesAsData({ credential, principal }: Pick<RotationLeft, 'credential' | 'principal'>): object {
  return {
    credential: { kind: credential.kind, id: credential.id, slot: credential.slot },
    principal: { kind: principal.kind, name: principal.name, arn: principal.arn },
  };
}
