import { DAY } from '../core/duration.ts';
import { accessKey } from '../core/kinds/access-key.ts';
import type { Notice } from '../core/notice.ts';
import { consoleUrl } from './aws-places.ts';
import { factLines, fold, joinBlocks, shown } from './mail-text.ts';
import { planCommand, reactivateCommand, restoreCommand } from './notices/commands.ts';
import { composeNotice } from './notices/compose.ts';
import { digestData, nextStepsOf, ofUser } from './notices/digest-data.ts';
import type { DigestInput } from './notices/digest-input.ts';
import { namedInChats } from './notices/naming.ts';
import type { NoticeItem, WaitingItem } from './notices/notice-item.ts';
import { countKinds, kindCountsInWords, nounOf } from './notices/nouns.ts';
import { ownerInWords, summarizeOwners } from './notices/owners.ts';
import { partNotes } from './notices/part-notes.ts';
import { adviceOf, type Section, sections } from './notices/sections.ts';
import { bytesAsPart, largestBody } from './notices/sizes.ts';
import { sumsOf } from './notices/sums.ts';
import { waitingTitles } from './notices/waiting-groups.ts';
import { printable, withoutLinks } from './printable.ts';
import { accountInWords, counted, credentialInWords, dayAndTimeInWords } from './words.ts';

/** A digest, and whether every form of it names every item, or links to a text that does. */
export interface ComposedDigest {
  readonly notice: Notice;
  readonly namesAll: boolean;
}

/** How much is shown of each section: so many items in full, so many more on one line each, the rest counted. */
interface Fullness {
  readonly full: number;
  readonly short: number;
}

/** The first that fits. The last one fits always: lines are clipped, and the number of sections is fixed. */
const fullnesses: readonly Fullness[] = [
  { full: 25, short: Number.POSITIVE_INFINITY },
  { full: 10, short: 500 },
  { full: 5, short: 100 },
  { full: 1, short: 5 },
];

const unabridged: Fullness = { full: Number.POSITIVE_INFINITY, short: 0 };

/**
 * The one message that sums up a sweep for people, of at least one item: what happens to which key of which user, when,
 * why, and what to do about it, the most urgent first.
 */
export function composeDigest(input: DigestInput): ComposedDigest {
  let [body, named] = ['', 0];
  for (const fullness of fullnesses) {
    body = bodyOf(input, fullness);
    named = fullness.full + fullness.short;
    if (bytesAsPart(body) <= largestBody) break;
  }
  const notice = composeNotice(digestData(input), body);
  const ofASection = input.fullReport === undefined ? Math.min(named, namedInChats(notice)) : Number.POSITIVE_INFINITY;
  return { notice, namesAll: sections.every(({ holds }) => input.items.filter(holds).length <= ofASection) };
}

/** The digest with every item in full, however many there are. For keeping where the digest can point to it. */
export function fullDigest(input: DigestInput): string {
  const { fullReport: _, ...rest } = input;
  return bodyOf(rest, unabridged);
}

function bodyOf(input: DigestInput, fullness: Fullness): string {
  const { account, now, timezone, sweep, items, deferred, overdue, unjudged = [] } = input;
  const { notes = [], mode, isCorrection, fullReport } = input;
  const start = isCorrection ? 'Correction of what keysweep announced earlier tonight: ' : '';
  return joinBlocks([
    [
      ...fold(`AWS account ${accountInWords(account)}, ${dayAndTimeInWords(now, timezone)}, mode ${mode}.`),
      ...fold(`${start}${sumsOf(items).join(', ')}.`),
      ...[...notes, ...partNotes(input)].flatMap((note) => fold(printable(note))),
      ...(fullReport === undefined ? [] : ['Full report:', `    ${printable(fullReport)}`]),
      `Sweep ${shown(sweep)}`,
    ],
    ownerLines(input, fullness),
    ...sections.flatMap((section) => describeSection(section, input, fullness)),
    ...describeWaiting(waitingTitles.deferred, deferred, input, fullness),
    ...describeWaiting(waitingTitles.overdue, overdue, input, fullness),
    ...describeWaiting(waitingTitles.unjudged, unjudged, input, fullness),
    ...whatToDo(input),
  ]);
}

/** Owners that an e-mail lists; the full report lists them all. */
const mostOwnersInMails = 20;

function ownerLines({ items }: DigestInput, fullness: Fullness): string[] {
  const owners = summarizeOwners(items);
  const shownOwners = fullness === unabridged ? owners : owners.slice(0, mostOwnersInMails);
  const more = owners.length - shownOwners.length;
  return [
    'BY OWNER',
    ...shownOwners.flatMap((one) => fold(`${shown(ownerInWords(one))}: ${one.summary}`, '   ', '     ')),
    ...(more > 0 ? [`   ... and ${counted(more, 'more owner')}`] : []),
  ];
}

