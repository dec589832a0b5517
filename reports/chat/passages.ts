/** The groups of a notice as passages of chat markdown: what Slack's blocks and the text for Amazon Q are made of. */
import type { NoticeData, NoticeDataItem, NoticeGroup } from '../../core/notice.ts';
import { foundWhen, keyInWords, sinceWhen } from '../evidence-words.ts';
import { clip } from '../mail-text.ts';
import { kindCountsInWords } from '../notices/nouns.ts';
import { isWaitingGroup } from '../notices/waiting-groups.ts';
import { resolutionInWords, subjectInWords } from '../words.ts';
import { bold, code, command, foreign, type Link, own } from './markdown.ts';

export interface Passage {
  readonly heading: string;
  readonly advice: readonly string[];
  /** One text an item, of one or more lines. */
  readonly items: readonly string[];
  /** The names of further items, a line each. */
  readonly names: readonly string[];
  /** That there are more, and how many; undefined where there are not. */
  readonly more: string | undefined;
}

/** So much of one item, in UTF-16 units; one that takes more is shown in its shortest form. */
const longestItem = 1_500;

/** How much is shown of each group: its first items, so many at most, and whether all others are named as well. */
export interface ChatFullness {
  readonly items: number;
  readonly isNamingAll: boolean;
}

const abridged: readonly ChatFullness[] = [10, 5, 3, 2, 1, 0].map((items) => ({ items, isNamingAll: false }));
const naming: readonly ChatFullness[] = abridged.map(({ items }) => ({ items, isNamingAll: true }));

/**
 * What to try, until something fits; with no item, what is left is small. Without a link to a full report, a notice
 * about a key that is not named does not count: then names come before facts.
 */
export function chatFullnesses({ fullReport }: NoticeData): readonly ChatFullness[] {
  return fullReport === undefined ? [...naming, ...abridged] : abridged;
}

/** How many items of each group are named. */
export function namedPerGroup({ items, isNamingAll }: ChatFullness): number {
  return isNamingAll ? Number.POSITIVE_INFINITY : items;
}

/** Each group with its first items. Without any item, advice is left out as well. */
export function passagesOf(data: NoticeData, fullness: ChatFullness, link: Link): readonly Passage[] {
  return data.groups.map((group) => passageOf(group, data, fullness, link));
}

function passageOf(group: NoticeGroup, data: NoticeData, fullness: ChatFullness, link: Link): Passage {
  const all = data.items.filter((item) => item.group === group.id);
  const items = all.slice(0, fullness.items);
  const others = fullness.isNamingAll && !isWaitingGroup(group) ? all.slice(fullness.items) : [];
  const more = group.count - items.length - others.length;
  return {
    heading: `${bold(own(group.title))} (${countOf(group)})`,
    advice: items.length + others.length === 0 ? [] : group.advice.map(own),
    items: items.map((item) => describe(item, group, data, link)),
    names: others.map((item) => `• ${nameOf(item)}`),
    more: more === 0 ? undefined : `... and ${more} more`,
  };
}

/** `2 access keys, 1 SSH key`; the number alone where the group is not about credentials of known kinds. */
function countOf({ count, kinds = {} }: NoticeGroup): string {
  const words = kindCountsInWords(kinds);
  return words === '' ? String(count) : words;
}

function describe(item: NoticeDataItem, group: NoticeGroup, { kind, at }: NoticeData, link: Link): string {
  if (kind === 'findings') return within(describeListed(item, group, link), `• ${nameOf(item)}`);
  return within(item.rule === undefined ? describeOneKey(item, link) : describeFinding(item, at, link), nameOf(item));
}

function within(whole: string, shortest: string): string {
  return whole.length <= longestItem ? whole : shortest;
}

/** A finding has a paragraph of its own. */
function describeFinding(item: NoticeDataItem, at: string, link: Link): string {
  const { principal, credential, title = '', rule = '', why, evidence = {}, foundAt, remedy, activity, console } = item;
  const since = sinceWhen(evidence);
  const found = foundWhen(foundAt, at);
  const key = keyInWords(principal, credential);
  const lines = [
    `${bold(own(title))} ${code(rule)}`,
    `Who: ${principal.kind === 'user' ? code(principal.name, 128) : own(subjectInWords(principal))}`,
    key === undefined ? undefined : `Key: ${credential?.id === undefined ? own(key) : code(key, 128)}`,
    why === undefined ? undefined : `What: ${foreign(why, 240)}`,
    since === undefined ? undefined : `Since: ${own(clip(since, 160))}`,
    found === undefined ? undefined : `Found: ${own(found)}`,
    remedy === undefined ? undefined : `Fix: ${own(remedy)}`,
    activity === undefined ? undefined : `Activity: ${command(activity)}`,
    console === undefined ? undefined : link(console, lookFor(item)),
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}

/** One finding of many has one line of a list, without what its group says of all. */
function describeListed({ title: rule, ...item }: NoticeDataItem, group: NoticeGroup, link: Link): string {
  const { why, raisedFrom, resolution, console } = item;
  const facts = [
    group.rule === undefined && rule !== undefined ? own(rule) : undefined,
    resolution !== undefined ? resolutionInWords(resolution) : why === undefined ? undefined : foreign(why, 240),
    raisedFrom === undefined ? undefined : `it was ${own(raisedFrom)}`,
  ].filter((fact) => fact !== undefined);
  const line = `• ${nameOf(item)}${facts.length === 0 ? '' : `: ${facts.join('; ')}`}`;
  return console === undefined ? line : `${line} · ${link(console, lookFor(item))}`;
}

/** A key has one line of a list, or two. */
function describeOneKey(item: NoticeDataItem, link: Link): string {
  const { owner, why, who, when, undo, undoWithAwsCli, console } = item;
  const facts = [
    why === undefined ? undefined : foreign(why, 240),
    when === undefined ? undefined : own(when),
    who === undefined ? undefined : `by ${foreign(who, 128)}`,
  ].filter((fact) => fact !== undefined);
  const places = [
    undo === undefined
      ? undefined
      : `Undo: ${[undo, undoWithAwsCli]
          .flatMap((one) => one ?? [])
          .map(command)
          .join(' or ')}`,
    console === undefined ? undefined : link(console, 'IAM console'),
  ].filter((place) => place !== undefined);
  const name = `• ${nameOf(item)}${owner === undefined ? '' : `, owner ${foreign(owner, 128)}`}`;
  const line = facts.length === 0 ? name : `${name}: ${facts.join('; ')}`;
  return places.length === 0 ? line : `${line}\n   ${places.join(' · ')}`;
}

/** The root user's page shows the root user's credentials only to the root user. */
function lookFor({ principal }: NoticeDataItem): string {
  return principal.kind === 'root' ? 'IAM console, signed in as the root user' : 'IAM console';
}

function nameOf({ principal, credential, title }: NoticeDataItem): string {
  const user = principal.kind === 'user' ? code(principal.name, 128) : own(subjectInWords(principal));
  if (credential?.id !== undefined) return `${code(credential.id, 128)} of ${user}`;
  return title === undefined ? user : `${own(title)}: ${user}`;
}
