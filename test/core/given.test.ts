import { expect, it } from 'vitest';
import { given } from '../../core/given.ts';

it('leaves out what is undefined, and nothing else', () => {
  const properties: { a: string | undefined; b: number; c: null; d: boolean; e: string } = {
    a: undefined,
    b: 0,
    c: null,
    d: false,
    e: '',
  };
  expect(Object.keys(given(properties))).toEqual(['b', 'c', 'd', 'e']);
});

it('says so to the compiler', () => {
  const owner = [].at(0) as string | undefined;
  const item: { readonly id: string; readonly owner?: string } = { id: 'AKIA1', ...given({ owner }) };
  expect(item).toStrictEqual({ id: 'AKIA1' });
});
