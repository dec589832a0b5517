import { describe, expect, it } from 'vitest';
import { parseReport } from '../../../core/report/parse.ts';
import { bytes, reportText, rootRow, userRow } from '../../support/report-builder.ts';
import { answer, base64, pem, plain, python, utf16, wrapped } from '../../support/report-files.ts';

const expected = parseReport(bytes(plain));
const generatedAt = new Date('2026-11-20T02:00:00Z');

function hex(char: string): string {
  return char.charCodeAt(0).toString(16).padStart(2, '0');
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
    ['base64 of base64', bytes(Buffer.from(base64).toString('base64'))],
    ['base64 of wrapped base64', bytes(Buffer.from(wrapped).toString('base64'))],
    ['base64 between lines of PEM (certutil -encode)', bytes(pem('CERTIFICATE', wrapped))],
    ['the same with CRLF', bytes(pem('CERTIFICATE', wrapped).replaceAll('\n', '\r\n'))],
    ['bytes as Python prints them', bytes(python(plain))],
    ['bytes as Python prints them, with CRLF', bytes(`${python(plain.replaceAll('\n', '\r\n'))}\n`)],
    ['bytes as Python prints them, in double quotes', bytes(`b"${plain.replaceAll('\n', '\\n')}"`)],
    ['a text as Python prints it', bytes(python(plain).slice(1))],
    ['base64 as Python prints it', bytes(python(base64))],
    ['hexadecimal digits (xxd -p)', bytes(Buffer.from(plain).toString('hex').replace(/.{60}/g, '$&\n'))],
    ['numbers (PowerShell)', bytes([...bytes(plain)].join('\r\n'))],
    ['a list of numbers', bytes(JSON.stringify([...bytes(plain)]))],
    ['the end-of-file mark of DOS', bytes(`${plain}\r\n\x1a`)],
    ['\\n in place of line ends', bytes(plain.replaceAll('\n', '\\n'))],
    ['\\r\\n in place of line ends', bytes(`${plain.replaceAll('\n', '\\r\\n')}\n`)],
    ['an escaped text of JSON', bytes(JSON.stringify(plain))],
  ])('%s', (_, content) => {
    expect(parseReport(content)).toEqual(expected);
  });

  it('bytes as Python prints them, with escapes in a path', () => {
    const path = "/it's/a\\n/";
    const odd = reportText([rootRow(), userRow('zoe', {}, path)]);
    expect(parseReport(bytes(python(odd)))).toEqual(parseReport(bytes(odd)));
    expect(parseReport(bytes(`b'${odd.replace(/[\\'\n]/g, (char) => `\\x${hex(char)}`)}'`))).toEqual(
      parseReport(bytes(odd)),
    );
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
    ['with the time of RFC 1123', bytes(answer({ GeneratedTime: 'Fri, 20 Nov 2026 02:00:00 GMT' }))],
    ['with the time of Ruby', bytes(answer({ GeneratedTime: '2026-11-20 02:00:00 UTC' }))],
    ['with a zone without a colon', bytes(answer({ GeneratedTime: '2026-11-20T03:00:00.000+0100' }))],
    ['without seconds', bytes(answer({ GeneratedTime: '2026-11-20T02:00Z' }))],
    ['without a format', bytes(answer({ ReportFormat: null }))],
    ['with bytes as Python prints them (json.dumps)', bytes(answer({ Content: python(plain) }))],
    ['with base64 as Python prints it', bytes(answer({ Content: python(base64) }))],
    ['with base64 of base64', bytes(answer({ Content: Buffer.from(base64).toString('base64') }))],
    ['in base64', bytes(Buffer.from(answer()).toString('base64'))],
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
    ['as --query [Content,GeneratedTime] --output text', bytes(`${base64}\t2026-11-20T02:00:00+00:00\n`)],
  ])('%s', (_, content) => {
    expect(parseReport(content)).toEqual({ ...expected, generatedAt });
  });

  it('without a time: the age is unknown', () => {
    expect(parseReport(bytes(JSON.stringify({ Content: base64 })))).toEqual(expected);
  });

  it.each<[string, unknown, string]>([
    ['null', null, 'null'],
    ['empty', '', '""'],
    ['a word', 'yesterday', '"yesterday"'],
    ['without a zone', '2026-11-20T02:00:00', '"2026-11-20T02:00:00"'],
    ['of another form', '11/20/2026 02:00:00', '"11/20/2026 02:00:00"'],
    ['a day that does not exist', '2026-13-20T02:00:00Z', '"2026-13-20T02:00:00Z"'],
    ['an object', { value: '/Date(1795140000000)/' }, 'an object'],
    ['a list', [2026, 11, 20], 'an object'],
    ['false', false, 'false'],
  ])('with a time that is none, %s: the age is unknown, and why', (_, GeneratedTime, said) => {
    const ageUnknown = `the GeneratedTime in the file is ${said}, expected a time such as "2026-09-11T13:14:52+00:00"`;
    expect(parseReport(bytes(answer({ GeneratedTime })))).toEqual({ ...expected, ageUnknown });
  });

  it('as --output text without a time', () => {
    const { generatedAt: none, ageUnknown } = parseReport(bytes(`${base64}\tNone\ttext/csv\n`));
    expect(none).toBeUndefined();
    expect(ageUnknown).toContain('the GeneratedTime in the file is "None"');
  });

  const newest = new Date('2026-02-01T10:00:00Z');
  it.each([
    ['an hour', 60 * 60_000, true],
    ['an hour and a millisecond', 60 * 60_000 + 1, false],
  ])('of %s before the newest date in it', (_, before, isBelieved) => {
    const said = new Date(newest.getTime() - before);
    const report = parseReport(bytes(answer({ GeneratedTime: said.toISOString() })));
    expect(report.generatedAt).toEqual(isBelieved ? said : undefined);
    expect(report.ageUnknown).toBe(
      isBelieved
        ? undefined
        : `the GeneratedTime in the file is ${said.toISOString()}, but the report contains dates as late as ${newest.toISOString()}`,
    );
  });
});
