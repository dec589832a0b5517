/** The groups of a notice as passages of chat markdown: what Slack's blocks and the text for Amazon Q are made of. */
import type { NoticeData, NoticeDataItem, NoticeGroup } from '../../core/notice.ts';
import { foundWhen, keyInWords, sinceWhen } from '../evidence-words.ts';
import { clip } from '../mail-text.ts';
import { resolutionInWords, subjectInWords } from '../words.ts';
import { bold, code, command, foreign, type Link, own } from './markdown.ts';

export interface Passage {
  readonly heading: string;
  readonly advice: readonly string[];
  /** One text an item, of one or more lines. */
  readonly items: readonly string[];
  /** That there are more, and how many; undefined where there are not. */
  readonly more: string | undefined;
}

/** So much of one item, in UTF-16 units; one that takes more is told in its shortest form. */
const longestItem = 1_500;

/** Each group with its first items, so many at most. Without any item, advice is left out as well. */
export function passagesOf(data: NoticeData, itemsOfAGroup: number, link: Link): readonly Passage[] {
  return data.groups.map((group) => passageOf(group, data, itemsOfAGroup, link));
}

function passageOf(group: NoticeGroup, data: NoticeData, itemsOfAGroup: number, link: Link): Passage {
  const items = data.items.filter((item) => item.group === group.id).slice(0, itemsOfAGroup);
  const more = group.count - items.length;
  return {
    heading: `${bold(own(group.title))} (${group.count})`,
    advice: items.length === 0 ? [] : group.advice.map(own),
    items: items.map((item) => tell(item, group, data, link)),
    more: more === 0 ? undefined : `... and ${more} more`,
  };
}

function tell(item: NoticeDataItem, group: NoticeGroup, { kind, at }: NoticeData, link: Link): string {
  if (kind === 'findings') return within(tellListed(item, group, link), `• ${nameOf(item)}`);
  return within(item.rule === undefined ? tellKey(item, link) : tellFinding(item, at, link), nameOf(item));
}

function within(whole: string, shortest: string): string {
  return whole.length <= longestItem ? whole : shortest;
}

/** A finding has a paragraph of its own. */
function tellFinding(item: NoticeDataItem, at: string, link: Link): string {
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
    remedy === undefined ? undefined : `Do: ${own(remedy)}`,
    activity === undefined ? undefined : `Activity: ${command(activity)}`,
    console === undefined ? undefined : link(console, lookFor(item)),
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}

/** One finding of many has one line of a list, without what its group says of all. */
function tellListed({ title: rule, ...item }: NoticeDataItem, group: NoticeGroup, link: Link): string {
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
function tellKey(item: NoticeDataItem, link: Link): string {
  const { owner, why, who, when, undo, console } = item;
  const facts = [
    why === undefined ? undefined : foreign(why, 240),
    when === undefined ? undefined : own(when),
    who === undefined ? undefined : `by ${foreign(who, 128)}`,
  ].filter((fact) => fact !== undefined);
  const places = [
    undo === undefined ? undefined : `Undo: ${command(undo)}`,
    console === undefined ? undefined : link(console, 'Look'),
  ].filter((place) => place !== undefined);
  const name = `• ${nameOf(item)}${owner === undefined ? '' : `, owner ${foreign(owner, 128)}`}`;
  const line = facts.length === 0 ? name : `${name}: ${facts.join('; ')}`;
  return places.length === 0 ? line : `${line}\n   ${places.join(' · ')}`;
}

/** The root user's page shows the root user's credentials only to the root user. */
function lookFor({ principal }: NoticeDataItem): string {
  return principal.kind === 'root' ? 'Look, signed in as the root user' : 'Look';
}

function nameOf({ principal, credential, title }: NoticeDataItem): string {
  const user = principal.kind === 'user' ? code(principal.name, 128) : own(subjectInWords(principal));
  if (credential?.id !== undefined) return `${code(credential.id, 128)} of ${user}`;
  return title === undefined ? user : `${own(title)}: ${user}`;
}
