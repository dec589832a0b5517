/** Text that programs have encoded as other text: base64, PEM, hexadecimal digits, numbers, and literals of Python. */
import { fetchAgain, ReportError } from './report-error.ts';

/** Shorter text is a word, such as `None`; a report has hundreds of characters. */
const shortest = 100;

/**
 * The decoded bytes of text that is base64 or base64url throughout, in one line or several; undefined for other text.
 * @throws ReportError if it is cut off, damaged or joined
 */
export function asBase64(text: string): Uint8Array | undefined {
  const joined = text.replace(/\s+/g, '');
  if (joined.length < shortest) return undefined;
  if (/^[A-Za-z0-9+/_-]+={1,2}[A-Za-z0-9+/_-]+={0,2}$/.test(joined)) {
    throw new ReportError(undefined, 'two base64 texts were joined into one file', {
      hint: 'Audit each report alone.',
    });
  }
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(joined)) return undefined;
  const isUrl = /[-_]/.test(joined);
  if (joined.length % 4 !== 0 && !isUrl) refuse('the file is base64 that is cut off');
  const plain = joined.replaceAll('-', '+').replaceAll('_', '/');
  try {
    return Uint8Array.from(atob(plain), (char) => char.charCodeAt(0));
  } catch (cause) {
    return refuse('the file is base64 that is damaged or cut off', cause);
  }
}

/** Bytes in hexadecimal digits, as `xxd -p` writes them; undefined for other text. Base64 is never without other letters. */
export function asHex(text: string): Uint8Array | undefined {
  const joined = text.replace(/\s+/g, '');
  if (joined.length < shortest || !/^[0-9a-f]+$/i.test(joined)) return undefined;
  if (joined.length % 2 !== 0) refuse('the file is hexadecimal digits that are cut off');
  return Uint8Array.from(joined.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

/** Bytes as decimal numbers, as PowerShell prints them one a line, or a list; undefined for other text. */
export function asNumbers(text: string): Uint8Array | undefined {
  if (text.length < shortest || /[^\d\s,[\]]/.test(text)) return undefined;
  const numbers = (text.match(/\d+/g) ?? []).map(Number);
  return numbers.length > 1 && numbers.every((number) => number <= 255) ? Uint8Array.from(numbers) : undefined;
}

/** Base64 between lines as PEM has them, whatever they call it: `certutil -encode` says that it is a certificate. */
export function asPem(text: string): Uint8Array | undefined {
  if (!text.startsWith('-----BEGIN ')) return undefined;
  const body = /^-----BEGIN ([A-Z0-9 ]+)-----\s([^-]*)-----END \1-----$/.exec(text)?.[2];
  return (
    (body === undefined ? undefined : asBase64(body)) ??
    refuse('the file begins with a line of PEM, -----BEGIN, but is damaged or cut off')
  );
}

/**
 * The bytes of one literal of Python, `b'user,arn\n...'` or `'user,arn\n...'`; undefined for other text.
 * Source: The Python Language Reference, “String and Bytes literals”.
 * @throws ReportError for bytes that are cut off
 */
export function asStringLiteral(text: string): Uint8Array | undefined {
  const [, prefix = '', mark = ''] = /^(b?)('|(?<=b)")/.exec(text) ?? [];
  if (mark === '') return undefined;
  const inside = text.slice(prefix.length + 1, -1);
  const bare = inside.replace(/\\[\s\S]/g, '');
  const isWhole = text.length > prefix.length + 1 && text.endsWith(mark) && !bare.endsWith('\\');
  if (!isWhole && prefix === 'b') refuse('the file is a bytes literal of Python that is cut off');
  if (!isWhole || bare.includes(mark) || /[\r\n]|[^\0-\x7f]/.test(inside)) return undefined;
  const plain = inside.replace(/\\(?:x([0-9a-f]{2})|([nrt\\'"]))/gi, (_, hex, escaped) =>
    hex === undefined ? (escapes[escaped] ?? escaped) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * The text with line ends in place of a backslash and an n, if it has no others: a shell has printed them so. The names in a
 * report contain no backslash.
 */
export function withLineEnds(text: string): string {
  return /[\r\n]/.test(text.trim()) ? text : text.replace(/(?:\\r)?\\n/g, '\n');
}

function refuse(problem: string, cause?: unknown): never {
  throw new ReportError(undefined, problem, { hint: fetchAgain, cause });
}
