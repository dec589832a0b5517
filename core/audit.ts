import { type Snapshot, takeSnapshot } from './lifecycle/snapshot.ts';
import { type Audit, type AuditStats, type AuditSummary, type Finding, type Observation, severities } from './model.ts';
import { observeReport } from './observe.ts';
import type { Policy } from './policy/policy.ts';
import { policyUsage } from './policy/usage.ts';
import type { ReportDocument } from './ports.ts';
import { parseReport } from './report/parse.ts';
import { createEvaluator, type Evaluator } from './rules/evaluate.ts';

/**
 * Audits a credential report offline, without AWS: findings name slots instead of key ids, and whatever depends on tags or
 * key ids gets status `error`. Returns everything that the report shows.
 *
 * @throws ReportError where the report cannot be read
 */
export function snapshotReport(document: ReportDocument, policy: Policy, asOf: Date): Snapshot {
  const { content, ...about } = document;
  const observation = observeReport(parseReport(content), about);
  const evaluator = createEvaluator(observation, policy, asOf);
  return takeSnapshot(observation, summarize(observation, evaluator, { requests: {}, durationMs: 0 }));
}

/** The audit of an observation that is as complete as it will get. */
export function summarize(
  observation: Observation,
  evaluator: Evaluator,
  stats: AuditStats,
  { mended = [], unconfirmed = [] }: Pick<Audit, 'mended' | 'unconfirmed'> = {},
): Audit {
  const { account, report, missingUsers } = observation;
  const { policy, asOf } = evaluator;
  const findings = evaluator.evaluate(observation);
  const missing = missingUsers === undefined || missingUsers.length === 0 ? {} : { missingUsers };
  const usage =
    policy.exemptions.length + policy.overrides.length === 0 ? {} : { usage: policyUsage(observation, policy, asOf) };
  return {
    schema: 'keysweep/audit/v1',
    account,
    asOf,
    report,
    summary: count(findings),
    findings,
    ...missing,
    ...(mended.length === 0 ? {} : { mended }),
    ...(unconfirmed.length === 0 ? {} : { unconfirmed }),
    ...usage,
    stats,
  };
}

function count(findings: readonly Finding[]): AuditSummary {
  const statuses = { fail: 0, exempt: 0, error: 0 };
  const bySeverity = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<
    Finding['severity'],
    number
  >;
  for (const { status, severity } of findings) {
    statuses[status]++;
    if (status === 'fail') bySeverity[severity]++;
  }
  return { ...statuses, bySeverity };
}
