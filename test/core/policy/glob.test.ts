import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../../core/policy/glob.ts';

const matchesGlob = (pattern: string, text: string) => compileGlob(pattern)(text);

describe('compileGlob', () => {
  it.each<[string, string, boolean]>([
    ['alice', 'alice', true],
    ['alice', 'malice', false],
    ['alice', 'alice2', false],
    ['bob', 'bobby', false],
    ['*', '', true],
    ['*', 'anything', true],
    ['?', '', false],
    ['?', 'a', true],
    ['?', 'ab', false],
    ['break-glass-*', 'break-glass-1', true],
    ['break-glass-*', 'break-glass-', true],
    ['break-glass-*', 'not-break-glass-1', false],
    ['*-ci-*', 'a-ci-b-ci-c', true],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXbYbZ', false],
    ['**', 'x', true],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['[ab]', '[ab]', true],
    ['!a', 'b', false],
    ['/machines/*', '/machines/ci/', true],
    ['', '', true],
    ['', 'a', false],
  ])('%j on %j: %s', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it('agrees with the same pattern as a regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }), (pattern, text) => {
        const regex = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matchesGlob(pattern, text)).toBe(regex.test(text));
      }),
    );
  });

  it('cannot be made to explode', () => {
    expect(matchesGlob(`${'a*'.repeat(50)}b`, 'a'.repeat(2000))).toBe(false);
  });
});
