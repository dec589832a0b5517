/**
 * Slack's markdown, which Amazon Q shows in Slack as well. It has no escape for its marks: what others wrote and could be
 * read as a mark stands as code, where marks mean nothing.
 */
import { clip } from '../mail-text.ts';
import { printable } from '../printable.ts';

/** Own text: only what Slack reads as control characters is written as entities. */
export function own(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function bold(text: string): string {
  return `*${text.replaceAll('*', '')}*`;
}

/** A name or an id, as it is, with its end left out where it is endless. Of a backtick there is no way to show one in code. */
export function code(text: string, longest?: number): string {
  const shown = visible(text, longest).replaceAll('`', "'").trim();
  return `\`${own(shown === '' ? ' ' : shown)}\``;
}

/** A command as code, never without its end: what is left of one would do something else. */
export function command(text: string): string {
  return code(text, Number.POSITIVE_INFINITY);
}

/** What others wrote: plain where it is harmless, else as code. */
export function foreign(text: string, longest?: number): string {
  return /[*_~`]|:[\w+-]+:/.test(text) ? code(text, longest) : own(visible(text, longest));
}

function visible(text: string, longest?: number): string {
  // Cut first as well: writing out an endless text takes long.
  return clip(printable(clip(text, longest)), longest);
}

export type Link = (address: string, label: string) => string;

/** A link with a label, where Slack alone shows it; the address as text, where it cannot be one. */
export const slackLink: Link = (address, label) => {
  return isAddress(address) ? `<${own(address)}|${own(label)}>` : `${own(label)}: ${code(address)}`;
};

/** For chats that know other links: the address as text, which all of them make a link. */
export const plainLink: Link = (address, label) => {
  return `${own(label)}: ${isAddress(address) ? own(address) : code(address)}`;
};

function isAddress(text: string): boolean {
  return /^https:\/\/[^\s|<>`]+$/.test(text);
}
