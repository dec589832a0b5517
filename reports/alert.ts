import type { FindingHistory } from '../core/findings/findings-news.ts';
import { given } from '../core/given.ts';
import type { Audit, Finding } from '../core/model.ts';
import type { Notice, NoticeData, NoticeDataItem } from '../core/notice.ts';
import { remediesOf, ruleById } from '../core/rules/index.ts';
import { consolePage, consoleUrl, lookUpEvents } from './aws-places.ts';
import { foundWhen, keyInWords, sinceWhen } from './evidence-words.ts';
import { clip, factLines, fold, joinBlocks, shown } from './mail-text.ts';
import { composeNotice } from './notices/compose.ts';
import { namedInChats } from './notices/naming.ts';
import { subjectAbout } from './notices/subject.ts';
import { printable } from './printable.ts';
import { accountInWords, counted, sourceInWords } from './words.ts';

/** What an alert says beside the findings. */
export interface AlertOptions {
  /** Where {@link fullAlert} is kept, as it is shown to people: an address, best one that can be opened. */
  readonly fullReport?: string;
  /**
   * What is open, by the id of the finding, as it was before anyone was notified tonight. Undefined where nothing is known of
   * an audit before: an alert then says nothing about what is new.
   */
  readonly history?: ReadonlyMap<string, FindingHistory>;
}

/** Findings shown in full; an e-mail with more is skimmed, not read. */
const notified = 10;
/** Further ones that are named, one a line, where no report is linked that names them. */
const mostNamed = 500;

/** An audit's critical findings. What could not be judged is kept apart: it may be fine, and must not be read so. */
interface Critical {
  readonly audit: Audit;
  readonly history: AlertOptions['history'];
  readonly failed: readonly Finding[];
  readonly unjudged: readonly Finding[];
}

/**
 * The alert about an audit's critical findings, for a person who is woken by it; undefined where there is nothing
 * critical. Exempt findings wake no one. A critical rule that could not be judged does: the account may be in that very
 * state, and silence would be read as a pass.
 */
export function criticalAlert(audit: Audit, options: AlertOptions = {}): Notice | undefined {
  const critical = criticalOf(audit, options);
  if (critical === undefined) return undefined;
  return composeNotice(dataOf(critical, options), bodyOf(critical, { ...options, notified }));
}

/** Ids of the findings that some form of the alert does not name; none where a report that does is linked. */
export function unnamedInAlert(audit: Audit, alert: Notice): readonly string[] {
  if (alert.data.fullReport !== undefined) return [];
  const ofAGroup = namedInChats(alert);
  const { failed = [], unjudged = [] } = criticalOf(audit, {}) ?? {};
  const unnamed = [
    ...failed.slice(ofAGroup),
    ...unjudged.slice(ofAGroup),
    ...[...failed, ...unjudged].slice(notified + mostNamed),
  ];
  return unnamed.map(({ id }) => id);
}

/** The alert with every critical finding in full; undefined where there is none. For keeping where it can point to it. */
export function fullAlert(audit: Audit, options: AlertOptions = {}): string | undefined {
  const critical = criticalOf(audit, options);
  return critical && bodyOf(critical, { notified: Number.POSITIVE_INFINITY });
}

/** The findings that an alert tells of, in the order of the audit. */
export function alertedFindings({ findings }: Audit): readonly Finding[] {
  return findings.filter(({ severity, status }) => severity === 'critical' && status !== 'exempt');
}

function criticalOf(audit: Audit, { history }: AlertOptions): Critical | undefined {
  const critical = alertedFindings(audit);
  const failed = critical.filter((finding) => finding.status === 'fail');
  const unjudged = critical.filter((finding) => finding.status === 'error');
  return failed.length === 0 && unjudged.length === 0 ? undefined : { audit, history, failed, unjudged };
}

