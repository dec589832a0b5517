import { DAY } from '../core/duration.ts';
import type { Account } from '../core/model.ts';
import type { Mode } from '../core/policy/policy.ts';
import type { Notice } from '../core/ports.ts';
import { consoleUrl } from './aws-places.ts';
import type { NoticeItem, WaitingItem } from './notices/notice-item.ts';
import { type Section, sections } from './notices/sections.ts';
import { asciiOnly, printable } from './printable.ts';
import { accountInWords, counted, timeInWords } from './words.ts';

export interface DigestInput {
  readonly account: Account;
  readonly now: Date;
  /** Id of the sweep, for whoever looks it up in the ledger or the logs. */
  readonly sweep: string;
  readonly mode: Mode;
  readonly items: readonly NoticeItem[];
  /** Due, and put off by a cap of the policy. */
  readonly deferred: readonly WaitingItem[];
  /** Due, and not done because of the policy's mode. */
  readonly overdue: readonly WaitingItem[];
  /** This corrects a digest that went out earlier in the same sweep. */
  readonly isCorrection?: boolean;
}

/** How much is told of each section: so many items in full, so many more on one line each, the rest counted. */
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

/** SNS takes 256 KiB; some of it is left for what carries the text. In bytes. */
const largestBody = 200 * 1024;
const longestSubject = 99;
/** Texts of AWS, of tags or of a policy have no sensible limit of their own. */
const longestLine = 400;

/**
 * The one message that sums up a sweep for people: what happens to which key of which user, when, why, and what to do
 * about it, the most urgent first; undefined where there is nothing to tell. Waiting deeds alone are nothing new.
 */
export function sweepDigest(input: DigestInput): Notice | undefined {
  if (input.items.length === 0) return undefined;
  let body = '';
  for (const fullness of fullnesses) {
    body = bodyOf(input, fullness);
    if (new TextEncoder().encode(body).byteLength <= largestBody) break;
  }
  return { subject: subjectOf(input), body };
}

function subjectOf({ account, items, isCorrection }: DigestInput): string {
  const parts = sumsOf(items);
  const start = isCorrection ? 'keysweep correction' : 'keysweep';
  for (let shown = parts.length; shown > 0; shown--) {
    const rest = shown < parts.length ? ', ...' : '';
    for (const name of [accountInWords(account), account.id]) {
      const subject = `${start}: ${parts.slice(0, shown).join(', ')}${rest} in AWS account ${name}`;
      if (subject.length <= longestSubject) return asciiOnly(subject);
    }
  }
  return asciiOnly(`${start}: ${counted(items.length, 'notice')} in AWS account ${account.id}`);
}

function sumsOf(items: readonly NoticeItem[]): readonly string[] {
  return sections.flatMap(({ sum, holds }) => {
    const count = items.filter(holds).length;
    return count === 0 ? [] : [sum(count)];
  });
}

function bodyOf(input: DigestInput, fullness: Fullness): string {
  const { account, now, items, deferred, overdue, sweep, isCorrection } = input;
  const opening = isCorrection
    ? 'keysweep corrects what it announced earlier tonight about'
    : 'keysweep went through the access keys of';
  const blocks: readonly (readonly string[])[] = [
    [
      `${opening} AWS account ${accountInWords(account)}, ${timeInWords(now)}.`,
      `${counted(items.length, 'notice')}: ${sumsOf(items).join(', ')}.`,
    ],
    ...sections.flatMap((section) => tellSection(section, input, fullness)),
    ...tellWaiting('DUE, AND PUT OFF BY A LIMIT OF THE POLICY', deferred, fullness),
    ...tellWaiting('OVERDUE, AND NOT DONE IN THIS MODE', overdue, fullness),
    ...exemptionAdvice(input),
    [`Sweep ${printable(sweep)}. The story of one key: keysweep explain KEY_ID. What comes next: keysweep plan.`],
  ];
  return `${blocks.map((lines) => lines.map(clip).join('\n')).join('\n\n')}\n`;
}

function tellSection(section: Section, { items, mode, account }: DigestInput, { full, short }: Fullness): string[][] {
  const own = items.filter(section.holds);
  if (own.length === 0) return [];
  const heading = [`${section.title} (${own.length})`, ...section.advice(mode)];
  const inFull = own.slice(0, full).map((item, index) => tellItem(item, index + 1, section, { mode, account }));
  const inShort = own.slice(full, full + short).map(({ why, ...item }) => {
    const due = item.dueAt === undefined ? '' : `, ${timeInWords(item.dueAt)}`;
    return `   ${nameInWords(item)}${due}${why === undefined ? '' : `: ${printable(why)}`}`;
  });
  const rest = own.length - inFull.length - inShort.length;
  return [heading, ...inFull, ...(inShort.length === 0 ? [] : [inShort]), ...andMore(rest)];
}

function tellItem(
  item: NoticeItem,
  number: number,
  section: Section,
  { mode, account }: Pick<DigestInput, 'mode' | 'account'>,
): string[] {
  const facts: readonly (readonly [label: string, text: string | undefined])[] = [
    ['Owner', item.owner],
    ['Why', item.why],
    ['When', section.when(item, mode)],
    ['Undo', section.undo?.(item)],
    ['Look', item.kind === 'deleted' ? undefined : consoleUrl(item.principal, account)],
  ];
  return [
    `${number}. ${printable(item.credential.id)} of ${printable(item.principal.name)}`,
    ...facts.flatMap(([label, text]) => (text === undefined ? [] : [`   ${label.padEnd(7)}${printable(text)}`])),
  ];
}

function tellWaiting(title: string, items: readonly WaitingItem[], { full, short }: Fullness): string[][] {
  if (items.length === 0) return [];
  const shown = items.slice(0, full + short);
  const lines = shown.map((item) => `   ${nameInWords(item)}: ${printable(item.why)}`);
  return [[`${title} (${items.length})`, ...lines], ...andMore(items.length - shown.length)];
}

function andMore(rest: number): string[][] {
  return rest === 0 ? [] : [[`   ... and ${rest} more: run keysweep plan`]];
}

function nameInWords({ credential, principal, owner }: Pick<NoticeItem, 'credential' | 'principal' | 'owner'>): string {
  const name = `${printable(credential.id)} of ${printable(principal.name)}`;
  return owner === undefined ? name : `${name} (owner ${printable(owner)})`;
}

/** Only where something is coming that an exemption would stop. */
function exemptionAdvice({ items, now }: DigestInput): string[][] {
  const isComing = ({ kind, about }: NoticeItem) => about !== undefined || kind === 'deactivated';
  const example = items.find((item) => isComing(item) && /^\w+$/.test(item.credential.id));
  if (example === undefined) return [];
  const expires = new Date(now.getTime() + 90 * DAY).toISOString().slice(0, 10);
  return [
    [
      'A KEY THAT MUST STAY AS IT IS',
      'Ask whoever keeps keysweep.yaml for an exemption, with a reason, an owner and an end:',
      '',
      'exemptions:',
      `  - match: { accessKeyId: ${example.credential.id} }`,
      '    rules: "*"',
      '    reason: why this key must stay',
      '    owner: you@example.com',
      `    expires: ${expires}`,
    ],
  ];
}

function clip(line: string): string {
  return line.length <= longestLine ? line : `${line.slice(0, longestLine - 3)}...`;
}
