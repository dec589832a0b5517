/** Tells names that people make of words, abbreviations and numbers from random base64. Pure. */

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

/**
 * The evidence, in bits, that a text of A-Z, a-z, 0-9, + and / is made of words. With n bits, a model of names finds it
 * 2^n times as probable as chance does; so no more than one in 2^n random texts reaches n, whatever the model.
 */
export function evidenceOfName(text: string): number {
  let before: Class = 'slash';
  let bits = 0;
  for (const character of text) {
    const its = classOf(character);
    bits += Math.log2(followedBy[before][its] * shareWithin(its, character) * base64Characters);
    before = its;
  }
  return bits;
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
