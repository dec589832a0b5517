import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseReport } from '../../../core/report/parse.ts';
import { ReportError } from '../../../core/report/report-error.ts';
import { bytes, keyFields, reportText, rootRow, userRow } from '../../support/report-builder.ts';

const alice = userRow('alice', keyFields(1, { created: '2026-01-01T00:00:00Z', lastUsed: '2026-02-01T10:00:00Z' }));
const plain = reportText([rootRow(), alice]);
const expected = parseReport(bytes(plain));
const base64 = Buffer.from(plain).toString('base64');
const wrapped = base64.replace(/.{76}/g, '$&\n');
const generatedAt = new Date('2026-11-20T02:00:00Z');

function utf16(text: string, { bigEndian = false, mark = true } = {}): Uint8Array {
  const content = Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');
  return bigEndian ? content.swap16() : content;
}

function answer(fields: object = {}): string {
  return JSON.stringify(
    { Content: base64, GeneratedTime: '2026-11-20T02:00:00+00:00', ReportFormat: 'text/csv', ...fields },
    null,
    4,
  );
}

describe('a report in any encoding', () => {
  it.each<[string, Uint8Array]>([
    ['UTF-8 with a mark', bytes(`\uFEFF${plain}`)],
    ['UTF-16 little-endian with a mark (Windows PowerShell)', utf16(plain)],
    ['the same with CRLF', utf16(plain.replaceAll('\n', '\r\n'))],
    ['UTF-16 big-endian with a mark', utf16(plain, { bigEndian: true })],
    ['UTF-16 little-endian without a mark', utf16(plain, { mark: false })],
    ['UTF-16 big-endian without a mark', utf16(plain, { bigEndian: true, mark: false })],
    ['base64 in one line', bytes(base64)],
    ['base64 and a newline', bytes(`${base64}\r\n`)],
    ['base64 in lines of 76', bytes(wrapped)],
    ['base64 in lines of 76 with CRLF', bytes(wrapped.replaceAll('\n', '\r\n'))],
    ['base64 in UTF-16', utf16(`${wrapped}\r\n`)],
    ['base64 of UTF-16', bytes(Buffer.from(utf16(plain)).toString('base64'))],
    ['base64 in quotes (--query Content)', bytes(JSON.stringify(base64))],
  ])('%s', (_, content) => {
    expect(parseReport(content)).toEqual(expected);
  });

  it('base64url without padding', () => {
    const odd = reportText([rootRow(), userRow('?~?~?~?')]);
    const encoded = Buffer.from(odd).toString('base64url');
    expect(encoded).toMatch(/[-_]/);
    expect(parseReport(bytes(encoded))).toEqual(parseReport(bytes(odd)));
  });
});

