import { describe, expect, it } from 'vitest';
import type { Ledger, LedgerEntry, LedgerEvent, SweptSnapshot } from '../../core/lifecycle/ledger.ts';
import {
  account,
  eventFor,
  following,
  fullEntry,
  ledgerEntry,
  otherAccount,
  sweepRecord,
} from '../support/ledger-builder.ts';

/** A new, empty ledger for one test. */
export interface LedgerUnderTest {
  readonly ledger: Ledger;
  /** Another ledger over the same store, as the next process has it. The first one is not used any more. */
  reopen(): Promise<Ledger>;
}

const keyOne = 'AKIAALICEONEAAAAAAAA';
const at = (text: string) => new Date(`2026-11-${text}Z`);

/** What every ledger must do. `open` cleans up by itself. */
export function describeLedger(open: () => Promise<LedgerUnderTest>): void {
  const write = (ledger: Ledger, entry: LedgerEntry) => ledger.write(entry, eventFor(entry));

  describe('an empty ledger', () => {
    it('has no entries, events or sweeps', async () => {
      const { ledger } = await open();
      expect(await ledger.entries(account)).toEqual({ entries: [], damaged: [] });
      expect(await ledger.entry(account, keyOne)).toBeUndefined();
      expect(await ledger.events(account, keyOne)).toEqual([]);
      expect(await ledger.sweep(account, 'sweep-1')).toBeUndefined();
    });
  });

  describe('write', () => {
    it.each([
      ['with every field', fullEntry()],
      ['with as few fields as possible', ledgerEntry(keyOne, { stage: 'compliant', rules: [] })],
      ['of the root user', ledgerEntry(keyOne, { principal: { kind: 'root', name: '<root_account>', arn: 'arn' } })],
    ])('keeps an entry %s as it is, with its event, for the next process too', async (_, entry) => {
      const { ledger, reopen } = await open();
      const event = eventFor(entry, { type: 'deactivated', by: 'person', from: 'warned', detail: 'a "line" — ü\\n' });
      expect(await ledger.write(entry, event)).toBe('written');
      for (const view of [ledger, await reopen()]) {
        expect(await view.entry(account, keyOne)).toStrictEqual(entry);
        expect(await view.entries(account)).toStrictEqual({ entries: [entry], damaged: [] });
        expect(await view.events(account, keyOne)).toStrictEqual([event]);
      }
    });

    it('replaces an entry by the one that follows it, and keeps both events in order', async () => {
      const { ledger, reopen } = await open();
      const first = fullEntry();
      const versions = [first];
      for (let version = 2; version <= 12; version++) versions.push({ ...first, version });
      const last = ledgerEntry(keyOne, { version: 13, stage: 'deleted', rules: [] });
      for (const entry of [...versions, last]) expect(await write(ledger, entry)).toBe('written');
      for (const view of [ledger, await reopen()]) {
        expect(await view.entry(account, keyOne)).toStrictEqual(last);
        expect(await view.events(account, keyOne)).toStrictEqual([...versions, last].map((entry) => eventFor(entry)));
      }
    });

    it.each([
      ['the version that is there already', 2],
      ['an older version', 1],
      ['a version that leaves one out', 4],
    ])('is a conflict with %s, and changes nothing', async (_, version) => {
      const { ledger, reopen } = await open();
      const first = ledgerEntry();
      const second = following(first);
      await write(ledger, first);
      await write(ledger, second);
      const late = { ...fullEntry(), version };
      expect(await write(ledger, late)).toBe('conflict');
      for (const view of [ledger, await reopen()]) {
        expect(await view.entry(account, keyOne)).toStrictEqual(second);
        expect(await view.events(account, keyOne)).toHaveLength(2);
      }
    });

    it('is a conflict with a second version of what is not there', async () => {
      const { ledger } = await open();
      expect(await write(ledger, ledgerEntry(keyOne, { version: 2 }))).toBe('conflict');
      expect((await ledger.entries(account)).entries).toEqual([]);
      expect(await ledger.events(account, keyOne)).toEqual([]);
    });

    it('lets one of many writers at the same time through', async () => {
      const { ledger } = await open();
      await write(ledger, ledgerEntry());
      const rivals = Array.from({ length: 8 }, (_, n) => ledgerEntry(keyOne, { version: 2, since: new Date(n) }));
      const outcomes = await Promise.all(rivals.map((entry) => write(ledger, entry)));
      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'conflict')).toHaveLength(7);
      expect(await ledger.entry(account, keyOne)).toStrictEqual(rivals[outcomes.indexOf('written')]);
      expect(await ledger.events(account, keyOne)).toHaveLength(2);
    });

    it('lets one of two equal writers through: none takes the work of the other for its own', async () => {
      const { ledger } = await open();
      const outcomes = await Promise.all([write(ledger, ledgerEntry()), write(ledger, ledgerEntry())]);
      expect(outcomes.sort()).toEqual(['conflict', 'written']);
    });

    it('takes writes of different credentials at the same time', async () => {
      const { ledger, reopen } = await open();
      const entries = Array.from({ length: 20 }, (_, n) => ledgerEntry(`AKIA${String(n).padStart(16, '0')}`));
      const outcomes = await Promise.all(entries.map((entry) => write(ledger, entry)));
      expect(new Set(outcomes)).toEqual(new Set(['written']));
      expect((await (await reopen()).entries(account)).entries).toStrictEqual(entries);
    });

    it.each([
      ['an event of another credential', { credential: { kind: 'access-key', id: 'AKIAOTHER' } }],
      ['an event of another kind of credential', { credential: { kind: 'ssh-public-key', id: keyOne } }],
      ['an event of another account', { account: otherAccount }],
      ['an event of another version', { version: 2 }],
      ['an event that leads to another stage', { to: 'deleted' }],
      ['an event at no time', { at: new Date(Number.NaN) }],
    ] as const)('refuses %s, and writes nothing', async (_, fields) => {
      const { ledger } = await open();
      const entry = ledgerEntry();
      await expect(ledger.write(entry, eventFor(entry, fields as Partial<LedgerEvent>))).rejects.toMatchObject({
        code: 'LedgerRecordInvalid',
      });
      expect((await ledger.entries(account)).entries).toEqual([]);
      expect(await ledger.events(account, keyOne)).toEqual([]);
    });

    it.each([
      ['a time that is none', { updatedAt: new Date(Number.NaN) }],
      ['a version below 1', { version: 0 }],
      ['an id that could be mistaken for a part of a key', { credential: { kind: 'access-key', id: 'AKIA#1' } }],
      ['an account that is none', { account: 'alice' }],
      ['a field that no ledger knows', { colour: 'red' }],
    ] as const)('refuses an entry with %s, and writes nothing', async (_, fields) => {
      const { ledger } = await open();
      const entry = { ...ledgerEntry(), ...fields } as LedgerEntry;
      await expect(ledger.write(entry, eventFor(entry))).rejects.toMatchObject({ code: 'LedgerRecordInvalid' });
      expect((await ledger.entries(account)).entries).toEqual([]);
    });
  });

  describe('entries', () => {
    it('are those of one account, tombstones included, ordered by credential id', async () => {
      const { ledger } = await open();
      const ids = ['AKIAB', 'AKIAa', 'AKIA2', 'AKIA_', 'AKIA-', 'AKIAA', 'APKAX'];
      for (const id of ids) await write(ledger, ledgerEntry(id, { stage: id === 'AKIAA' ? 'deleted' : 'warned' }));
      await write(ledger, ledgerEntry('AKIAC', { account: otherAccount }));
      const found = (await ledger.entries(account)).entries;
      expect(found.map(({ credential }) => credential.id)).toEqual([
        'AKIA-',
        'AKIA2',
        'AKIAA',
        'AKIAB',
        'AKIA_',
        'AKIAa',
        'APKAX',
      ]);
      expect(found.find(({ credential }) => credential.id === 'AKIAA')).toMatchObject({ stage: 'deleted' });
      expect((await ledger.entries(otherAccount)).entries).toHaveLength(1);
    });

    it('are kept apart by account, also under the same id', async () => {
      const { ledger } = await open();
      const here = ledgerEntry();
      const there = ledgerEntry(keyOne, { account: otherAccount, rules: ['access-key-too-old'] });
      await write(ledger, here);
      expect(await write(ledger, there)).toBe('written');
      expect(await ledger.entry(account, keyOne)).toStrictEqual(here);
      expect(await ledger.entry(otherAccount, keyOne)).toStrictEqual(there);
      expect(await ledger.events(otherAccount, keyOne)).toHaveLength(1);
    });
  });

  describe('events', () => {
    it('are not those of a credential whose id begins alike', async () => {
      const { ledger } = await open();
      await write(ledger, ledgerEntry('AKIA1'));
      await write(ledger, ledgerEntry('AKIA12'));
      expect((await ledger.events(account, 'AKIA1')).map(({ credential }) => credential.id)).toEqual(['AKIA1']);
      expect(await ledger.events(account, 'AKIA')).toEqual([]);
    });
  });

  describe('sweeps', () => {
    it('are kept as they are, and replaced', async () => {
      const { ledger, reopen } = await open();
      const begun = sweepRecord();
      await ledger.writeSweep(begun);
      expect(await ledger.sweep(account, 'sweep-1')).toStrictEqual(begun);
      const ended = sweepRecord('sweep-1', {
        endedAt: at('18T04:31:00.007'),
        deliveredAt: at('18T04:30:59.999'),
        notifiedBy: 'operator',
        outcome: 'partial',
      });
      await ledger.writeSweep(ended);
      for (const view of [ledger, await reopen()]) {
        expect(await view.sweep(account, 'sweep-1')).toStrictEqual(ended);
        expect(await view.sweep(account, 'sweep-2')).toBeUndefined();
        expect(await view.sweep(otherAccount, 'sweep-1')).toBeUndefined();
      }
    });

    it('are no entries', async () => {
      const { ledger } = await open();
      await ledger.writeSweep(sweepRecord());
      expect((await ledger.entries(account)).entries).toEqual([]);
    });

    it('are refused where they expire at no time', async () => {
      const { ledger } = await open();
      const record = sweepRecord('sweep-1', { expiresAt: new Date(Number.NaN) });
      await expect(ledger.writeSweep(record)).rejects.toMatchObject({ code: 'LedgerRecordInvalid' });
      expect(await ledger.sweep(account, 'sweep-1')).toBeUndefined();
    });
  });

  describe('the swept snapshot', () => {
    const first: SweptSnapshot = {
      account,
      id: 'snapshot-1',
      asOf: at('18T04:30:00.000'),
      openedAt: at('18T04:30:05.001'),
      earlier: ['snapshot-0'],
      version: 1,
    };
    const closed: SweptSnapshot = { ...first, closedAt: at('18T04:31:00.007'), version: 2 };
    const next: SweptSnapshot = { ...first, id: 'snapshot-2', asOf: at('19T04:30:00.000'), version: 3 };

    it('is one an account, and is kept as it is', async () => {
      const { ledger, reopen } = await open();
      expect(await ledger.sweptSnapshot(account)).toBeUndefined();
      for (const record of [first, closed, next]) {
        expect(await ledger.writeSweptSnapshot(record)).toBe('written');
        expect(await ledger.sweptSnapshot(account)).toStrictEqual(record);
      }
      const view = await reopen();
      expect(await view.sweptSnapshot(account)).toStrictEqual(next);
      expect(await view.sweptSnapshot(otherAccount)).toBeUndefined();
    });

    it('is written only after the version before it', async () => {
      const { ledger } = await open();
      expect(await ledger.writeSweptSnapshot(closed)).toBe('conflict');
      await ledger.writeSweptSnapshot(first);
      expect(await ledger.writeSweptSnapshot({ ...first, id: 'other' })).toBe('conflict');
      expect(await ledger.writeSweptSnapshot(next)).toBe('conflict');
      expect(await ledger.sweptSnapshot(account)).toStrictEqual(first);
    });

    it('goes to one of two who open a sweep at the same moment', async () => {
      const { ledger } = await open();
      const written = await Promise.all(['a', 'b'].map((id) => ledger.writeSweptSnapshot({ ...first, id })));
      expect(written.toSorted()).toEqual(['conflict', 'written']);
    });

    it('is no entry, and no sweep', async () => {
      const { ledger } = await open();
      await ledger.writeSweptSnapshot(first);
      expect((await ledger.entries(account)).entries).toEqual([]);
      expect(await ledger.sweep(account, first.id)).toBeUndefined();
    });
  });

  it('gives what no one can change behind its back', async () => {
    const { ledger } = await open();
    const entry = { ...fullEntry() };
    const original = structuredClone(entry);
    await write(ledger, entry);
    entry.principal = { kind: 'user', name: 'mallory', arn: 'arn' };
    entry.since.setTime(0);
    expect(await ledger.entry(account, keyOne)).toStrictEqual(original);
  });
}
