import { createColors } from 'picocolors';
import { describeExemption } from '../core/findings/exempt.ts';
import type { Audit, Finding, FindingStatus, Severity } from '../core/model.ts';
import { remediesOf, ruleById } from '../core/rules/index.ts';
import { nextSteps } from './next-steps.ts';
import { policySection } from './policy-section.ts';
import { printable } from './printable.ts';
import type { Row, Sheet } from './rows.ts';
import { layOut, listItem, sheetFor } from './rows.ts';
import { displayWidth, wrap } from './text-layout.ts';
import {
  accountInWords,
  counted,
  credentialInWords,
  missingUsersInWords,
  reportAgeInWords,
  reportLagInWords,
  severitiesInWords,
  subjectInWords,
  timeInWords,
} from './words.ts';

/** How text for people is set. `width` is in character cells. */
export interface TextStyle {
  readonly width: number;
  readonly color: boolean;
}

type Colors = ReturnType<typeof createColors>;
type Paint = (text: string) => string;

/**
 * An audit for people: who was looked at, the findings worst first with one heading a rule, what could not be judged,
 * what is exempt, and what to do next. Nothing is cut off: names and reasons wrap, key ids stay whole.
 */
export function renderTable(audit: Audit, style: TextStyle): string {
  const width = Math.min(Math.max(style.width, 40), 140);
  const colors = createColors(style.color);
  const sheet = sheetFor([...audit.findings, ...(audit.mended ?? [])].map(toRow), width);
  const withStatus = (status: FindingStatus) => audit.findings.filter((finding) => finding.status === status);
  const sections = [
    heading(audit, width, colors),
    ...grouped(withStatus('fail'), ({ severity, rule }) => `${severity} ${rule}`).map((group) =>
      failedSection(group, sheet, colors),
    ),
    ...grouped(withStatus('error'), ({ reason }) => reason).map((group) => unjudgedSection(group, sheet, colors)),
    exemptSection(withStatus('exempt'), sheet, colors),
    mendedSection(audit.mended ?? [], sheet, colors),
    missingSection(audit, width),
    (audit.unconfirmed ?? []).flatMap((what) => wrap(`Not confirmed: ${printable(what)}.`, width)),
    policySection(audit.usage, width, colors),
    verdict(audit, width, colors),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function heading(audit: Audit, width: number, colors: Colors): string[] {
  const account = `AWS account ${accountInWords(audit.account)}, as of ${timeInWords(audit.asOf)}`;
  const report = `Credential report ${reportAgeInWords(audit.report, audit.asOf)}`;
  const lag = reportLagInWords(audit.report, audit.findings, audit.asOf);
  return [
    ...wrap(account, width).map(colors.bold),
    ...wrap(report, width),
    ...(lag === undefined ? [] : wrap(lag, width)),
  ];
}

/** Findings that share a heading. */
type Group = readonly [Finding, ...Finding[]];

/** Groups in the order of their first finding: worst first, because the findings are. */
function grouped(findings: readonly Finding[], keyOf: (finding: Finding) => string): Group[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const group = groups.get(keyOf(finding));
    if (group === undefined) groups.set(keyOf(finding), [finding]);
    else group.push(finding);
  }
  return [...groups.values()];
}

function failedSection(group: Group, sheet: Sheet, colors: Colors): string[] {
  const [{ severity, rule }] = group;
  return [
    ...title(severity.toUpperCase(), severityPaint(severity, colors), group, sheet, colors),
    ...group.flatMap((finding) => layOut(toRow(finding), sheet)),
    ...remediesOf(rule, group).flatMap((remedy) => indented(`Fix: ${remedy}`, sheet.width).map(colors.dim)),
  ];
}

/** One reason often holds for many: a permission is missing for every user, and a damaged row for every rule. */
function unjudgedSection(group: Group, sheet: Sheet, colors: Colors): string[] {
  const [{ reason }] = group;
  const rules = [...new Set(group.map(({ rule }) => rule))];
  const rows = new Map(group.map(toRow).map((row) => [`${row.subject}\n${row.credential}`, row]));
  const label = 'NOT JUDGED';
  const paint = (text: string) => colors.bold(colors.magenta(text));
  const heading =
    rules.length === 1
      ? title(label, paint, group, sheet, colors)
      : [`${paint(label)}  ${colors.bold(`${rules.length} rules`)}`];
  return [
    ...heading,
    ...[...rows.values()].flatMap((row) => layOut(row, sheet)),
    ...indented(printable(reason), sheet.width).map(colors.magenta),
    ...(rules.length === 1 ? [] : indented(rules.join(', '), sheet.width).map(colors.dim)),
  ];
}

function exemptSection(findings: readonly Finding[], sheet: Sheet, colors: Colors): string[] {
  if (findings.length === 0) return [];
  return [
    `${colors.bold('EXEMPT')}  ${colors.bold(counted(findings.length, 'finding'))}`,
    ...findings.flatMap((finding) => layOut(toRow(finding), sheet)),
  ];
}

/** What the report shows, but IAM no longer. */
function mendedSection(findings: readonly Finding[], sheet: Sheet, colors: Colors): string[] {
  if (findings.length === 0) return [];
  return [
    `${colors.bold(colors.green('MENDED'))}  ${colors.bold(`${counted(findings.length, 'finding')} since the credential report`)}`,
    ...findings.flatMap((finding) => layOut(toRow(finding), sheet)),
  ];
}

/** `HIGH  Access key is unused (2)`, and the rule's id at the right edge, or below where there is no room. */
function title(label: string, paint: Paint, group: Group, sheet: Sheet, colors: Colors): string[] {
  const [{ rule }] = group;
  const count = group.length === 1 ? '' : ` (${group.length})`;
  const indent = label.length + 2;
  const [first = '', ...rest] = wrap(`${ruleById(rule).title}${count}`, sheet.width - indent);
  const blank = Math.min(sheet.width, 100) - indent - displayWidth(first) - rule.length;
  const isBeside = rest.length === 0 && blank >= 2;
  return [
    `${paint(label)}  ${colors.bold(first)}${isBeside ? ' '.repeat(blank) + colors.dim(rule) : ''}`,
    ...rest.map((line) => ' '.repeat(indent) + colors.bold(line)),
    ...(isBeside ? [] : [' '.repeat(indent) + colors.dim(rule)]),
  ];
}

function missingSection({ missingUsers }: Audit, width: number): string[] {
  const gone = missingUsersInWords(missingUsers);
  return gone === undefined ? [] : wrap(`${gone}. Renamed users are judged with the next report.`, width);
}

/** The last lines, which stay on the screen: the sums, and what to do next. */
function verdict(audit: Audit, width: number, colors: Colors): string[] {
  const { fail, exempt, error } = audit.summary;
  const checked = `${counted(audit.report.rows - (audit.missingUsers?.length ?? 0), 'principal')} checked`;
  const apart = [error > 0 ? `${error} not judged` : undefined, exempt > 0 ? `${exempt} exempt` : undefined]
    .filter((part) => part !== undefined)
    .map((part) => `, ${part}`)
    .join('');
  const next = nextSteps(audit).flatMap((step) => listItem(step, width));
  if (fail === 0 && error === 0) {
    const clean = exempt === 0 ? 'nothing to report' : 'nothing open';
    return [...wrap(`${checked}, ${clean}${apart}.`, width).map(colors.green), ...next];
  }
  const sums =
    fail === 0 ? 'no findings' : `${counted(fail, 'finding')} (${severitiesInWords(audit.summary.bySeverity)})`;
  return [...wrap(`${checked}: ${sums}${apart}.`, width).map(colors.bold), ...next];
}

function toRow(finding: Finding): Row {
  const { status, rule, reason, exemption } = finding;
  const names = { subject: subjectInWords(finding.principal), credential: credentialInWords(finding.credential) };
  switch (status) {
    case 'fail':
      return { ...names, details: printable(reason) };
    case 'error':
      return { ...names, details: '' };
    case 'exempt': {
      const excuse =
        exemption &&
        `by ${describeExemption(exemption)} until ${exemption.expires}, ${exemption.owner}: ${exemption.reason}`;
      return { ...names, details: rule, below: [reason, excuse ?? ''].filter((text) => text !== '').map(printable) };
    }
  }
}

function severityPaint(severity: Severity, colors: Colors): Paint {
  switch (severity) {
    case 'critical':
      return (text) => colors.bold(colors.bgRed(colors.white(text)));
    case 'high':
      return (text) => colors.bold(colors.red(text));
    case 'medium':
      return (text) => colors.bold(colors.yellow(text));
    case 'low':
      return (text) => colors.bold(colors.cyan(text));
    case 'info':
      return (text) => colors.bold(text);
  }
}

function indented(text: string, width: number): string[] {
  return wrap(text, width - 2).map((line) => `  ${line}`);
}
