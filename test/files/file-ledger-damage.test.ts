import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { entryCodec, eventCodec } from '../../core/lifecycle/ledger-codec.ts';
import { journalHeader, journalLine, sumOfHeader } from '../../files/journal.ts';
import { account, eventFor, following } from '../support/ledger-builder.ts';
import { first, keyId, ledgerFile } from '../support/ledger-file.ts';

const file = ledgerFile();
const second = following(first);

describe('a crash', () => {
  it.each([1, 2, 40, 400])('in the middle of a line, %i bytes before its end, loses that line alone', async (bytes) => {
    await file.fill(3);
    const { size } = await stat(file.path);
    await truncate(file.path, size - 1 - bytes);
    expect(await file.reopenedVersion()).toBe(2);
    const ledger = await file.open();
    const again = { ...first, version: 3 };
    expect(await ledger.write(again, eventFor(again))).toBe('written');
    await ledger.close();
    expect(await file.reopenedVersion()).toBe(3);
    expect((await stat(file.path)).size).toBe(size);
  });

  it('that left the line whole but for its line break loses nothing', async () => {
    await file.fill(2);
    const { size } = await stat(file.path);
    await truncate(file.path, size - 1);
    const ledger = await file.open();
    expect(await ledger.entry(account, keyId)).toMatchObject({ version: 2 });
    await ledger.write(following(second), eventFor(following(second)));
    await ledger.close();
    expect(await file.reopenedVersion()).toBe(3);
  });

  it.each(['\0\0\0\0', '{"sum":"00\0\0\0\0\0"}\n', '{"su'])(
    'that left %j at the end loses nothing else',
    async (tail) => {
      await file.fill(2);
      await writeFile(file.path, tail, { flag: 'a' });
      expect(await file.reopenedVersion()).toBe(2);
      expect(await readFile(file.path, 'utf8')).not.toContain('\0');
    },
  );

  it('that left half a rewritten file behind does no harm, and is cleaned up', async () => {
    await file.fill(2);
    await writeFile(`${file.path}.0b6ee2c5-1f8c-4b1d-9c57-d34bd4b5e8f4.tmp`, '{"schema":"keysweep/led');
    await writeFile(`${file.path}.backup.tmp`, 'not ours');
    expect(await file.reopenedVersion()).toBe(2);
    expect(await readdir(file.folder)).toEqual(['ledger.jsonl', 'ledger.jsonl.backup.tmp']);
  });
});

describe('a file that is not as it was written', () => {
  const lines = async () => (await readFile(file.path, 'utf8')).split('\n');
  const edits: readonly [string, (text: readonly string[]) => string, RegExp][] = [
    ['empty', () => '', /line 1 \(byte 0\): it is empty/],
    ['of something else', () => 'a,b,c\n1,2,3\n', /line 1 .*not a keysweep ledger/],
    ['JSON of something else', () => '{"schema":"keysweep/audit/v1"}\n', /line 1 .*not a keysweep ledger/],
    ['binary', () => '\u0000\u0001\u0002\n\u0003', /line 1 .*not a keysweep ledger/],
    ['only half of its first line', () => '{"schema":"keysweep/led', /line 1 .*not a keysweep ledger/],
    [
      'changed in the middle',
      ([a, b, ...c]) => [a, b?.replace('alice', 'mallory'), ...c].join('\n'),
      /line 2 .*checksum/,
    ],
    ['changed in its last line', (all) => all.join('\n').replace('"version 3"', '"version 8"'), /line 4 .*checksum/],
    ['without a line in the middle', ([a, b, , ...d]) => [a, b, ...d].join('\n'), /line 3 .*checksum/],
    ['with a line twice', ([a, b, ...c]) => [a, b, b, ...c].join('\n'), /line 3 .*checksum/],
    ['with two lines swapped', ([a, b, c, ...d]) => [a, c, b, ...d].join('\n'), /line 2 .*checksum/],
    ['with a line torn in the middle', ([a, b, ...c]) => [a, b?.slice(0, 99), ...c].join('\n'), /line 2 .*checksum/],
    ['with an empty line', ([a, ...b]) => [a, '', ...b].join('\n'), /line 2 .*checksum/],
    ['with something behind it', (all) => `${all.join('\n')}# edited by hand\n`, /line 5 .*checksum/],
  ];

  it.each(edits)('%s is refused with its place, and not changed', async (_, edit, message) => {
    await file.fill(3);
    const bad = edit(await lines());
    await writeFile(file.path, bad);
    for (const options of [{}, { readOnly: true }]) {
      await expect(file.open(options)).rejects.toMatchObject({
        code: 'LedgerCorrupt',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(/backup/),
      });
    }
    expect(await readFile(file.path, 'utf8')).toBe(bad);
    expect(await readdir(file.folder)).toEqual(['ledger.jsonl']);
  });

  it.each(['{"schema":"keysweep/ledger/v2"}\n', '{"schema":"keysweep/ledger/v17","more":1}\n{"what":"ever"}\n'])(
    'from a newer keysweep is refused as such: %j',
    async (text) => {
      await writeFile(file.path, text);
      await expect(file.open()).rejects.toMatchObject({
        code: 'LedgerFromNewerVersion',
        hint: expect.stringMatching(/update keysweep/),
      });
      expect(await readFile(file.path, 'utf8')).toBe(text);
    },
  );
});

describe('a record that is whole, but wrong', () => {
  const entry = (fields: object = {}) => ({ ...entryCodec.encode(first), ...fields });
  const event = (fields: object = {}) => ({ ...eventCodec.encode(eventFor(first)), ...fields });
  const wrong: readonly [string, object, RegExp][] = [
    [
      'an entry that leaves a version out',
      { entry: entry({ version: 3 }), events: [event({ version: 3 })] },
      /out of place/,
    ],
    ['an entry of a version that was there', { entry: entry(), events: [event()] }, /out of place/],
    [
      'an event of another credential',
      { entry: entry({ version: 2 }), events: [event({ credential: { kind: 'access-key', id: 'AKIAB' } })] },
      /AKIAB.* out of place/,
    ],
    [
      'an entry of another version than its event',
      { entry: entry({ version: 3 }), events: [event({ version: 2 })] },
      /does not belong/,
    ],
    ['an entry without an event', { entry: entry({ version: 2 }), events: [] }, /has no event/],
    [
      'an entry with a field that is wrong',
      { entry: entry({ stage: 'asleep' }), events: [event()] },
      /its entry: stage/,
    ],
    [
      'an event with a field that is wrong',
      { entry: entry({ version: 2 }), events: [event({ version: 2, by: 'absent' })] },
      /its event: by/,
    ],
    ['a sweep with a field that is wrong', { sweep: { id: 's' } }, /its sweep: account/],
    ['a record of an unknown kind', { note: 'hello' }, /an unknown kind/],
    [
      'a record of two kinds',
      { entry: entry({ version: 2 }), events: [event({ version: 2 })], sweep: {} },
      /an unknown kind/,
    ],
  ];

  it.each(wrong)('(%s) is refused with its place', async (_, record, message) => {
    const header = journalHeader(1);
    const good = journalLine(sumOfHeader(1), { entry: entry(), events: [event()] });
    const bad = journalLine(good.sum, record);
    await writeFile(file.path, `${header}${good.line}${bad.line}`);
    await expect(file.open()).rejects.toMatchObject({
      code: 'LedgerCorrupt',
      message: expect.stringMatching(new RegExp(`line 3 .*${message.source}`)),
    });
    await writeFile(file.path, `${header}${good.line}`);
    expect(await file.reopenedVersion()).toBe(1);
  });
});
