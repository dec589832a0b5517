import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, nearestOf } from '../../core/nearest.ts';
import { ruleIds } from '../../core/rules/ids.ts';

describe('nearestOf', () => {
  it.each([
    ['access-key-unusd', 'access-key-unused'],
    ['access-keys-unused', 'access-key-unused'],
    ['Access_Key_Unused', 'access-key-unused'],
    ['access key unused ', 'access-key-unused'],
    ['acces-key-nuused', 'access-key-unused'],
    ['key-unused', undefined],
    ['mfa', undefined],
    ['', undefined],
  ])('takes %j for %s', (typed, meant) => {
    expect(nearestOf(typed, ruleIds)).toBe(meant);
    expect(didYouMean(typed, ruleIds)).toBe(meant === undefined ? '' : `; did you mean ${meant}?`);
  });

  it('finds a name in spite of one letter too many, too few, another, or two swapped', () => {
    const slip = fc.tuple(fc.constantFrom(...ruleIds), fc.nat(), fc.constantFrom('add', 'drop', 'change', 'swap'));
    fc.assert(
      fc.property(slip, ([name, place, kind]) => {
        const at = place % (name.length - 1);
        const [before, letter, next, after] = [name.slice(0, at), name[at], name[at + 1], name.slice(at + 2)];
        const typed = {
          add: `${before}x${letter}${next}${after}`,
          drop: `${before}${next}${after}`,
          change: `${before}x${next}${after}`,
          swap: `${before}${next}${letter}${after}`,
        }[kind];
        expect(nearestOf(String(typed), ruleIds)).toBe(name);
      }),
    );
  });
});
