/** Plain text as it is set for an e-mail. */
import { printable } from './printable.ts';
import { displayWidth } from './text-layout.ts';

/** Cells of a line: what mail readers show without breaking it again. */
const lineWidth = 78;

/** Texts of AWS, of tags or of a policy have no sensible limit of their own. In UTF-16 units. */
const longestText = 400;

/** The text in lines, broken at blanks only: addresses, ARNs and key ids stay whole. Later lines begin with `hanging`. */
export function fold(text: string, indent = '', hanging = indent): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of clip(text)
    .split(' ')
    .filter((part) => part !== '')) {
    const start = lines.length === 0 ? indent : hanging;
    if (line === '') line = start + word;
    else if (displayWidth(`${line} ${word}`) <= lineWidth) line += ` ${word}`;
    else {
      lines.push(line);
      line = hanging + word;
    }
  }
  return [...lines, line];
}

/** One fact of an item: its label, and its text in a column beside it. */
export interface Fact {
  readonly label: string;
  /** Undefined: nothing is known, and nothing is said. */
  readonly text: string | undefined;
  /** A command, which must stay on one line to be pasted. */
  readonly isCommand?: boolean;
}

/** Facts below the heading of an item, their texts in one column. */
export function factLines(facts: readonly Fact[]): string[] {
  const indent = '   ';
  const width = Math.max(...facts.map(({ label }) => label.length)) + 2;
  return facts.flatMap(({ label, text, isCommand }) => {
    if (text === undefined) return [];
    const start = indent + label.padEnd(width);
    return isCommand ? [`${start}${text}`] : fold(text, start, ' '.repeat(start.length));
  });
}

/** Blocks of lines with a blank line between them, and a newline at the end. */
export function joinBlocks(blocks: readonly (readonly string[])[]): string {
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** A text of others on one line, with nothing in it that misleads; see {@link printable}. Never endless. */
export function shown(text: string): string {
  return printable(clip(text));
}

/** A text that is not endless: its start, and `...` where something is left out. Never half a character. */
export function clip(text: string, longest = longestText): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 3).replace(/[\uD800-\uDBFF]$/, '')}...`;
}
