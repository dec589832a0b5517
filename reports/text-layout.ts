/** Text on a grid of character cells, as a terminal shows it. */
import stringWidth from 'string-width';

/** What a reader takes for one character, be it of many code points: `é`, a flag, a family. */
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A long word may be broken after these. */
const joints = new Set(['-', '.', '/', ':', '@', '_']);

/** Except where what follows makes one character of it and the blank. */
const blanks = / (?![\p{Mark}\p{Grapheme_Extend}\p{Emoji_Modifier}\u200d])/u;

/** Cells that a text takes on a terminal. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

/** The text filled up with blanks to so many cells; longer text stays as it is. */
export function pad(text: string, cells: number): string {
  return text + ' '.repeat(Math.max(0, cells - displayWidth(text)));
}

/** The text in lines of at most so many cells, broken at blanks, and inside a word only where the word is too long. */
export function wrap(text: string, cells: number): string[] {
  const limit = Math.max(1, cells);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(blanks).filter((part) => part !== '')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (displayWidth(joined) <= limit) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, limit);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

/**
 * Breaks a long word into pieces, never inside a character, and after `-`, `.`, `/`, `:`, `@` or `_` where one stands in
 * the second half of a piece.
 */
function breakWord(word: string, limit: number): string[] {
  const pieces: string[] = [];
  let rest = Array.from(characters.segment(word), ({ segment }) => segment);
  while (displayWidth(rest.join('')) > limit) {
    const fitting = fittingCount(rest, limit);
    const joint = rest.slice(0, fitting).findLastIndex((character) => joints.has(character)) + 1;
    const cut = joint > fitting / 2 ? joint : fitting;
    pieces.push(rest.slice(0, cut).join(''));
    rest = rest.slice(cut);
  }
  if (rest.length > 0) pieces.push(rest.join(''));
  return pieces;
}

/** How many of the characters fit, and at least one. */
function fittingCount(text: readonly string[], limit: number): number {
  let cells = 0;
  for (const [at, character] of text.entries()) {
    cells += displayWidth(character);
    if (cells > limit) return Math.max(1, at);
  }
  return text.length;
}
