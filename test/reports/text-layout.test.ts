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
    ['abc', 0, ['a', 'b', 'c']],
  ])('%j in %i cells', (text, cells, lines) => {
    expect(wrap(text, cells)).toEqual(lines);
  });
});

describe('displayWidth', () => {
  it.each([
    ['plain', 5],
    ['日本', 4],
    ['e\u0301', 1],
    ['naïve', 5],
    ['🔑', 2],
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
