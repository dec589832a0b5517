import { describe, expect, it } from 'vitest';
import { requiredColumns } from '../../../core/report/columns.ts';
import { additionalCredentials, parseReport } from '../../../core/report/parse.ts';
import { ReportError } from '../../../core/report/report-error.ts';
import { account, bytes, reportBytes, rootRow, userRow } from '../../support/report-builder.ts';
import { alice, plain } from '../../support/report-files.ts';

function firstUser(content: Uint8Array) {
  const [user] = parseReport(content).users;
  if (user === undefined) throw new Error('the report has no user');
  return user;
}

function parseField(column: string, text: string) {
  return firstUser(reportBytes([rootRow(), userRow('alice', { [column]: text })]));
}

describe('parseReport: what is fine', () => {
  it('reads account, root row and users', () => {
    const report = parseReport(reportBytes([rootRow(), alice, userRow('bob')]));
    expect(report.account).toEqual({ id: account, partition: 'aws' });
    expect(report.root?.user).toBe('<root_account>');
    expect(report.users.map(({ user, line }) => [user, line])).toEqual([
      ['alice', 3],
      ['bob', 4],
    ]);
  });

  it('reads both access key slots', () => {
    const [first, second] = firstUser(reportBytes([rootRow(), alice])).accessKeys;
    expect(first).toEqual({
      slot: 1,
      active: { known: true, value: true },
      lastRotated: { known: true, value: new Date('2026-01-01T00:00:00Z') },
      lastUsed: { known: true, value: new Date('2026-02-01T10:00:00Z') },
      lastUsedRegion: { known: true, value: 'eu-central-1' },
      lastUsedService: { known: true, value: 's3' },
    });
    expect(second.active).toEqual({ known: true, value: false });
    expect(second.lastRotated).toEqual({ known: false, marker: 'N/A' });
  });

  it('is judged without a root row', () => {
    const report = parseReport(reportBytes([alice]));
    expect(report.root).toBeUndefined();
    expect(report.users).toHaveLength(1);
  });

  it.each(['arn:aws:iam::', 'arn:aws-us-gov:iam::', 'arn:aws-cn:iam::'])('knows the partition of %s', (prefix) => {
    const report = parseReport(reportBytes([rootRow({ arn: `${prefix}${account}:root` })]));
    expect(report.account.partition).toBe(prefix.split(':')[1]);
  });

  it('finds columns by name in any order', () => {
    const reversed = requiredColumns.toReversed();
    expect(firstUser(reportBytes([rootRow(), alice], reversed))).toEqual(firstUser(reportBytes([rootRow(), alice])));
  });

  it('keeps unknown columns', () => {
    const columns = ['new_column', ...requiredColumns, 'additional_credentials_info'];
    const row = { ...alice, new_column: 'x,y', additional_credentials_info: 'N/A' };
    const user = firstUser(reportBytes([{ ...rootRow(), new_column: '-' }, row], columns));
    expect(user.otherColumns).toEqual({ new_column: 'x,y', additional_credentials_info: 'N/A' });
  });

  it.each([
    ['', undefined],
    ['N/A', undefined],
    ['false', undefined],
    ['0', undefined],
    ['None', undefined],
    ['null', undefined],
    ['NaN', undefined],
    ['[]', undefined],
    ['{}', undefined],
    ['-', undefined],
    ['access_key_3', 'access_key_3'],
    ['["access_key_3"]', '["access_key_3"]'],
    ['1', '1'],
    [' 1 access key ', '1 access key'],
    ['true', 'true'],
  ])('takes additional_credentials_info %j as more credentials: %s', (additional_credentials_info, expected) => {
    const columns = [...requiredColumns, 'additional_credentials_info'];
    const user = firstUser(reportBytes([rootRow(), { ...alice, additional_credentials_info }], columns));
    expect(additionalCredentials(user)).toBe(expected);
  });

  const header = requiredColumns.join(',');
  it.each([
    ['a byte order mark', `\uFEFF${plain}`],
    ['CRLF', plain.replaceAll('\n', '\r\n')],
    ['a newline at the end', `${plain}\n`],
    ['an empty line at the end', `${plain}\r\n\r\n`],
    ['white space at the end', `${plain}\n  \t\n`],
    ['lines of commas at the end', `${plain}\n${',,,\n'.repeat(3)}`],
    ['a line of commas and no line end', `${plain}\r\n${','.repeat(21)}`],
    ['commas at the end of each line', plain.replaceAll(/$/gm, ',,')],
    ['a line of empty quotes', `${plain}\n"",""\n`],
    ['a header in capitals', plain.replace(header, header.toUpperCase())],
    ['blanks after the commas of the header', plain.replace(header, header.replaceAll(',', ', '))],
    ['blanks after all commas', plain.replaceAll(',', ', ')],
    ['blanks after all commas, and quotes', plain.replace(/[^,\n]+/g, '"$&"').replaceAll(',', ', ')],
    ['every field quoted', plain.replace(/[^,\n]+/g, '"$&"')],
  ])('reads a file with %s alike', (_, text) => {
    expect(parseReport(bytes(text))).toEqual(parseReport(bytes(plain)));
  });

  it.each([
    ['below a line of commas', `,,,\n${plain}`, [3, 4]],
    ['with blank lines between rows', plain.replaceAll('\n', '\n\n'), [3, 5]],
  ])('reads a report %s, with the lines of the file', (_, text, lines) => {
    const { root, users } = parseReport(bytes(text));
    expect([root?.line, ...users.map(({ line }) => line)]).toEqual(lines);
  });

  it.each(['a,b', 'x=1+2', 'a.b@c-d_e', 'alice@example.com', '=cmd'])('reads the user name %s', (name) => {
    expect(firstUser(reportBytes([rootRow(), userRow(name)])).user).toBe(name);
  });

  it('reads a user below a path', () => {
    expect(firstUser(reportBytes([userRow('ci', {}, '/machines/build/')])).arn).toMatch(/user\/machines\/build\/ci$/);
  });
});

