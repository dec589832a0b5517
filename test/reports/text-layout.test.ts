import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth, pad, wrap } from '../../reports/text-layout.ts';

describe('wrap', () => {
  it.each([
    ['', 10, ['']],
    ['fits well', 10, ['fits well']],
    ['breaks at blanks here', 10, ['breaks at', 'blanks', 'here']],
    ['  many   blanks  ', 20, ['many blanks']],
    ['0123456789', 10, ['0123456789']],
    ['0123456789a', 10, ['0123456789', 'a']],
    ['svc-billing-exporter', 13, ['svc-billing-', 'exporter']],
    ['a-bcdefghijkl', 8, ['a-bcdefg', 'hijkl']],
    ['x 0123456789a', 10, ['x', '0123456789', 'a']],
    ['日本語テキスト', 6, ['日本語', 'テキス', 'ト']],
    ['日', 1, ['日']],
    ['한국어', 4, ['한국', '어']],
    ['e\u0301e\u0301e\u0301', 2, ['e\u0301e\u0301', 'e\u0301']],
    ['👩‍👩‍👧👩‍👩‍👧', 3, ['👩‍👩‍👧', '👩‍👩‍👧']],
    ['🇩🇪🇫🇷', 1, ['🇩🇪', '🇫🇷']],
    ['a-\u0301b', 2, ['a-\u0301', 'b']],
    ['a \u0301b', 2, ['a \u0301', 'b']],
    ['👍🏽-👍🏽', 3, ['👍🏽-', '👍🏽']],
    ['abc', 0, ['a', 'b', 'c']],
  ])('%j in %i cells', (text, cells, lines) => {
    expect(wrap(text, cells)).toEqual(lines);
  });

  it('breaks no character in two, and loses none', () => {
    const characters = (text: string) =>
      Array.from(new Intl.Segmenter('en').segment(text), ({ segment }) => segment).filter((one) => one !== ' ');
    const parts = ['a', ' ', '-', '日', '한', '🇩', '🇪', '👩', '🏽', '\u0301', '\u200d', '\ufe0f'];
    const text = fc.array(fc.constantFrom(...parts)).map((some) => some.join(''));
    fc.assert(
      fc.property(text, fc.nat(12), (whole, cells) => {
        expect(wrap(whole, cells).flatMap(characters)).toEqual(characters(whole));
      }),
    );
  });
});

describe('displayWidth', () => {
  it.each([
    ['plain', 5],
    ['日本', 4],
    ['e\u0301', 1],
    ['naïve', 5],
    ['a\u0300\u0301\u0302b', 2],
    ['한국', 4],
    ['（ｗ）', 6],
    ['ｶﾞ', 2],
    ['🔑', 2],
    ['👩‍👩‍👧', 2],
    ['👍🏽', 2],
    ['🇩🇪', 2],
    ['☎️', 2],
    ['\u200b', 0],
  ])('%j takes %i cells', (text, cells) => {
    expect(displayWidth(text)).toBe(cells);
  });
});

describe('pad', () => {
  it('fills up to cells, not to characters', () => {
    expect(pad('日本', 6)).toBe('日本  ');
  });

  it('leaves longer text as it is', () => {
    expect(pad('longer', 3)).toBe('longer');
  });
});
