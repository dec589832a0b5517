import { expect, it } from 'vitest';
import { tagValue, tagValues } from '../../core/tags.ts';

it.each([
  ['the same spelling', { owner: 'ann' }, 'owner', 'ann'],
  ['another case', { Owner: 'ann' }, 'oWNER', 'ann'],
  ['composed and decomposed letters', { 'Ko\u0308ln': 'ann' }, 'K\u00d6LN', 'ann'],
  ['no such key', { owner: 'ann' }, 'own', undefined],
  ['a key that every object has', {}, 'constructor', undefined],
  ['an empty value', { owner: '' }, 'owner', ''],
  ['two that IAM takes for one, with one value', { owner: 'ann', Owner: 'ann' }, 'owner', 'ann'],
  ['two with two values: no one knows which', { owner: 'ann', Owner: 'bob' }, 'owner', undefined],
])('a tag is found by %s', (_, tags, key, expected) => {
  expect(tagValue(tags, key)).toBe(expected);
});

it('every value of a key is known', () => {
  expect(tagValues({ owner: 'ann', OWNER: 'bob', kind: 'x' }, 'Owner')).toEqual(['ann', 'bob']);
});
