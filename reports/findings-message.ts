import { isRetirableKind } from '../core/kinds/kinds.ts';
import type { Audit, Finding } from '../core/model.ts';
import type { Notice } from '../core/notice.ts';
import { consoleUrl } from './aws-places.ts';
import { sinceWhen } from './evidence-words.ts';
import { factLines, fold, joinBlocks, shown } from './mail-text.ts';
import { composeNotice } from './notices/compose.ts';
import { type FindingEntry, type FindingGroup, findingGroups, ruleTitle } from './notices/finding-groups.ts';
import { type FindingsInput, findingsData, notesOf, sumOf } from './notices/findings-data.ts';
import { namedInChats } from './notices/naming.ts';
import { bytesAsPart, largestBody } from './notices/sizes.ts';
import { printable } from './printable.ts';
import { accountInWords, counted, credentialInWords, sourceInWords, subjectInWords } from './words.ts';

/** How much the message shows: so many new findings in full, so many more of each group on one line. */
interface Fullness {
  readonly full: number;
  readonly short: number;
}

/** The first that fits. The last one fits always: lines are clipped, and the number of groups is limited. */
const fullnesses: readonly [Fullness, ...Fullness[]] = [
  { full: 10, short: 50 },
  { full: 5, short: 20 },
  { full: 1, short: 5 },
  { full: 0, short: 1 },
];

/** Before these where no report is linked: what the message does not name is not notified. */
const naming: Fullness = { full: 10, short: 500 };

const unabridged: Fullness = { full: Number.POSITIVE_INFINITY, short: Number.POSITIVE_INFINITY };

/**
 * The message about what an audit found changed since people were notified last: what is new, the most urgent first and with
 * what to do about it, what could not be judged, and what is resolved. Critical findings are counted; {@link criticalAlert}
 * lists them.
 */
export function findingsMessage(input: FindingsInput): Notice {
  return composeNotice(findingsData(input), fitted(input).body);
}

/** Ids of the findings that some form of the message does not name; none where a report that does is linked. */
export function unnamedInMessage(input: FindingsInput, message: Notice): readonly string[] {
  if (input.fullReport !== undefined) return [];
  const inChats = namedInChats(message);
  const { full, short } = fitted(input).fullness;
  let left = full;
  return findingGroups(input.news).flatMap(({ rule, entries }) => {
    const inFull = rule === undefined ? 0 : Math.min(left, entries.length);
    left -= inFull;
    return entries.slice(Math.min(inFull + short, inChats)).map(({ finding }) => finding.id);
  });
}

function fitted(input: FindingsInput): { readonly body: string; readonly fullness: Fullness } {
  const [first, ...others] = input.fullReport === undefined ? [naming, ...fullnesses] : fullnesses;
  let [body, chosen] = [bodyOf(input, first), first];
  for (const fullness of others) {
    if (bytesAsPart(body) <= largestBody) break;
    [body, chosen] = [bodyOf(input, fullness), fullness];
  }
  return { body, fullness: chosen };
}

/** The message with everything in full. For keeping where it can point to it. */
export function fullFindingsMessage({ fullReport: _, ...input }: FindingsInput): string {
  return bodyOf(input, unabridged);
}

function bodyOf(input: FindingsInput, { full, short }: Fullness): string {
  const { audit, news } = input;
  let left = full;
  const notified = findingGroups(news).flatMap((group) => {
    const inFull = group.rule === undefined ? [] : group.entries.slice(0, left);
    left -= inFull.length;
    return describeGroup(group, inFull, short, input);
  });
  return joinBlocks([
    [
      ...fold(`${sumOf(news)} in AWS account ${accountInWords(audit.account)}.`),
      ...notesOf(input).flatMap((note) => fold(note)),
      ...sourceInWords(audit, openedIn(audit, news)).flatMap((sentence) => fold(sentence)),
    ],
    ...notified,
    closing(input),
  ]);
}

/** What is new, as the audit found it. */
function openedIn({ findings }: Audit, { opened }: FindingsInput['news']): readonly Finding[] {
  const ids = new Set(opened.map(({ finding }) => finding.id));
  return findings.filter(({ id }) => ids.has(id));
}

function describeGroup(
  group: FindingGroup,
  inFull: readonly FindingEntry[],
  short: number,
  input: FindingsInput,
): string[][] {
  const rest = group.entries.slice(inFull.length);
  const lines = rest.slice(0, short).flatMap((entry) => fold(inOneLine(entry, group), '   ', '     '));
  const more = rest.length - Math.min(short, rest.length);
  return [
    [...fold(headingOf(group)), ...group.advice.flatMap((advice) => fold(advice))],
    ...inFull.map((entry, index) => inDetail(entry, index + 1, input)),
    ...(lines.length === 0 ? [] : [lines]),
    ...(more === 0 ? [] : [[`   ... and ${more} more: ${whereIsMore(input)}`]]),
  ];
}

/** `NEW, HIGH: Console user has no MFA [console-mfa-missing] (3)`. */
function headingOf({ title, rule, entries }: FindingGroup): string {
  const [kind = '', ...name] = title.split(': ');
  const rest = name.length === 0 ? '' : `: ${name.join(': ')} [${rule}]`;
  return `${kind.toUpperCase()}${rest} (${entries.length})`;
}

function inDetail({ finding, raisedFrom }: FindingEntry, number: number, { audit: { account } }: FindingsInput) {
  const { principal, reason, evidence } = finding;
  return [
    ...fold(`${number}. ${nameOf(finding)}`, '', '   '),
    ...factLines([
      { label: 'What', text: shown(reason) },
      { label: 'Since', text: sinceWhen(evidence) },
      { label: 'Was', text: raisedFrom },
      { label: 'Console', text: principal.kind === 'account' ? undefined : consoleUrl(finding, account) },
    ]),
  ];
}

function inOneLine({ finding, raisedFrom, outcome }: FindingEntry, { rule }: FindingGroup): string {
  const title = rule === undefined ? `${shown(ruleTitle(finding))}: ` : '';
  const was = raisedFrom === undefined ? '' : `; it was ${raisedFrom}`;
  return `${nameOf(finding)}: ${title}${shown(outcome ?? finding.reason)}${was}`;
}

function nameOf({ principal, credential }: FindingEntry['finding']): string {
  const subject = subjectInWords(principal);
  // Of what has no id the rule says all.
  const key = credential !== undefined && isRetirableKind(credential.kind) ? credentialInWords(credential) : '';
  return shown(key === '' ? subject : `${key} of ${subject}`);
}

function whereIsMore({ fullReport }: FindingsInput): string {
  return fullReport === undefined ? 'run keysweep audit' : 'see the full report';
}

function closing({ audit: { account, summary }, mode, fullReport }: FindingsInput): string[] {
  const { fail, exempt, error } = summary;
  return [
    `This audit: ${counted(fail, 'finding')}, ${exempt} exempt, ${error} not judged.`,
    ...(fullReport === undefined ? [] : ['Full report:', `    ${printable(fullReport)}`]),
    `For the current state, with credentials for account ${account.id}:`,
    '    keysweep audit',
    'Why a rule matters and what it checks:',
    '    keysweep rules RULE',
    ...fold('To accept a finding, request an exemption in keysweep.yaml, with a reason, an owner and an expiry date.'),
    ...(mode === 'audit' ? ['keysweep runs in mode audit and has changed nothing.'] : []),
  ];
}