describe('parseReport: fields', () => {
  it.each([
    ['true', true],
    ['TRUE', true],
    ['True', true],
    ['false', false],
    ['FALSE', false],
  ])('reads the boolean %s', (text, value) => {
    expect(parseField('mfa_active', text).mfaActive).toEqual({ known: true, value });
  });

  it.each(['N/A', 'no_information', 'not_supported'])('keeps %s apart from true, false and every date', (marker) => {
    expect(parseField('mfa_active', marker).mfaActive).toEqual({ known: false, marker });
    expect(parseField('password_last_used', marker).passwordLastUsed).toEqual({ known: false, marker });
  });

  it.each([
    ['2026-09-11T13:14:52Z', '2026-09-11T13:14:52.000Z'],
    ['2026-09-11T13:14:52+00:00', '2026-09-11T13:14:52.000Z'],
    ['2026-09-11T13:14:52.5Z', '2026-09-11T13:14:52.500Z'],
    ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.000Z'],
  ])('reads the time %s', (text, iso) => {
    expect(parseField('password_last_used', text).passwordLastUsed).toEqual({ known: true, value: new Date(iso) });
  });

  const unreadableField = (column: string, text: string) => {
    const { users, unreadable } = parseReport(
      reportBytes([rootRow(), userRow('alice', { [column]: text }), userRow('bob')]),
    );
    expect(users.map(({ user }) => user)).toEqual(['bob']);
    return unreadable;
  };

  it.each([
    '',
    'n/a',
    'never',
    '2026-09-11',
    '2026-09-11T13:14:52',
    '2026-09-11T13:14:52+02:00',
    '2026-09-11 13:14:52Z',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '1757596492',
    ' 2026-09-11T13:14:52Z',
  ])('the time %j makes the user unreadable, and names its place', (text) => {
    const place = 'line 3, column 16 (access_key_2_last_used_date)';
    expect(unreadableField('access_key_2_last_used_date', text)).toEqual([
      {
        line: 3,
        user: 'alice',
        arn: `arn:aws:iam::${account}:user/alice`,
        why: expect.stringContaining(`${place}: found ${JSON.stringify(text)}, expected a time`),
      },
    ]);
  });

  it.each(['', 'yes', '1', 'truee', 'null'])('the boolean %j makes the user unreadable', (text) => {
    const [row] = unreadableField('access_key_1_active', text);
    expect(row?.why).toContain(
      `line 3, column 9 (access_key_1_active): found ${JSON.stringify(text)}, expected true, false`,
    );
  });
});

describe('parseReport: bad input is one clear error', () => {
  const header = requiredColumns.join(',');
  const without = (column: string) =>
    reportBytes(
      [rootRow(), alice],
      requiredColumns.filter((name) => name !== column),
    );

  it.each<[string, Uint8Array, string]>([
    ['a header alone', bytes(header), 'line 2, column 1: there is a header but no row'],
    ['a header and a newline', bytes(`${header}\n`), 'there is a header but no row'],
    ['a missing column', without('mfa_active'), 'line 1, column 22: the column mfa_active is missing'],
    ['a missing key column', without('access_key_2_last_rotated'), 'access_key_2_last_rotated is missing'],
    [
      'a doubled column',
      bytes(`user,${plain}`),
      'line 1, column 2 (user): the column appears twice, first as column 1',
    ],
    [
      'two accounts',
      reportBytes([rootRow(), userRow('x', { arn: 'arn:aws:iam::210987654321:user/x' })]),
      'found account 210987654321',
    ],
    [
      'an ARN of another user',
      reportBytes([userRow('x', { arn: `arn:aws:iam::${account}:user/y` })]),
      'expected the ARN of "x"',
    ],
    [
      'an ARN of a role',
      reportBytes([userRow('x', { arn: `arn:aws:iam::${account}:role/x` })]),
      'expected the ARN of "x"',
    ],
    [
      'a user with the ARN of root',
      reportBytes([userRow('x', { arn: `arn:aws:iam::${account}:root` })]),
      'expected the ARN of "x"',
    ],
    [
      'a root row with the ARN of a user',
      reportBytes([rootRow({ arn: `arn:aws:iam::${account}:user/x` })]),
      'expected the ARN of "<root_account>"',
    ],
    ['no user name', reportBytes([userRow('')]), 'line 2, column 1 (user): found "", expected a user name'],
    ['a quote never closed', bytes(`${plain}\n"bob,`), 'a quote is never closed'],
    ['a quote in the middle of a field', bytes(`${plain}\nbo"b,`), 'line 4, column 1: there is a quote in the middle'],
    ['text after a quote', bytes(`${plain}\n"bob"x,`), 'line 4, column 1: there is text after the closing quote'],
  ])('%s', (_, content, message) => {
    expect(() => parseReport(content)).toThrow(ReportError);
    expect(() => parseReport(content)).toThrow(message);
  });

  it('refuses a file cut off anywhere in its last row', () => {
    const lastRow = plain.lastIndexOf('\n') + 1;
    for (let end = lastRow + 1; end < plain.length; end++) {
      expect(() => parseReport(bytes(plain.slice(0, end))), `cut at ${end}`).toThrow(ReportError);
    }
  });
});
