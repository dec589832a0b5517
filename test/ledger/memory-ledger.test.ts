import { describe, expect, it } from 'vitest';
import { account, eventFor, following, ledgerEntry, sweepRecord } from '../support/ledger-builder.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { describeLedger } from './ledger-contract.ts';

describe('the ledger in memory, which other tests use', () => {
  describeLedger(async () => {
    const ledger = createMemoryLedger();
    return { ledger, reopen: async () => ledger };
  });

  it('fails before the n-th write: nothing of it happened', async () => {
    const ledger = createMemoryLedger();
    ledger.failWrite(2, 'before');
    const first = ledgerEntry();
    await ledger.write(first, eventFor(first));
    await expect(ledger.write(following(first), eventFor(following(first)))).rejects.toThrow('cannot be reached');
    expect(await ledger.entry(account, first.credential.id)).toStrictEqual(first);
    expect(await ledger.write(following(first), eventFor(following(first)))).toBe('written');
  });

  it('fails after the n-th write: all of it happened', async () => {
    const ledger = createMemoryLedger();
    ledger.failWrite(1, 'after', new Error('lost the answer'));
    await expect(ledger.writeSweep(sweepRecord())).rejects.toThrow('lost the answer');
    expect(await ledger.sweep(account, 'sweep-1')).toStrictEqual(sweepRecord());
    expect(ledger.written).toBe(1);
  });

  it('fails the n-th read', async () => {
    const ledger = createMemoryLedger();
    ledger.failRead(2);
    expect((await ledger.entries(account)).entries).toEqual([]);
    await expect(ledger.entries(account)).rejects.toThrow('cannot be reached');
  });

  it('lets a hook see and rival every call', async () => {
    const entry = ledgerEntry();
    const calls: string[] = [];
    const ledger = createMemoryLedger();
    ledger.setHooks({
      before: async ({ kind }) => {
        calls.push(kind);
        if (calls.length === 1) await ledger.write(entry, eventFor(entry));
      },
    });
    expect(await ledger.write(entry, eventFor(entry))).toBe('conflict');
    expect(calls).toEqual(['write', 'write']);
  });
});
