import type { Audit, Finding } from '../core/model.ts';
import { severities } from '../core/model.ts';
import { jsonText, sortedByKey } from './json-text.ts';

/**
 * An audit as JSON of schema `keysweep/audit/v1` (docs/schemas/audit-v1.schema.json): keys in a fixed order, times in
 * ISO 8601 UTC, pretty-printed, with a newline at the end.
 */
export function renderJson(audit: Audit): string {
  return jsonText(auditAsData(audit));
}

function auditAsData(audit: Audit): object {
  const { account, report, summary, missingUsers = [], stats } = audit;
  return {
    schema: audit.schema,
    account: { id: account.id, partition: account.partition, alias: account.alias },
    asOf: audit.asOf,
    report: {
      generatedAt: report.generatedAt,
      ageUnknown: report.ageUnknown,
      currentUntil: report.currentUntil,
      rows: report.rows,
      notRenewed: report.notRenewed,
    },
    summary: {
      fail: summary.fail,
      exempt: summary.exempt,
      error: summary.error,
      bySeverity: Object.fromEntries(severities.map((severity) => [severity, summary.bySeverity[severity]])),
    },
    findings: audit.findings.map(findingAsData),
    missingUsers,
    mended: audit.mended?.map(findingAsData),
    unconfirmed: audit.unconfirmed,
    usage: audit.usage,
    stats: { requests: sortedByKey(stats.requests), durationMs: stats.durationMs },
  };
}

export function findingAsData(finding: Finding): object {
  const { principal, credential, exemption } = finding;
  return {
    id: finding.id,
    rule: finding.rule,
    severity: finding.severity,
    status: finding.status,
    principal: { kind: principal.kind, name: principal.name, arn: principal.arn },
    credential: credential && { kind: credential.kind, id: credential.id, slot: credential.slot },
    reason: finding.reason,
    evidence: finding.evidence,
    remedy: finding.remedy,
    controls: finding.controls,
    exemption: exemption && {
      number: exemption.number,
      match: exemption.match,
      reason: exemption.reason,
      owner: exemption.owner,
      expires: exemption.expires,
    },
  };
}
