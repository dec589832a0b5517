/** What is said about globs in general must be true of every text that they are tried on. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileGlob } from '../../../core/policy/glob.ts';
import { canMatch, globCovers, globsOverlap } from '../../../core/policy/glob-language.ts';

const glob = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 6 });

/** Every text of the letters up to this length. */
function textsUpTo(length: number, letters: readonly string[]): readonly string[] {
  if (length === 0) return [''];
  const shorter = textsUpTo(length - 1, letters);
  const longest = shorter.filter((text) => text.length === length - 1);
  return [...shorter, ...longest.flatMap((text) => letters.map((letter) => text + letter))];
}

/** What fits two globs of 3 symbols has a witness this long. */
const texts = textsUpTo(7, ['a', 'b', '/']);

/** Of a glob of 6 symbols, 5 at most are of the last part of a path, and the star before them is of all others. */
const ends = textsUpTo(6, ['a', 'b']).filter((text) => text !== '');
const starts = ends.filter(({ length }) => length <= 3);

it('a glob can match in a grammar exactly where some text of it fits', () => {
  const letter = { allows: (character: string) => character !== '/', least: 1, most: 3 };
  const slash = { allows: (character: string) => character === '/', least: 1, most: 1 };
  const path = starts.flatMap((start) => ends.map((end) => `/${start}/${end}`));
  fc.assert(
    fc.property(glob, (pattern) => {
      const fits = compileGlob(pattern);
      const found = canMatch(pattern, [slash, letter, slash, { ...letter, most: Number.POSITIVE_INFINITY }]);
      expect(found).toBe(path.some(fits));
    }),
    { numRuns: 300 },
  );
});

it('two globs overlap exactly where some text fits both', () => {
  const short = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 3 });
  fc.assert(
    fc.property(short, short, (one, other) => {
      const [fitsOne, fitsOther] = [compileGlob(one), compileGlob(other)];
      expect(globsOverlap(one, other)).toBe(texts.some((text) => fitsOne(text) && fitsOther(text)));
    }),
    { numRuns: 300 },
  );
});

it('a glob that is said to cover another one fits all that the other fits', () => {
  fc.assert(
    fc.property(glob, glob, (outer, inner) => {
      fc.pre(globCovers(outer, inner));
      const [fitsOuter, fitsInner] = [compileGlob(outer), compileGlob(inner)];
      expect(texts.filter((text) => fitsInner(text) && !fitsOuter(text))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it.each([
  ['*', 'anything*?', true],
  ['svc-*', 'svc-ci', true],
  ['svc-*', 'svc-*-prod', true],
  ['?*', '*?', true],
  ['svc-?', 'svc-*', false],
  ['svc-ci', 'svc-?', false],
  ['a*b', 'a*', false],
  ['', '', true],
])('%j covers %j: %j', (outer, inner, expected) => {
  expect(globCovers(outer, inner)).toBe(expected);
});
