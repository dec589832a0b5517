/**
 * The text of a journal: a line that says what it is, then one JSON record a line, each with a checksum over itself and
 * all lines before it.
 *
 *     {"schema":"keysweep/ledger/v1"}
 *     {"sum":"0f3a…","record":{…}}
 *
 * A line is added in one piece and made to last before the next one, so a crash can tear the last line only.
 */
import { createHash } from 'node:crypto';

/** Follows on the checksum of a line. */
export type Checksum = string;

/** What became of reading a journal. Byte offsets and line numbers (from 1) are those of the whole text. */
export type JournalReading =
  | {
      readonly kind: 'read';
      /** Of the last whole line. */
      readonly sum: Checksum;
      /** How many bytes are worth keeping: what comes behind them is a torn line. */
      readonly length: number;
      /** The last line lacks its line break, but nothing else. */
      readonly unfinished: boolean;
    }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'corrupt'; readonly line: number; readonly offset: number; readonly why: string };

const lineBreak = 0x0a;

/** The first line of a journal with records of the given schema version. */
export function journalHeader(version: number): string {
  return `${JSON.stringify({ schema: `keysweep/ledger/v${version}` })}\n`;
}

/** The checksum that the first record follows on. */
export function sumOfHeader(version: number): Checksum {
  return sumOf('', journalHeader(version).trimEnd());
}

/** A record as a line, and its checksum, which the next line follows on. */
export function journalLine(before: Checksum, record: object): { readonly line: string; readonly sum: Checksum } {
  const text = JSON.stringify(record);
  const sum = sumOf(before, text);
  return { line: `{"sum":"${sum}","record":${text}}\n`, sum };
}

/**
 * Reads a journal; `take` gets each record, and answers with what is wrong with it, if anything.
 *
 * A last line without line break was torn by a crash, and so was one with NUL bytes (a file that grew before its content
 * was there). Any other line that is not as it was written is corruption, be it the last one: a crash does not do that.
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
      if (found !== version || end === -1) return { kind: 'corrupt', line, offset, why: 'it is no ledger of keysweep' };
    } else {
      const parsed = parseLine(text, sum);
      if (parsed === undefined) {
        const torn = isLast && (end === -1 || content.includes(0));
        if (torn) return { kind: 'read', sum, length: offset, unfinished: false };
        return { kind: 'corrupt', line, offset, why: 'it is not as it was written (its checksum does not match)' };
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

/** Half of SHA-256: chance and carelessness are what it guards against. */
function sumOf(before: Checksum, text: string): Checksum {
  return createHash('sha256').update(before).update(text).digest('hex').slice(0, 32);
}
