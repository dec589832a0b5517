/** The text of a file in any encoding that programs write credential reports in, and files that are not text at all. */
import { given } from '../given.ts';
import { ReportError } from './report-error.ts';

/** First bytes of files that are not text. Source: https://en.wikipedia.org/wiki/List_of_file_signatures */
const signatures: readonly (readonly [bytes: readonly number[], what: string, hint: string])[] = [
  [[0x1f, 0x8b], 'compressed with gzip', 'Decompress it first: gunzip -c FILE | keysweep audit --report -'],
  [
    [0x50, 0x4b],
    'a zip archive or an Excel workbook (.xlsx)',
    'Unzip the archive. A workbook has changed the dates: pass the original report.',
  ],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an Excel workbook (.xls)', 'A workbook has changed the dates: pass the original report.'],
  [[0x42, 0x5a, 0x68], 'compressed with bzip2', 'Decompress it first: bunzip2 -c FILE | keysweep audit --report -'],
  [
    [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    'compressed with xz',
    'Decompress it first: xz -dc FILE | keysweep audit --report -',
  ],
  [[0x28, 0xb5, 0x2f, 0xfd], 'compressed with zstd', 'Decompress it first: zstd -dc FILE | keysweep audit --report -'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'a 7z archive', 'Unpack it first.'],
  [[0x30, 0x82], 'a certificate or a key', 'Pass the credential report.'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF file', 'Pass the original report.'],
];

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Byte order marks. Windows PowerShell 5 writes UTF-16 with one when output is redirected with `>`. */
const marks: readonly (readonly [bytes: readonly number[], encoding: Encoding])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

const utf32: readonly (readonly number[])[] = [
  [0xff, 0xfe, 0, 0],
  [0, 0, 0xfe, 0xff],
];

const saveAsUtf8 =
  'Save it as UTF-8. In Windows PowerShell: aws iam get-credential-report | Out-File -Encoding utf8 FILE';

/**
 * The text of UTF-8 and UTF-16, with a byte order mark or without.
 * @throws ReportError for anything else
 */
export function decodeText(content: Uint8Array): string {
  if (utf32.some((mark) => startsWith(content, mark))) refuse('the file is UTF-32 text, which is not read', saveAsUtf8);
  for (const [bytes, what, hint] of signatures) {
    if (startsWith(content, bytes)) refuse(`the file is ${what}`, hint);
  }
  const mark = marks.find(([bytes]) => startsWith(content, bytes));
  const encoding = mark?.[1] ?? guessEncoding(content);
  const text = decode(mark === undefined ? content : content.subarray(mark[0].length), encoding).replace(/^\uFEFF/, '');
  if (text.includes('\0')) refuse('the file contains binary data (NUL bytes)');
  return text.trimEnd().endsWith(endOfFile) ? text.slice(0, text.lastIndexOf(endOfFile)) : text;
}

/** DOS ends a text so, and `copy a.csv+b.csv` of Windows still does. */
const endOfFile = '\x1a';

/** ASCII text in UTF-16 has a zero in every second byte, and UTF-8 has none. */
function guessEncoding([first, second]: Uint8Array): Encoding {
  if (first === undefined || second === undefined || (first === 0) === (second === 0)) return 'utf-8';
  return second === 0 ? 'utf-16le' : 'utf-16be';
}

function decode(content: Uint8Array, encoding: Encoding): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    return encoding === 'utf-8'
      ? refuse('the file is neither UTF-8 nor UTF-16 text', saveAsUtf8, cause)
      : refuse('the file is UTF-16 text that is damaged or cut off', undefined, cause);
  }
}

function startsWith(content: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => content[index] === byte);
}

function refuse(problem: string, hint?: string, cause?: unknown): never {
  throw new ReportError(undefined, problem, given({ hint, cause }));
}
