/** What is said about globs in general must be true of every text that they are tried on. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileGlob } from '../../../core/policy/glob.ts';
import { canMatch, globCovers, globsOverlap } from '../../../core/policy/glob-language.ts';

const glob = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 6 });

/** Every text of the letters up to this length. With globs of 6 symbols, what fits two of them has a witness this long. */
function textsUpTo(length: number): readonly string[] {
  const shorter = length === 0 ? [] : textsUpTo(length - 1);
  const longest = shorter.filter((text) => text.length === length - 1);
  return length === 0
    ? ['']
    : [...shorter, ...longest.flatMap((text) => ['a', 'b', '/'].map((letter) => text + letter))];
}

const texts = textsUpTo(7);

it('a glob can match in a grammar exactly where some text of it fits', () => {
  const letter = { allows: (character: string) => character !== '/', least: 1, most: 3 };
  const slash = { allows: (character: string) => character === '/', least: 1, most: 1 };
  const path = texts.filter((text) => /^\/[ab]{1,3}\/[ab]+$/.test(text));
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
