/** A message about findings as data, for programs. */

import type { FindingsNews } from '../../core/findings/findings-news.ts';
import { given } from '../../core/given.ts';
import { allKinds } from '../../core/kinds/kinds.ts';
import { type Account, type Audit, type Severity, severities } from '../../core/model.ts';
import type { NextStep, NoticeData, NoticeDataItem } from '../../core/notice.ts';
import type { Mode } from '../../core/policy/policy.ts';
import { consolePage } from '../aws-places.ts';
import { clip } from '../mail-text.ts';
import { counted, kindsInWords, severitiesInWords, timeInWords } from '../words.ts';
import { type FindingEntry, type FindingGroup, findingGroups, knownRule, ruleTitle } from './finding-groups.ts';
import { policyNotes } from './policy-notes.ts';
import { subjectAbout } from './subject.ts';

export interface FindingsInput {
  readonly audit: Audit;
  readonly mode: Mode;
  readonly news: FindingsNews;
  /** Where the whole audit is kept, as it is shown to people: an address, best one that can be opened. */
  readonly fullReport?: string;
}

/** All of a message about findings, nothing left out. */
export function findingsData(input: FindingsInput): NoticeData {
  const { audit, mode, news, fullReport } = input;
  const { account, asOf, summary } = audit;
  // Not of tonight: what a later audit tells again, because no one knows whether it was heard, is the same message.
  const id = `findings/${account.id}/${news.changedAt.toISOString()}`;
  const groups = findingGroups(news);
  return {
    schema: 'keysweep/notice/v1',
    id,
    thread: id,
    kind: 'findings',
    severity: worstOf(news),
    account,
    subject: subjectOf(input),
    summary: sumOf(news),
    at: asOf.toISOString(),
    mode,
    audit: summary,
    notes: notesOf(input),
    groups: groups.map(({ entries, ...group }) => ({ ...group, count: entries.length })),
    items: groups.flatMap((group) => group.entries.map((entry) => toItem(entry, group, account))),
    omitted: 0,
    nextSteps: nextStepsOf(news),
    ...given({ fullReport }),
  };
}

/** `4 new findings (1 critical, 3 high), 2 resolved, 1 check not possible`. */
export function sumOf(news: FindingsNews): string {
  return partsOf(news, severitiesInWords(newBySeverity(news))).join(', ');
}

function subjectOf({ audit: { account }, news }: FindingsInput): string {
  const candidates = [sumOf(news), partsOf(news).join(', '), 'findings have changed'];
  return subjectAbout(account, candidates);
}

function partsOf(news: FindingsNews, bySeverity?: string): readonly string[] {
  const { opened, resolved, unjudged, newlyExempt, newCritical } = news;
  const count = opened.length + newCritical;
  const parts = [
    count > 0 ? `${counted(count, 'new finding')}${bySeverity === undefined ? '' : ` (${bySeverity})`}` : undefined,
    newlyExempt.length > 0 ? `${newlyExempt.length} newly exempt` : undefined,
    resolved.length > 0 ? `${resolved.length} resolved` : undefined,
    unjudged.length > 0 ? `${counted(unjudged.length, 'check')} not possible` : undefined,
  ];
  return parts.filter((part) => part !== undefined);
}

function newBySeverity({ opened, newCritical }: FindingsNews): Readonly<Record<Severity, number>> {
  const counts = { critical: newCritical, high: 0, medium: 0, low: 0, info: 0 };
  for (const { finding } of opened) counts[finding.severity]++;
  return counts;
}

/** Of what is listed: what is critical has an alert of its own. */
function worstOf({ opened, unjudged, newlyExempt }: FindingsNews): Severity {
  const listed = [
    ...[...opened.map(({ finding }) => finding), ...unjudged].map(({ severity }) => severity),
    ...newlyExempt.map(({ finding: { severity } }) => (severity === 'critical' ? 'high' : severity)),
  ];
  return severities.find((severity) => listed.includes(severity)) ?? 'info';
}

const withLifecycle = allKinds.filter(({ off }) => off !== 'none').map(({ kind }) => kind);

/** What is open in total, since when it is judged, what is left out, and what of the policy has no effect. */
export function notesOf({ audit: { summary, usage }, mode, news }: FindingsInput): readonly string[] {
  const { notifiedUpTo, newCritical } = news;
  const { bySeverity, fail, error } = summary;
  const notes = [
    fail > 0
      ? `Open now: ${counted(fail, 'finding')} (${severitiesInWords(bySeverity)}).`
      : error > 0
        ? 'Nothing that could be judged is open.'
        : 'Nothing is open anymore.',
    notifiedUpTo === undefined
      ? 'According to its records, keysweep has reported no earlier audit of this account, so everything open counts as new.'
      : `Changes since the audit of ${timeInWords(notifiedUpTo)}.`,
    bySeverity.critical > 0 ? aboutCritical(bySeverity.critical, newCritical) : undefined,
    mode === 'audit'
      ? undefined
      : `Unused, too old and inactive ${kindsInWords(withLifecycle)} are not listed here: the digest reports them.`,
    ...policyNotes(usage),
  ];
  return notes.filter((note) => note !== undefined);
}

function aboutCritical(count: number, fresh: number): string {
  const news = fresh === 0 || fresh === count ? '' : ` (${fresh} new)`;
  return `${counted(count, 'critical finding')}${news} ${count === 1 ? 'is' : 'are'} listed in the alert, not here.`;
}

function nextStepsOf({ opened }: FindingsNews): readonly NextStep[] {
  return [
    { text: 'Current findings', command: 'keysweep audit' },
    { text: 'Why a rule matters and what it checks', command: 'keysweep rules RULE' },
    ...(opened.length === 0
      ? []
      : [
          {
            text: 'To accept a finding, request an exemption in keysweep.yaml, with a reason, an owner and an expiry date',
          },
        ]),
  ];
}

function toItem(
  { finding, since, raisedFrom, resolution, outcome }: FindingEntry,
  group: FindingGroup,
  account: Account,
) {
  const { principal, credential, severity, status, reason, evidence } = finding;
  const rule = knownRule(finding.rule);
  const page = principal.kind === 'account' || resolution !== undefined ? undefined : consolePage(finding, account);
  const item: NoticeDataItem = {
    group: group.id,
    finding: finding.id,
    ...given({ rule }),
    title: clip(ruleTitle(finding)),
    severity,
    ...(resolution !== undefined ? { resolution } : { status }),
    ...(status === 'exempt' && finding.exemption !== undefined ? { exemption: finding.exemption } : {}),
    ...given({ raisedFrom }),
    principal,
    ...given({ credential }),
    why: clip(status === 'exempt' ? (outcome ?? reason) : reason),
    evidence,
    ...(since === undefined ? {} : { foundAt: since.toISOString() }),
    ...given({ console: page }),
  };
  return item;
}