describe('an answer of get-credential-report', () => {
  it.each<[string, Uint8Array]>([
    ['as the AWS CLI prints it', bytes(answer())],
    ['in UTF-16', utf16(answer())],
    ['with CRLF and a mark', bytes(`\uFEFF${answer().replaceAll('\n', '\r\n')}\r\n`)],
    ['with the time in Z', bytes(answer({ GeneratedTime: '2026-11-20T02:00:00.000Z' }))],
    ['with the time in another zone', bytes(answer({ GeneratedTime: '2026-11-20T03:00:00+01:00' }))],
    ['with a blank in the time (Python)', bytes(answer({ GeneratedTime: '2026-11-20 02:00:00+00:00' }))],
    ['with the time in seconds (AWS CLI 1)', bytes(answer({ GeneratedTime: 1_795_140_000 }))],
    ['with the time in fractional seconds', bytes(answer({ GeneratedTime: 1_795_140_000.0 }))],
    ['with the time in milliseconds (Java)', bytes(answer({ GeneratedTime: 1_795_140_000_000 }))],
    ['with the time of Windows PowerShell', bytes(answer({ GeneratedTime: '/Date(1795140000000)/' }))],
    ['with wrapped base64', bytes(answer({ Content: wrapped }))],
    ['with the text itself', bytes(answer({ Content: plain }))],
    ['with bytes as a list', bytes(answer({ Content: [...bytes(plain)] }))],
    ['with signed bytes (Java)', bytes(answer({ Content: [...new Int8Array(bytes(plain))] }))],
    ['with a Buffer (Node.js)', bytes(answer({ Content: Buffer.from(plain).toJSON() }))],
    ['with an indexed array (SDK for JavaScript)', bytes(answer({ Content: { ...bytes(plain) } }))],
    ['with metadata beside it', bytes(answer({ $metadata: { httpStatusCode: 200 } }))],
    [
      'with names in lower case',
      bytes(answer().replaceAll(/"([A-Z])(\w+)":/g, (_, a, b) => `"${a.toLowerCase()}${b}":`)),
    ],
    ['inside another object', bytes(`{"GetCredentialReportResponse": {"GetCredentialReportResult": ${answer()}}}`)],
    ['as --output text', bytes(`${base64}\t2026-11-20T02:00:00+00:00\ttext/csv\n`)],
  ])('%s', (_, content) => {
    expect(parseReport(content)).toEqual({ ...expected, generatedAt });
  });

  it('without a time: the age is unknown', () => {
    expect(parseReport(bytes(JSON.stringify({ Content: base64 })))).toEqual(expected);
  });
});

