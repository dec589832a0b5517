import { stringify } from 'csv-stringify/sync';
import type { Audit, Finding } from '../core/model.ts';
import { ruleById } from '../core/rules/index.ts';
import { printable } from './printable.ts';

type Cell = string | number | undefined;

/** Column name to value. The names and their order are a public interface: new columns go to the end. */
const columns: readonly (readonly [name: string, value: (finding: Finding, audit: Audit) => Cell])[] = [
  ['account_id', (_, audit) => audit.account.id],
  ['account_alias', (_, audit) => audit.account.alias],
  ['as_of', (_, audit) => audit.asOf.toISOString()],
  ['report_generated_at', (_, audit) => audit.report.generatedAt?.toISOString()],
  ['severity', (finding) => finding.severity],
  ['status', (finding) => finding.status],
  ['rule', (finding) => finding.rule],
  ['principal_kind', (finding) => finding.principal.kind],
  ['principal_name', (finding) => finding.principal.name],
  ['principal_arn', (finding) => finding.principal.arn],
  ['credential_kind', (finding) => finding.credential?.kind],
  ['credential_id', (finding) => finding.credential?.id],
  ['credential_slot', (finding) => finding.credential?.slot],
  ['reason', (finding) => finding.reason],
  ['evidence', (finding) => JSON.stringify(finding.evidence)],
  ['controls', (finding) => finding.controls.join(' ')],
  ['exemption_reason', (finding) => finding.exemption?.reason],
  ['exemption_owner', (finding) => finding.exemption?.owner],
  ['exemption_expires', (finding) => finding.exemption?.expires],
  ['finding_id', (finding) => finding.id],
  ['exemption_number', (finding) => finding.exemption?.number],
  ['exemption_match', (finding) => finding.exemption?.match],
  ['remedy', (finding) => finding.remedy ?? ruleById(finding.rule).remedy],
];

/**
 * The findings of an audit as CSV (RFC 4180: CRLF, quotes doubled), one row a finding, with a header even without any.
 *
 * Made for spreadsheets: text that one would run as a formula, such as the user name `=cmd` (IAM allows it), gets an
 * apostrophe before it; `principal_arn` holds the name as it is.
 */
export function renderCsv(audit: Audit): string {
  const header = columns.map(([name]) => name);
  const rows = audit.findings.map((finding) => columns.map(([, value]) => toText(value(finding, audit))));
  return stringify([header, ...rows], { record_delimiter: 'windows', escape_formulas: true, quoted_match: /[;\r\n]/ });
}

function toText(cell: Cell): string {
  return cell === undefined ? '' : printable(String(cell));
}
