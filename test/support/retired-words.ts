/** The words that keysweep does not use, what it says instead, and their ordinary uses (decision 0041). */
import type { ReadableText } from './readable-texts.ts';

export interface RetiredWord {
  /** Regular expressions for whole words, in any case. A space stands for any space, line break or hyphen. */
  readonly words: readonly string[];
  readonly say: string;
}

export interface OrdinaryUse {
  /** A phrase with a retired word in it, written like `words`. */
  readonly phrase: string;
  readonly because: string;
}

/** Up to three words, within a sentence. */
const few = '(?: [^\\s.;:]+){0,3}';

export const retiredWords: readonly RetiredWord[] = [
  { words: ['deeds?'], say: 'change (a write to IAM), action (of a plan)' },
  {
    words: [`(?<!stop )switch(?:e[sd]|ing)?${few} (?:on|off)`],
    say: 'deactivate, reactivate (a credential); enable, disable (a rule, a setting)',
  },
  { words: ['retire[ds]?', 'retiring', 'retirement'], say: 'deactivate, delete' },
  {
    words: ['keys? (?:that |which )?go(?:es)?(?! (?:from|through|to))', '(?:must|have to|has to) go(?! to)'],
    say: 'is deactivated, is deleted',
  },
  {
    words: ['(?:un)?told', 'tells?', 'telling', 'tellable'],
    say: 'notify (people), report or show or say (a program, a page), distinguish, cannot determine',
  },
  { words: ['(?:un)?heard', 'hears?', 'hearing'], say: 'notified, delivered, undelivered' },
  { words: ['story', 'stories'], say: 'history of a key, key details' },
  {
    words: ['held', 'holds? (?:back|off)', 'hold reasons?', `(?:left|leaves?|leaving)${few} alone`],
    say: 'skip, skipped, skip reason; deferred (for later)',
  },
  { words: ['look(?:s|ed|ing)? again', 'fresh look', 'sightings?'], say: 'recheck, live status' },
  { words: ['standing', `how${few} stands?`], say: 'risk (exposed, privileged), status' },
  {
    words: ['overt(?:akes?|aken|aking|ook)', '(?:is|are)(?: now)? theirs', 'theirs now'],
    say: 'superseded, by a concurrent run',
  },
  { words: ['gone'], say: 'no longer exists in IAM, not found, missing, deleted' },
  { words: [`tak(?:es?|en|ing)${few} for granted`], say: 'assumptions, assumes' },
  { words: [`put(?:s|ting)?${few} off`], say: 'deferred' },
  { words: ['(?:go|goes|going|went) on \\w+ing'], say: 'keeps counting, continues to' },
  { words: ['anew'], say: 'again' },
  { words: ['(?:any|every|no|some)body', 'whoever'], say: 'no one, someone, everyone, a user, the owner, anyone who' },
  { words: ['rotations?'], say: 'sweep (the nightly run); only an owner rotates a key, on request' },
  { words: ['liv(?:es?|ed|ing) through'], say: 'survive, span' },
];

export const ordinaryUses: readonly OrdinaryUse[] = [
  { phrase: 'request(?:s|ed|ing)? rotation', because: 'the owner is asked to replace the key' },
  { phrase: 'rotation (?:to be )?requested', because: 'the owner is asked to replace the key' },
  { phrase: 'rotation through Secrets Manager', because: 'the name of a feature of AWS' },
  { phrase: 'password next rotation', because: 'a column of the credential report' },
  { phrase: 'retired words?', because: 'what these are called' },
];

export interface RetiredUse {
  readonly text: ReadableText;
  /** Where it begins and ends in the text's words. */
  readonly start: number;
  readonly end: number;
  readonly say: string;
}

const finders = retiredWords.map(({ words, say }) => ({ find: wordsFinder(words), say }));

/** Every use of a retired word, ordinary or not. */
export function findRetiredWords(texts: readonly ReadableText[]): readonly RetiredUse[] {
  return texts.flatMap((text) =>
    finders.flatMap(({ find, say }) => find(text.words).map((place) => ({ ...place, text, say }))),
  );
}

/** Those that are part of the phrase. */
export function usesWithin(uses: readonly RetiredUse[], { phrase }: OrdinaryUse): readonly RetiredUse[] {
  const find = wordsFinder([phrase]);
  return uses.filter(({ text, start, end }) => {
    return find(text.words).some((place) => place.start <= start && end <= place.end);
  });
}

/** Where it is, what it says, and what to say instead. */
export function describeUse({ text, start, end, say }: RetiredUse): string {
  const before = text.quote(Math.max(0, start - 40), start);
  const after = text.quote(end, Math.min(text.words.length, end + 40));
  const quote = `${before}[${text.quote(start, end)}]${after}`.replaceAll(/\s+/g, ' ').trim();
  return `${text.path}:${text.lineAt(start)}: ${quote} -- say: ${say}`;
}

function wordsFinder(words: readonly string[]): (text: string) => readonly { start: number; end: number }[] {
  const pattern = new RegExp(`\\b(?:${words.join('|')})\\b`.replaceAll(' ', '[\\s-]+'), 'gi');
  return (text) =>
    Array.from(text.matchAll(pattern), ({ 0: found, index }) => ({ start: index, end: index + found.length }));
}
