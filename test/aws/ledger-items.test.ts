import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { entryItem, readEntry } from '../../aws/ledger-items.ts';
import { fullEntry } from '../support/ledger-builder.ts';

describe('the item of an entry', () => {
  const item = entryItem(fullEntry(), 'token');

  it('has numbers as numbers, and gives them back as such', () => {
    expect(item.record?.M?.version).toEqual({ N: '1' });
    expect(readEntry(item)).toStrictEqual(fullEntry());
  });

  it.each<AttributeValue>([
    { SS: ['access-key-unused'] },
    { NS: ['1'] },
    { BS: [new Uint8Array(1)] },
    { B: new Uint8Array(1) },
    { NULL: true },
    { BOOL: true },
    { $unknown: ['X', 1] },
  ])('is refused with a field of a type that no ledger writes: %o', (value) => {
    const changed = { ...item, record: { M: { ...item.record?.M, rules: value } } };
    expect(() => readEntry(changed)).toThrow(expect.objectContaining({ code: 'LedgerCorrupt' }));
  });
});
