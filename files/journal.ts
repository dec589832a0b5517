/**
 * The text of a journal: a header line, then one JSON record per line, each with a checksum over itself and all lines
 * before it.
 *
 *     {"schema":"keysweep/ledger/v1"}
 *     {"sum":"0f3a…","record":{…}}
 *
 * A line is appended in one piece and made durable before the next one, so a crash can tear the last line only.
 */
import { createHash } from 'node:crypto';

/** Continues the checksum of the line before. */
export type Checksum = string;

/** The result of reading a journal. Byte offsets and line numbers (from 1) refer to the whole text. */
export type JournalReading =
  | {
      readonly kind: 'read';
      /** The checksum of the last whole line. */
      readonly sum: Checksum;
      /** How many bytes to keep: after them comes a torn line. */
      readonly length: number;
      /** Only the line break of the last line is missing. */
      readonly unfinished: boolean;
    }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'corrupt'; readonly line: number; readonly offset: number; readonly why: string };

const lineBreak = 0x0a;

/** The first line of a journal with records of the given schema version. */
export function journalHeader(version: number): string {
  return `${JSON.stringify({ schema: `keysweep/ledger/v${version}` })}\n`;
}

/** The checksum that the first record continues. */
export function sumOfHeader(version: number): Checksum {
  return sumOf('', journalHeader(version).trimEnd());
}

/** A record as a line, and its checksum, which the next line continues. */
export function journalLine(before: Checksum, record: object): { readonly line: string; readonly sum: Checksum } {
  const text = JSON.stringify(record);
  const sum = sumOf(before, text);
  return { line: `{"sum":"${sum}","record":${text}}\n`, sum };
}

/**
 * Reads a journal; `take` gets each record, and returns what is wrong with it, if anything.
 *
 * A last line without a line break was torn by a crash, and so was one with NUL bytes (the file grew before its content
 * was written). Any other line with a wrong checksum is corruption, even the last: a crash does not cause that.
 */
export function readJournal(
  bytes: Buffer,
  version: number,
  take: (record: unknown) => string | undefined,
): JournalReading {
  let sum = sumOfHeader(version);
  let offset = 0;
  for (let line = 1; offset < bytes.length; line++) {
    const end = bytes.indexOf(lineBreak, offset);
    const isLast = end === -1 || end === bytes.length - 1;
    const content = bytes.subarray(offset, end === -1 ? bytes.length : end);
    const text = content.toString('utf8');
    if (line === 1) {
      const found = versionIn(text);
      if (found !== undefined && found > version) return { kind: 'newer', version: found };
      if (found !== version || end === -1) return { kind: 'corrupt', line, offset, why: 'it is not a keysweep ledger' };
    } else {
      const parsed = parseLine(text, sum);
      if (parsed === undefined) {
        const torn = isLast && (end === -1 || content.includes(0));
        if (torn) return { kind: 'read', sum, length: offset, unfinished: false };
        return { kind: 'corrupt', line, offset, why: 'it was changed (its checksum does not match)' };
      }
      const why = take(parsed.record);
      if (why !== undefined) return { kind: 'corrupt', line, offset, why };
      sum = parsed.sum;
    }
    if (end === -1) return { kind: 'read', sum, length: bytes.length, unfinished: true };
    offset = end + 1;
  }
  if (offset === 0) return { kind: 'corrupt', line: 1, offset: 0, why: 'it is empty' };
  return { kind: 'read', sum, length: offset, unfinished: false };
}

function versionIn(header: string): number | undefined {
  const [, version] = /^\{"schema":"keysweep\/ledger\/v(\d{1,6})"[,}]/.exec(header) ?? [];
  return version === undefined ? undefined : Number(version);
}

function parseLine(text: string, before: Checksum): { readonly record: unknown; readonly sum: Checksum } | undefined {
  const [, sum, record] = /^\{"sum":"([\da-f]{32})","record":(\{.*\})\}$/s.exec(text) ?? [];
  if (sum === undefined || record === undefined || sum !== sumOf(before, record)) return undefined;
  return { record: JSON.parse(record), sum };
}

/** Half of SHA-256: it guards against accidents, not attacks. */
function sumOf(before: Checksum, text: string): Checksum {
  return createHash('sha256').update(before).update(text).digest('hex').slice(0, 32);
}
