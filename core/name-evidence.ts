/** Tells names that people make of words, abbreviations and numbers from random base64. Pure. */
import { nameWords } from './name-words.ts';

type Class = 'small' | 'capital' | 'slash' | 'other';

/** In names: how often a character of one class follows one of another. Each row adds up to 1. */
const followedBy: Readonly<Record<Class, Readonly<Record<Class, number>>>> = {
  small: { small: 0.73, capital: 0.18, other: 0.05, slash: 0.04 },
  capital: { small: 0.64, capital: 0.22, other: 0.1, slash: 0.04 },
  other: { small: 0.12, capital: 0.4, other: 0.28, slash: 0.2 },
  slash: { small: 0.4, capital: 0.55, other: 0.04, slash: 0.01 },
};

/** The letters of English, the most frequent first. */
const byFrequency = 'etaoinsrhdlucmfygpwbvkxjqz';

const base64Characters = 64;
const digitsAndPlus = 11;

/** How many of the capitals begin one of {@link nameWords}, in names with such words. */
const shareOfWords = 0.3;

/**
 * The evidence, in bits, that a text of A-Z, a-z, 0-9, + and / is made of words. With n bits, a model of names finds it
 * 2^n times as probable as chance does; there are two models, so no more than two in 2^n random texts reach n.
 */
export function evidenceOfName(text: string): number {
  return Math.max(evidenceOfLetters(text), evidenceOfWords(text));
}

/** By letters, and changes between classes, alone. */
function evidenceOfLetters(text: string): number {
  let before: Class = 'slash';
  let bits = 0;
  for (const character of text) {
    bits += evidenceOf(character, before);
    before = classOf(character);
  }
  return bits;
}

/** By the best way to read it as letters and {@link nameWords}. */
function evidenceOfWords(text: string): number {
  const best: number[] = [0, ...Array.from(text, () => Number.NEGATIVE_INFINITY)];
  const reach = (end: number, bits: number) => {
    best[end] = Math.max(best[end] ?? bits, bits);
  };
  let before: Class = 'slash';
  for (const [at, character] of [...text].entries()) {
    const bits = best[at] ?? 0;
    const its = classOf(character);
    if (its === 'capital') {
      reach(at + 1, bits + evidenceOf(character, before) + Math.log2(1 - shareOfWords));
      const start = bits + Math.log2((followedBy[before].capital * shareOfWords) / nameWords.length);
      for (const word of nameWords) {
        if (text.startsWith(word, at)) reach(at + word.length, start + word.length * Math.log2(base64Characters));
      }
    } else {
      reach(at + 1, bits + evidenceOf(character, before));
    }
    before = its;
  }
  return best[text.length] ?? 0;
}

function evidenceOf(character: string, before: Class): number {
  const its = classOf(character);
  return Math.log2(followedBy[before][its] * shareWithin(its, character) * base64Characters);
}

function classOf(character: string): Class {
  if (character === '/') return 'slash';
  if (/[a-z]/.test(character)) return 'small';
  return /[A-Z]/.test(character) ? 'capital' : 'other';
}

/** How often it is this one of its class. The shares of the letters fall evenly with their rank. */
function shareWithin(its: Class, character: string): number {
  if (its === 'slash') return 1;
  if (its === 'other') return 1 / digitsAndPlus;
  const letters = byFrequency.length;
  const rank = byFrequency.indexOf(character.toLowerCase());
  return (letters - rank) / ((letters * (letters + 1)) / 2);
}
