/** Rows of the table: who, which credential, what about it. */
import { displayWidth, pad, wrap } from './text-layout.ts';

export interface Row {
  readonly subject: string;
  /** Empty where the row is about no credential. */
  readonly credential: string;
  readonly details: string;
  /** Sentences under the row, one a line, over its whole width. */
  readonly below?: readonly string[];
}

/** Column widths in cells. All rows of a report share them, so that the eye can run down a column. */
export interface Sheet {
  readonly width: number;
  readonly subject: number;
  readonly credential: number;
}

const indent = 2;
const gap = 2;
/** Narrower than this a column of sentences is hard to read: then the sentences go below the names. */
const leastDetails = 24;
/** A name that is longer than its column by no more than this widens it, and does not leave a letter or two below. */
const overhang = 3;

/**
 * Widths for these rows. Credentials get what they need (a key id is never broken), then nine in ten sentences the room
 * for one line, and names the rest: one long name must not wrap every sentence.
 */
export function sheetFor(rows: readonly Row[], width: number): Sheet {
  const credential = widest(rows.map((row) => row.credential));
  const room = width - indent - 2 * gap - credential;
  const subjects = rows.map((row) => displayWidth(row.subject)).sort((a, b) => a - b);
  const details = rows.map((row) => displayWidth(row.details)).sort((a, b) => a - b);
  const fair = Math.min(mostOf(subjects), Math.max(12, Math.floor(room * 0.45)));
  const fairShare = Math.max(fair, subjects.filter((subject) => subject <= fair + overhang).at(-1) ?? 0);
  return { width, credential, subject: Math.min(subjects.at(-1) ?? 0, Math.max(fairShare, room - mostOf(details))) };
}

/** What nine in ten of these ascending widths do not exceed. */
function mostOf(widths: readonly number[]): number {
  return widths[Math.ceil(widths.length * 0.9) - 1] ?? 0;
}

/** The lines of one row. */
export function layOut(row: Row, sheet: Sheet): string[] {
  return [...names(row, sheet), ...(row.below ?? []).flatMap((sentence) => sentenceBelow(sentence, sheet))];
}

function names(row: Row, sheet: Sheet): string[] {
  const left = indent + sheet.subject + gap + (sheet.credential === 0 ? 0 : sheet.credential + gap);
  const room = sheet.width - left;
  if (room < leastDetails) return stacked(row, sheet);
  const subject = wrap(row.subject, sheet.subject);
  const details = wrap(row.details, room);
  return Array.from({ length: Math.max(subject.length, details.length) }, (_, line) => {
    const credential = line === 0 ? row.credential : '';
    const cells = [pad(subject[line] ?? '', sheet.subject), pad(credential, sheet.credential), details[line] ?? ''];
    return ' '.repeat(indent) + cells.filter((_, at) => at !== 1 || sheet.credential > 0).join(' '.repeat(gap));
  }).map((line) => line.trimEnd());
}

/** For narrow terminals: names on their own lines, the sentence below them. */
function stacked(row: Row, sheet: Sheet): string[] {
  const together = [row.subject, row.credential].filter((text) => text !== '').join(' '.repeat(gap));
  const fits = indent + displayWidth(together) <= sheet.width;
  const named = fits ? [together] : [...wrap(row.subject, sheet.width - indent), row.credential];
  return [
    ...named.filter((name) => name !== '').map((name) => ' '.repeat(indent) + name),
    ...(row.details === '' ? [] : sentenceBelow(row.details, sheet)),
  ];
}

function sentenceBelow(sentence: string, sheet: Sheet): string[] {
  return wrap(sentence, sheet.width - 2 * indent).map((line) => ' '.repeat(2 * indent) + line);
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, displayWidth(text)), 0);
}

/** One point of a list, its later lines below its first word. */
export function listItem(text: string, width: number): string[] {
  return wrap(text, width - 2).map((line, index) => `${index === 0 ? '-' : ' '} ${line}`);
}
