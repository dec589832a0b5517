import type { Audit, Finding } from '../core/model.ts';
import type { Notice } from '../core/ports.ts';
import { ruleById } from '../core/rules/index.ts';
import { consoleUrl, lookUpEvents } from './aws-places.ts';
import { asciiOnly, printable } from './printable.ts';
import { accountInWords, counted, credentialInWords, reportAgeInWords, timeInWords } from './words.ts';

/** Findings told in full; an e-mail with more is skimmed, not read. */
const told = 10;
/** SNS takes under 100 characters. */
const longestSubject = 99;
/** Texts of AWS or of a policy have no sensible limit of their own. */
const longestLine = 400;

/**
 * The alert about an audit's critical findings, in plain text for a person who is woken by it; undefined where there is
 * nothing critical. Exempt findings wake nobody. A critical rule that could not be judged does: the account may be in
 * that very state, and silence would be read as a pass.
 */
export function criticalAlert(audit: Audit): Notice | undefined {
  const critical = audit.findings.filter((finding) => finding.severity === 'critical');
  const failed = critical.filter((finding) => finding.status === 'fail');
  const unjudged = critical.filter((finding) => finding.status === 'error');
  if (failed.length === 0 && unjudged.length === 0) return undefined;
  const sum = sumOf(failed, unjudged);
  return { subject: subjectOf(sum, audit), body: bodyOf(sum, [...failed, ...unjudged], audit) };
}

function sumOf(failed: readonly Finding[], unjudged: readonly Finding[]): string {
  const parts = [
    failed.length > 0 ? counted(failed.length, 'critical finding') : undefined,
    unjudged.length > 0 ? `${counted(unjudged.length, 'critical check')} not possible` : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function subjectOf(sum: string, { account }: Audit): string {
  const start = `keysweep: ${sum} in AWS account`;
  const full = `${start} ${accountInWords(account)}`;
  return asciiOnly(full.length <= longestSubject ? full : `${start} ${account.id}`).slice(0, longestSubject);
}

function bodyOf(sum: string, findings: readonly Finding[], audit: Audit): string {
  const shown = findings.slice(0, told);
  const more = findings.length - shown.length;
  const { fail, exempt, error } = audit.summary;
  const blocks = [
    [
      `${sum} in AWS account ${accountInWords(audit.account)}.`,
      `Judged as of ${timeInWords(audit.asOf)}, by the credential report ${reportAgeInWords(audit.report, audit.asOf)}.`,
    ],
    ...shown.map((finding, at) => tell(finding, at + 1, audit)),
    ...(more > 0 ? [[`... and ${more} more of this kind, left out here.`]] : []),
    [
      `The whole audit: ${counted(fail, 'finding')}, ${exempt} exempt, ${error} not judged. See them all with`,
      '    keysweep audit',
      `run with credentials for account ${audit.account.id}. keysweep has changed nothing.`,
    ],
  ];
  return `${blocks.map((lines) => lines.map(clip).join('\n')).join('\n\n')}\n`;
}

function tell(finding: Finding, number: number, { account }: Audit): string[] {
  const rule = ruleById(finding.rule);
  const isUnjudged = finding.status === 'error';
  const facts: readonly (readonly [label: string, text: string | undefined])[] = [
    ['Who', whoIs(finding)],
    ['Key', keyOf(finding)],
    ['What', printable(finding.reason)],
    ['Since', sinceWhen(finding)],
    [
      'Do',
      isUnjudged
        ? 'Give the audit what it lacks (see What), then run it again. Until then assume the worst.'
        : rule.remedy,
    ],
    ['Look', consoleUrl(finding.principal, account)],
    ['Activity', lookUpEvents(finding, account)],
  ];
  const heading = isUnjudged ? `Not judged: "${rule.title}"` : rule.title;
  return [
    `${number}. ${heading} [${finding.rule}]`,
    ...facts.flatMap(([label, text]) => (text === undefined ? [] : [`   ${label.padEnd(10)}${text}`])),
  ];
}

function whoIs({ principal }: Finding): string {
  const name = { root: 'the root user', user: printable(principal.name), account: 'the account itself' }[
    principal.kind
  ];
  return `${name} (${printable(principal.arn)})`;
}

function keyOf({ principal, credential }: Finding): string | undefined {
  if (credential === undefined) return undefined;
  const name = credentialInWords(credential);
  const isNameless = principal.kind === 'root' && credential.kind === 'access-key' && credential.id === undefined;
  return isNameless ? `${name} (AWS shows the ids of root keys only to the root user)` : name;
}

/** From the evidence: when the credential was made, and when it was last used, service and region included. */
function sinceWhen({ evidence }: Finding): string | undefined {
  const { createdAt, lastUsed, lastUsedAt, lastUsedService, lastUsedRegion } = evidence;
  const place = [lastUsedService, lastUsedRegion].filter((part) => typeof part === 'string').map(String);
  const used =
    typeof lastUsedAt === 'string'
      ? `last used ${instantInWords(lastUsedAt)}${place.length === 0 ? '' : ` (${printable(place.join(', '))})`}`
      : lastUseInWords(lastUsed);
  const created = typeof createdAt === 'string' ? `created ${instantInWords(createdAt)}` : undefined;
  const parts = [created, used].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}

function lastUseInWords(lastUsed: unknown): string | undefined {
  if (lastUsed === 'never') return 'never used';
  return lastUsed === 'unknown' ? 'last use unknown' : undefined;
}

function instantInWords(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? printable(iso) : timeInWords(time);
}

function clip(line: string): string {
  return line.length <= longestLine ? line : `${line.slice(0, longestLine - 3)}...`;
}
