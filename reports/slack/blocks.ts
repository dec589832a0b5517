/** The few blocks of Slack's Block Kit that messages are made of, and their limits. */
import { clip } from '../mail-text.ts';

/** In UTF-16 units. Source: the Block Kit reference. */
const longestHeader = 150;
export const longestSection = 3_000;
/** Of one message. */
export const mostBlocks = 50;

export interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: boolean;
}

/** `verbatim`: Slack makes no links and no mentions of its own out of it. */
export interface Markdown {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

export type Block =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: Markdown | PlainText }
  | { readonly type: 'context'; readonly elements: readonly Markdown[] }
  | { readonly type: 'divider' };

/** What is posted to an incoming webhook. */
export interface SlackMessage {
  /** What the notification shows, and a client that knows no blocks. */
  readonly text: string;
  readonly blocks: readonly Block[];
}

export function header(text: string): Block {
  return { type: 'header', text: { type: 'plain_text', text: clip(text, longestHeader), emoji: true } };
}

/** A section of markdown, which the caller has made to fit. */
export function section(text: string): Block {
  return { type: 'section', text: markdown(text) };
}

/** A section of text without any markup. */
export function plainSection(text: string): Block {
  return { type: 'section', text: { type: 'plain_text', text, emoji: false } };
}

export function context(text: string): Block {
  return { type: 'context', elements: [markdown(text)] };
}

export const divider: Block = { type: 'divider' };

/** The texts in as few sections as hold them, each text whole. */
export function sections(texts: readonly string[], separator: string): readonly Block[] {
  const packed: string[] = [];
  for (const text of texts) {
    const joined = packed.length === 0 ? text : `${packed.at(-1)}${separator}${text}`;
    if (packed.length > 0 && joined.length <= longestSection) packed[packed.length - 1] = joined;
    else packed.push(text);
  }
  return packed.map(section);
}

function markdown(text: string): Markdown {
  return { type: 'mrkdwn', text, verbatim: true };
}