function whatToDo(input: DigestInput): string[][] {
  const steps = nextStepsOf(input).flatMap(({ text, command }) => [
    ...fold(`${text}${command === undefined ? '.' : ':'}`, '- ', '  '),
    ...(command === undefined ? [] : [`      ${command}`]),
  ]);
  return [['WHAT TO DO', ...steps], ...exemptionExample(input)];
}

function describeSection(section: Section, input: DigestInput, { full, short }: Fullness): string[][] {
  const { items, mode, timezone } = input;
  const own = items.filter(section.holds);
  if (own.length === 0) return [];
  const kinds = countKinds(own.map(({ credential }) => credential.kind));
  const heading = [headingOf(section.title, kinds), ...adviceOf(section, own, mode).flatMap((advice) => fold(advice))];
  const inFull = own.slice(0, full).map((item, index) => describeItem(item, index + 1, section, input));
  const inShort = own.slice(full, full + short).flatMap(({ why, ...item }) => {
    const due = item.dueAt === undefined ? '' : `, ${dayAndTimeInWords(item.dueAt, timezone)}`;
    return fold(`${nameInWords(item)}${due}${why === undefined ? '' : `: ${shown(why)}`}`, '   ', '     ');
  });
  const rest = own.length - inFull.length - Math.min(short, own.length - inFull.length);
  return [heading, ...inFull, ...(inShort.length === 0 ? [] : [inShort]), ...andMore(rest, input)];
}

function describeItem(
  item: NoticeItem,
  number: number,
  section: Section,
  { timezone, account, commandOptions }: DigestInput,
): string[] {
  const { credential, principal, owner, why } = item;
  return [
    `${number}. ${shown(credential.id)} of ${shown(principal.name)}`,
    ...factLines([
      { label: 'Owner', text: owner === undefined ? undefined : shown(withoutLinks(owner)) },
      { label: 'Why', text: why === undefined ? undefined : shown(why) },
      { label: 'When', text: section.when(item, timezone) },
      { label: 'Undo', text: section.isUndoable && restoreCommand(credential.id, commandOptions), isCommand: true },
      { label: 'or', text: section.isUndoable && reactivateCommand(ofUser(item, account)), isCommand: true },
      { label: 'Console', text: item.kind === 'deleted' ? undefined : consoleUrl({ principal }, account) },
    ]),
  ];
}

function describeWaiting(
  title: string,
  items: readonly WaitingItem[],
  input: DigestInput,
  { full, short }: Fullness,
): string[][] {
  if (items.length === 0) return [];
  const notified = items.slice(0, full + short);
  const lines = notified.flatMap((item) => fold(`${nameInWords(item)}: ${shown(item.why)}`, '   ', '     '));
  const kinds = countKinds(items.map(({ credential }) => credential.kind));
  return [[headingOf(title, kinds), ...lines], ...andMore(items.length - notified.length, input)];
}

/** `DEACTIVATED TONIGHT (2 access keys, 1 SSH key)`. */
function headingOf(title: string, kinds: Readonly<Record<string, number>>): string {
  return `${title.toUpperCase()} (${kindCountsInWords(kinds)})`;
}

function andMore(rest: number, { fullReport, commandOptions }: DigestInput): string[][] {
  if (rest === 0) return [];
  const where = fullReport === undefined ? `run ${planCommand(commandOptions)}` : 'see the full report';
  return [[`   ... and ${rest} more: ${where}`]];
}

function nameInWords({
  credential,
  principal,
  owner,
}: Pick<NoticeItem, 'principal' | 'owner'> & Pick<WaitingItem, 'credential'>): string {
  const { id } = credential;
  const name = `${id === undefined ? credentialInWords(credential) : shown(id)} of ${shown(principal.name)}`;
  return owner === undefined ? name : `${name} (owner ${shown(withoutLinks(owner))})`;
}

/** What names of IAM users consist of (IAM API reference, `UserName`); between quotes it means nothing else to YAML. */
const userName = /^[\w+=,.@-]+$/;

/**
 * An exemption to paste, only where something is coming that it would stop. It names the user as well: by the key's id
 * alone it could match any key where ids are not known, as in a saved report, and no key could be judged there.
 */
function exemptionExample({ items, now }: DigestInput): string[][] {
  const isComing = ({ kind, about }: NoticeItem) => about !== undefined || kind === 'deactivated';
  const isPlain = ({ credential, principal }: NoticeItem) =>
    /^\w+$/.test(credential.id) && userName.test(principal.name);
  const example = items.find((item) => isComing(item) && isPlain(item));
  if (example === undefined) return [];
  const expires = new Date(now.getTime() + 90 * DAY).toISOString().slice(0, 10);
  return [
    [
      `For example, to exempt ${nounOf([example.credential.kind]).one} ${example.credential.id} in keysweep.yaml:`,
      '',
      'exemptions:',
      '  - match:',
      `      user: "${example.principal.name}"`,
      `      ${example.credential.kind === accessKey.kind ? 'accessKeyId' : 'credentialId'}: ${example.credential.id}`,
      '    rules: "*"',
      '    reason: why it must stay',
      '    owner: you@example.com',
      `    expires: ${expires}`,
    ],
  ];
}
