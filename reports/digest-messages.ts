import type { Notice } from '../core/notice.ts';
import { composeDigest } from './digest.ts';
import type { DigestInput } from './notices/digest-input.ts';
import type { NoticeItem } from './notices/notice-item.ts';
import { sections } from './notices/sections.ts';

/** One message of a sweep. */
export interface DigestMessage {
  readonly notice: Notice;
  /** Whom every form of it names: e-mail, chat and Slack. */
  readonly named: readonly NoticeItem[];
}

/**
 * Where a sweep needs more than this, the next one goes on: more than ten messages in a second make SNS suspend an
 * e-mail subscription, and a correction may follow. Source: aws-sns quotas, e-mail delivery rate.
 */
const mostMessages = 8;

/** A message names no more than this, whatever it has room for: what to try first. */
const mostOfAMessage = 250;

/**
 * The messages that sum a sweep up: one where it names every key, or links to the full text; else as many as it takes, up
 * to {@link mostMessages}, the most urgent notices first. A notice that is in `named` of none was not given.
 */
export function digestMessages(input: DigestInput): readonly DigestMessage[] {
  if (input.items.length === 0) return [];
  const whole = composeDigest(input);
  if (whole.namesAll) return [{ notice: whole.notice, named: input.items }];
  let left: readonly NoticeItem[] = sections.flatMap(({ holds }) => input.items.filter(holds));
  const chunks: (readonly NoticeItem[])[] = [];
  while (left.length > 0 && chunks.length < mostMessages) {
    const count = fittingCount(left, input, chunks.length === 0);
    if (count > 0) chunks.push(left.slice(0, count));
    // A key that does not even fit alone stands in no message.
    left = left.slice(Math.max(count, 1));
  }
  const unnamed = input.items.length - chunks.flat().length;
  return chunks.map((items, at) => {
    const part = { number: at + 1, of: chunks.length, unnamed };
    return { notice: composeDigest(partOf(input, items, part)).notice, named: items };
  });
}

/** How many of the first items one message names. */
function fittingCount(items: readonly NoticeItem[], input: DigestInput, isFirst: boolean): number {
  const part = { number: isFirst ? 1 : mostMessages, of: mostMessages, unnamed: input.items.length };
  const fits = (count: number) => composeDigest(partOf(input, items.slice(0, count), part)).namesAll;
  let [good, bad] = [0, Math.min(items.length, mostOfAMessage) + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** What is deferred or not judged, and what holds for all, stands in the first message alone. */
function partOf(input: DigestInput, items: readonly NoticeItem[], part: NonNullable<DigestInput['part']>): DigestInput {
  const waiting = part.number === 1 ? {} : { deferred: [], overdue: [], unjudged: [], notes: [] };
  return { ...input, ...waiting, items, part };
}