describe('what is refused, by its cause and without a place', () => {
  const [header = '', ...rows] = plain.split('\n');
  const quotedLines = plain.split('\n').map((line) => `"${line}"`);
  it.each<[string, Uint8Array | string, string]>([
    ['an empty file', '', 'the file is empty'],
    ['white space', ' \r\n\n', 'the file is empty'],
    ['a mark alone', '\uFEFF', 'the file is empty'],
    ['semicolons', plain.replaceAll(',', ';'), 'the fields are separated by semicolons, not by commas'],
    ['semicolons with a mark', `\uFEFF${plain.replaceAll(',', ';')}`, 'separated by semicolons'],
    ['tabs', plain.replaceAll(',', '\t'), 'separated by tabs'],
    ['pipes', plain.replaceAll(',', '|'), 'separated by "|"'],
    [
      'quoted fields with semicolons',
      plain.replace(/[^,\n]+/g, '"$&"').replaceAll(',', ';'),
      'separated by semicolons',
    ],
    ['CR alone', plain.replaceAll('\n', '\r'), 'the lines end with CR alone'],
    ['CR CR LF', plain.replaceAll('\n', '\r\r\n'), 'the lines end with CR CR LF'],
    ['quoted lines', quotedLines.join('\r\n'), 'every line is in quotes, as if it were one field'],
    ['a title line', `sep=,\n${plain}`, 'the header is on line 2, below "sep=,"'],
    ['a title with commas', `Credential report,,\n\n${plain}`, 'the header is on line 3, below "Credential report,,"'],
    ['no header', rows.join('\n'), 'the header is missing: the first line is already a row'],
    ['no header, no root', rows.slice(1).join('\n'), 'the header is missing'],
    ['gzip', gzipSync(plain), 'the file is compressed with gzip'],
    ['base64 of gzip', gzipSync(plain).toString('base64'), 'the file is compressed with gzip'],
    ['zip', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0), 'a zip archive or an Excel workbook (.xlsx)'],
    ['an old workbook', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1), 'an Excel workbook (.xls)'],
    ['UTF-32', Uint8Array.of(0xff, 0xfe, 0, 0, 0x75, 0, 0, 0), 'the file is UTF-32 text'],
    ['NUL bytes', `${header}\n\0\0`, 'binary data (NUL bytes)'],
    ['other bytes', Uint8Array.of(0x75, 0x80, 0x81), 'neither UTF-8 nor UTF-16 text'],
    ['half a character of UTF-16', utf16(plain).slice(0, -1), 'UTF-16 text that is damaged or cut off'],
    [
      'an error of the AWS CLI',
      '\nAn error occurred (ReportNotPresent) when calling the GetCredentialReport operation: Unknown\n',
      'an error of the AWS CLI instead of a report: ReportNotPresent from GetCredentialReport',
    ],
    [
      'an error of the AWS CLI in its newer form',
      'aws: [ERROR]: An error occurred (AccessDenied) when calling the GetCredentialReport operation: no',
      'AccessDenied from GetCredentialReport',
    ],
    [
      'no credentials',
      'Unable to locate credentials. You can configure credentials by running "aws login".',
      'a message of the command line',
    ],
    ['no AWS CLI', 'bash: aws: command not found', 'a message of the command line'],
    ['None', 'None\n', 'the file contains only the word None'],
    ['null', 'null', 'the file contains only the word null'],
    ['an HTML page', '<!DOCTYPE html><html><body>Sign in</body></html>', 'an HTML page'],
    ['XML', '<GetCredentialReportResponse xmlns="x"><a/></GetCredentialReportResponse>', 'the file is XML'],
    ['YAML', `Content: ${base64}\nGeneratedTime: '2026-11-20T02:00:00+00:00'\n`, 'the file is YAML'],
    ['base64 cut off', base64.slice(0, 4 * Math.floor(base64.length / 8) + 1), 'base64 that is cut off'],
    [
      'base64 cut off at a whole group',
      base64.slice(0, 4 * Math.floor(base64.length / 5)),
      'the file is cut off in the middle of this row',
    ],
    ['JSON cut off', answer().slice(0, -30), 'begins as JSON, but is damaged or cut off'],
    ['the answer of generate-credential-report', '{"State": "COMPLETE"}', 'the answer of generate-credential-report'],
    [
      'an error in JSON',
      '{"message": "The security token included in the request is expired"}',
      'it is an error message',
    ],
    [
      'other JSON',
      '{"Users": [], "IsTruncated": false}',
      'without the Content of a credential report; it has "Users", "IsTruncated"',
    ],
    ['rows as JSON', '[{"user": "alice"}]', 'without the Content of a credential report: it is a list'],
    ['an empty Content', answer({ Content: '' }), 'neither base64 nor the text of a report'],
    ['a Content of another type', answer({ Content: { length: 3000.5 } }), 'neither base64 nor the text of a report'],
    ['another format', answer({ ReportFormat: 'text/html' }), 'the ReportFormat in the file is "text/html"'],
    ['a time that is none', answer({ GeneratedTime: 'yesterday' }), 'the GeneratedTime in the file is "yesterday"'],
    [
      'another CSV file',
      'Account ID,ARN,Email\n123456789012,arn:aws:organizations::1:account/o/2,a@b',
      'not a credential report; it begins with "Account ID,ARN,Email"',
    ],
    ['prose', 'Access Denied', 'not a credential report; it begins with "Access Denied"'],
  ])('%s', (_, content, message) => {
    const given = typeof content === 'string' ? bytes(content) : content;
    const error = refusalOf(given);
    expect(error.message).toContain(message);
    expect(error.message.split('\n')).toHaveLength(1);
    expect(error.message.length).toBeLessThan(200);
    expect(error.hint).toBeTruthy();
  });

  it('many missing columns, by number and the first few', () => {
    const few = 'user,arn,user_creation_time\nalice,arn:aws:iam::123456789012:user/alice,2026-01-01T00:00:00Z';
    expect(refusalOf(bytes(few)).message).toContain(
      '19 of 22 required columns are missing: password_enabled, password_last_used, password_last_changed, ...',
    );
  });
});

function refusalOf(content: Uint8Array): ReportError {
  try {
    parseReport(content);
  } catch (error) {
    if (error instanceof ReportError) return error;
    throw error;
  }
  throw new Error('the file was read');
}
