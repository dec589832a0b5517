/** A small credential report, in the forms in which people and programs save one. */
import { parseReport } from '../../core/report/parse.ts';
import { ReportError } from '../../core/report/report-error.ts';
import { bytes, keyFields, reportText, rootRow, userRow } from './report-builder.ts';

export const alice = userRow(
  'alice',
  keyFields(1, { created: '2026-01-01T00:00:00Z', lastUsed: '2026-02-01T10:00:00Z' }),
);

/** The CSV of root and alice. */
export const plain = reportText([rootRow(), alice]);

export const base64 = Buffer.from(plain).toString('base64');

/** The same in lines of 76. */
export const wrapped = base64.replace(/.{76}/g, '$&\n');

export function utf16(text: string, { bigEndian = false, mark = true } = {}): Uint8Array {
  const content = Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');
  return bigEndian ? content.swap16() : content;
}

/** As `print(content)` writes bytes. */
export function python(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\\': '\\\\', "'": "\\'" };
  return `b'${text.replace(/[\n\r\\']/g, (char) => escapes[char] ?? char)}'`;
}

export function pem(label: string, body: string): string {
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

/** The JSON that `aws iam get-credential-report` prints, with these fields instead. */
export function answer(fields: object = {}): string {
  return JSON.stringify(
    { Content: base64, GeneratedTime: '2026-11-20T02:00:00+00:00', ReportFormat: 'text/csv', ...fields },
    null,
    4,
  );
}

/** The error of a file that is not read; of one that is, this is a failure. */
export function refusalOf(content: Uint8Array | string): ReportError {
  try {
    parseReport(typeof content === 'string' ? bytes(content) : content);
  } catch (error) {
    if (error instanceof ReportError) return error;
    throw error;
  }
  throw new Error('the file was read');
}