function sumOf(critical: Critical): string {
  const { failed, unjudged, history } = critical;
  const news = failed.filter((finding) => isNew(finding, critical)).length;
  const known = history === undefined ? '' : ` (${news === 0 ? 'none' : news} new)`;
  const parts = [
    failed.length > 0 ? `${counted(failed.length, 'critical finding')}${known}` : undefined,
    unjudged.length > 0 ? `${counted(unjudged.length, 'critical check')} not possible` : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** What no alert is known to have notified of counts as new: a filter for news must not silence it. */
function isNew({ id, status }: Finding, { history }: Critical): boolean {
  return status === 'error' || history?.get(id)?.alerted !== true;
}

function bodyOf(critical: Critical, options: AlertOptions & { readonly notified: number }): string {
  const { audit, failed, unjudged } = critical;
  const findings = [...failed, ...unjudged];
  const first = findings.slice(0, options.notified);
  const rest = options.fullReport === undefined ? findings.slice(first.length).slice(0, mostNamed) : [];
  const more = findings.length - first.length - rest.length;
  return joinBlocks([
    [
      ...fold(`${sumOf(critical)} in AWS account ${accountInWords(audit.account)}.`),
      ...sourceInWords(audit, findings).flatMap((sentence) => fold(sentence)),
    ],
    ...first.map((finding, at) => tell(finding, at + 1, critical)),
    ...(rest.length > 0 ? [rest.flatMap((finding) => fold(clip(inOneLine(finding), 200), '   ', '     '))] : []),
    ...(more > 0 ? [[`... and ${more} more: see the full report`]] : []),
    closing(audit, options),
  ]);
}

function closing({ account, summary }: Audit, { fullReport }: AlertOptions): string[] {
  const { fail, exempt, error } = summary;
  return [
    `This audit: ${counted(fail, 'finding')}, ${exempt} exempt, ${error} not judged.`,
    ...(fullReport === undefined ? [] : ['Full report:', `    ${printable(fullReport)}`]),
    `For the current state, with credentials for account ${account.id}:`,
    '    keysweep audit',
    'keysweep has changed nothing.',
  ];
}

function tell(finding: Finding, number: number, { audit, history }: Critical): string[] {
  const { account, asOf } = audit;
  const { principal, evidence, credential } = finding;
  return [
    ...fold(`${number}. ${titleOf(finding)} [${finding.rule}]`, '', '   '),
    ...factLines([
      { label: 'Who', text: whoIs(finding) },
      { label: 'Key', text: keyInWords(principal, credential) },
      { label: 'What', text: shown(finding.reason) },
      { label: 'Since', text: sinceWhen(evidence) },
      { label: 'Found', text: foundWhen(history?.get(finding.id)?.since.toISOString(), asOf.toISOString()) },
      { label: 'Fix', text: whatToDo(finding) },
      { label: 'Console', text: consoleUrl(finding, account) },
      { label: 'Activity', text: lookUpEvents(finding, account), isCommand: true },
    ]),
  ];
}

function inOneLine(finding: Finding): string {
  const key = keyInWords(finding.principal, finding.credential);
  return `${titleOf(finding)}: ${whoIs(finding)}${key === undefined ? '' : `, ${shown(key)}`}`;
}

function titleOf({ rule, status }: Finding): string {
  const { title } = ruleById(rule);
  return status === 'error' ? `Not judged: "${title}"` : title;
}

function whatToDo(finding: Finding): string {
  return finding.status === 'error'
    ? 'Fix what made the check impossible (see What), then run the audit again. Until then, assume the worst.'
    : remediesOf(finding.rule, [finding]).join(' ');
}

function whoIs({ principal }: Finding): string {
  const name = { root: 'the root user', user: shown(principal.name), account: 'the account' }[principal.kind];
  return `${name} (${shown(principal.arn)})`;
}

function dataOf(critical: Critical, { fullReport }: AlertOptions): NoticeData {
  const { audit, failed, unjudged } = critical;
  const { account, asOf, summary } = audit;
  const id = `alert/${account.id}/${asOf.toISOString()}`;
  const groups = [
    { id: 'critical', title: 'Critical', count: failed.length, advice: [] },
    {
      id: 'not-judged',
      title: 'Not judged',
      count: unjudged.length,
      advice: ['The account may be in exactly this state. Until it can be judged, assume the worst.'],
    },
  ];
  return {
    schema: 'keysweep/notice/v1',
    id,
    thread: id,
    kind: 'alert',
    severity: 'critical',
    account,
    subject: subjectAbout(account, [sumOf(critical)]),
    summary: sumOf(critical),
    at: asOf.toISOString(),
    audit: summary,
    newFindings: [...failed, ...unjudged].filter((finding) => isNew(finding, critical)).length,
    groups: groups.filter(({ count }) => count > 0),
    items: [...failed, ...unjudged].map((finding) => toItem(finding, critical)),
    omitted: 0,
    nextSteps: [{ text: 'Current findings', command: 'keysweep audit' }],
    ...given({ fullReport }),
  };
}

function toItem(finding: Finding, { audit: { account }, history }: Critical): NoticeDataItem {
  const { principal, credential, evidence, rule, reason, status } = finding;
  const activity = lookUpEvents(finding, account);
  const page = consolePage(finding, account);
  const foundAt = history?.get(finding.id)?.since.toISOString();
  return {
    group: status === 'error' ? 'not-judged' : 'critical',
    rule,
    title: titleOf(finding),
    status: status === 'error' ? 'error' : 'fail',
    principal,
    ...given({ credential }),
    why: clip(reason),
    evidence,
    ...given({ foundAt }),
    remedy: whatToDo(finding),
    ...given({ activity, console: page }),
  };
}
