/** Text on a grid of character cells, as a terminal shows it. */

const plain = /^[\x20-\x7e]*$/;
const zeroWidth = /^\p{Mark}$/u;
const doubleWidth =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]$/u;

/** Cells that a text takes on a terminal. */
export function displayWidth(text: string): number {
  if (plain.test(text)) return text.length;
  let cells = 0;
  for (const character of text) cells += cellsOf(character);
  return cells;
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
  for (const word of text.split(' ').filter((part) => part !== '')) {
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

/** Breaks a long word into pieces, after `-`, `.`, `/`, `:`, `@` or `_` where one stands in the second half of a piece. */
function breakWord(word: string, limit: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (displayWidth(rest) > limit) {
    const fitting = prefixOf(rest, limit);
    const joint = Math.max(...['-', '.', '/', ':', '@', '_'].map((mark) => fitting.lastIndexOf(mark))) + 1;
    const cut = joint > fitting.length / 2 ? joint : fitting.length;
    pieces.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  if (rest !== '') pieces.push(rest);
  return pieces;
}

/** The longest start of the text that fits, and at least one character. */
function prefixOf(text: string, limit: number): string {
  let cells = 0;
  let prefix = '';
  for (const character of text) {
    cells += cellsOf(character);
    if (cells > limit && prefix !== '') break;
    prefix += character;
  }
  return prefix;
}

function cellsOf(character: string): number {
  if (character <= '\x7e') return 1;
  if (zeroWidth.test(character)) return 0;
  return doubleWidth.test(character) ? 2 : 1;
}
