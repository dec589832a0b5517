import { describe, expect, it } from 'vitest';
import { parseReport } from '../../../core/report/parse.ts';
import { account, bytes, reportBytes, reportText, rootRow, userRow } from '../../support/report-builder.ts';

const [root, alice, bob] = [rootRow(), userRow('alice'), userRow('bob')];

/** The names that are read, the unreadable ones, and why. */
function readNames(content: Uint8Array) {
  const { root: rootOf, users, unreadable } = parseReport(content);
  const read = [...(rootOf === undefined ? [] : [rootOf]), ...users].map(({ user }) => user);
  return { read, unreadable: unreadable.map(({ user, why }) => `${user}: ${why}`) };
}

describe('one damaged row: the others are read', () => {
  it.each<[string, string, string]>([
    ['a field too few', 'alice,arn', 'line 3, column 3: found 2 fields where the header has 22'],
    ['a field too many', `${reportText([alice]).split('\n')[1]},x`, 'line 3, column 23: found 23 fields'],
  ])('%s', (_, row, why) => {
    const aliceRow = row.replace('alice,arn', `alice,arn:aws:iam::${account}:user/alice`);
    const [header, rootLine, bobLine] = reportText([root, bob]).split('\n');
    expect(readNames(bytes([header, rootLine, aliceRow, bobLine].join('\n')))).toEqual({
      read: ['<root_account>', 'bob'],
      unreadable: [expect.stringContaining(why)],
    });
  });

  it('in the last row, if the line is complete', () => {
    const text = reportText([root, { ...bob, cert_2_last_rotated: '?' }]);
    expect(readNames(bytes(`${text}\n`)).read).toEqual(['<root_account>']);
    expect(readNames(bytes(`${text}\n`)).unreadable).toHaveLength(1);
  });

  it('of the root user', () => {
    const { read, unreadable } = readNames(reportBytes([{ ...root, mfa_active: '?' }, alice]));
    expect(read).toEqual(['alice']);
    expect(unreadable).toEqual([expect.stringContaining('<root_account>: ')]);
  });
});

describe('a repeated row: no one knows which is right', () => {
  it.each<[string, readonly Parameters<typeof reportBytes>[0][number][], string]>([
    ['the same', [root, alice, alice, bob], 'alice: the credential report has several rows for it, on lines 3, 4'],
    [
      'with other facts',
      [root, alice, bob, { ...alice, mfa_active: 'true' }],
      'alice: the credential report has several rows for it, on lines 3, 5',
    ],
    ['in another case', [root, userRow('Alice'), alice, bob], 'Alice: the credential report has several rows for it'],
    ['one of them damaged', [root, alice, { ...alice, mfa_active: '?' }, bob], 'several rows for it, on lines 3, 4'],
    ['three of them', [root, alice, alice, alice, bob], 'on lines 3, 4, 5'],
  ])('%s', (_, rows, why) => {
    expect(readNames(reportBytes(rows))).toEqual({
      read: ['<root_account>', 'bob'],
      unreadable: [expect.stringContaining(why)],
    });
  });

  it('of half of the users', () => {
    const { read, unreadable } = readNames(reportBytes([root, alice, bob, userRow('carol'), alice, bob]));
    expect(read).toEqual(['<root_account>', 'carol']);
    expect(unreadable).toHaveLength(2);
  });

  it('of the root user', () => {
    expect(readNames(reportBytes([root, alice, root]))).toEqual({
      read: ['alice'],
      unreadable: [expect.stringContaining('<root_account>: the credential report has several rows')],
    });
  });
});

describe('no row can be read', () => {
  it('is refused as one', () => {
    const damaged = { mfa_active: 'maybe' };
    expect(() => parseReport(reportBytes([rootRow(damaged), userRow('alice', damaged)]))).toThrow(
      'line 2, column 8 (mfa_active): found "maybe"',
    );
  });

  it.each(['11/20/2026 2:30', '20.11.2026 02:30', '2026-11-20 02:30'])('dates of a spreadsheet: %s', (date) => {
    const dates = { user_creation_time: date };
    expect(() => parseReport(reportBytes([rootRow(dates), userRow('alice', dates)]))).toThrow(
      'a spreadsheet changed the dates',
    );
  });
});
