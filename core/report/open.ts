/**
 * Opens what people save as a credential report: the CSV itself, or an answer of `aws iam get-credential-report` with the
 * CSV in base64 inside.
 */
import { given } from '../given.ts';
import { decodeText } from './encoding.ts';
import { fetchAgain, quote, ReportError } from './report-error.ts';

export interface OpenedReport {
  /** The CSV text, or at least nothing that is known to be something else. */
  readonly text: string;
  /** When AWS generated the report, if the file says so. */
  readonly generatedAt?: Date;
}

/**
 * @throws ReportError for what contains no credential report, with the reason
 */
export function openReport(content: Uint8Array): OpenedReport {
  const text = decodeText(content);
  const start = text.trim();
  if (start === '') refuse('the file is empty');
  const columns = /^([\w+/=-]{40,})\t([^\t\n]*)\ttext\/csv$/.exec(start);
  if (columns !== null) return openContent(columns[1], columns[2]);
  if (/^[{["]/.test(start) && !start.startsWith('"user')) return openJson(start);
  const base64 = asBase64(start);
  return base64 === undefined ? { text } : { text: decodeText(base64) };
}

function openJson(text: string): OpenedReport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // The first line of a CSV file may begin with a quote as well.
    if (text.startsWith('"')) return { text };
    return refuse('the file begins as JSON, but is damaged or cut off', undefined, cause);
  }
  if (typeof value === 'string') return openContent(value, undefined);
  const answer = answerIn(value);
  if (answer === undefined)
    return refuse(`the file is JSON without the Content of a credential report${described(value)}`);
  const { content, generatedtime, reportformat = 'text/csv' } = answer;
  if (reportformat !== 'text/csv') {
    const found = typeof reportformat === 'string' ? quote(reportformat) : 'not a text';
    refuse(`the ReportFormat in the file is ${found}, expected "text/csv"`);
  }
  return openContent(content, generatedtime);
}

/** The object with the Content, its names in lower case: SDKs and CLIs write Content, content or CONTENT, and may nest it. */
function answerIn(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = Object.entries(value);
  const answer = Object.fromEntries(fields.map(([name, field]) => [name.toLowerCase(), field]));
  if (answer.content !== undefined) return answer;
  return fields.length === 1 ? answerIn(fields[0]?.[1]) : undefined;
}

function described(value: unknown): string {
  if (Array.isArray(value)) return ': it is a list';
  const { State, Error: error, message, Message = message } = Object(value) as Readonly<Record<string, unknown>>;
  if (State !== undefined)
    return ': it is the answer of generate-credential-report; get-credential-report has the report';
  if (error !== undefined || Message !== undefined) return ': it is an error message';
  return `; it has ${Object.keys(Object(value)).slice(0, 3).map(quote).join(', ') || 'nothing'}`;
}

function openContent(content: unknown, generatedTime: unknown): OpenedReport {
  const generatedAt = generatedTime === undefined ? undefined : readGeneratedTime(generatedTime);
  const text = textOf(content);
  if (text === undefined || text.trim() === '')
    refuse('the Content in the file is neither base64 nor the text of a report');
  return { text, ...given({ generatedAt }) };
}

/** Base64 as the AWS CLI prints it, or what SDKs make of its bytes. */
function textOf(content: unknown): string | undefined {
  if (typeof content === 'string') {
    const bytes = asBase64(content.trim());
    if (bytes !== undefined) return decodeText(bytes);
    return content.includes(',') ? content : undefined;
  }
  const bytes = bytesIn(content);
  return bytes === undefined ? undefined : decodeText(bytes);
}

/** `[117, 115]`, `{"type": "Buffer", "data": [117, 115]}` or `{"0": 117, "1": 115}`. Java has negative bytes. */
function bytesIn(content: unknown): Uint8Array | undefined {
  if (typeof content !== 'object' || content === null) return undefined;
  const { data = content } = content as { readonly data?: unknown };
  const values: unknown[] = Object.values(Object(data));
  const isByte = (value: unknown) => Number.isInteger(value) && Number(value) >= -128 && Number(value) <= 255;
  return values.length > 0 && values.every(isByte) ? Uint8Array.from(values.map(Number)) : undefined;
}

/** The decoded bytes of text that is base64 or base64url throughout, in one line or several; undefined for other text. */
function asBase64(text: string): Uint8Array | undefined {
  const joined = text.replace(/\s+/g, '');
  if (joined.length < shortestBase64 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(joined)) return undefined;
  const isUrl = /[-_]/.test(joined);
  if (joined.length % 4 !== 0 && !isUrl) refuse('the file is base64 that is cut off');
  const plain = joined.replaceAll('-', '+').replaceAll('_', '/');
  try {
    return Uint8Array.from(atob(plain), (char) => char.charCodeAt(0));
  } catch (cause) {
    return refuse('the file is base64 that is damaged or cut off', undefined, cause);
  }
}

/** Shorter text is a word, such as `None`; a report has hundreds of characters. */
const shortestBase64 = 100;

/** ISO 8601, seconds since 1970 as some versions of the AWS CLI print it, milliseconds (Java), or `/Date(ms)/` (PowerShell). */
function readGeneratedTime(found: unknown): Date {
  const text = String(found).trim();
  const ms = /^\/Date\((\d{12,14})\)\/$/.exec(text)?.[1] ?? /^\d{12,14}$/.exec(text)?.[0];
  const seconds = /^\d{9,11}(?:\.\d+)?$/.exec(text)?.[0];
  const iso = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.exec(text)?.[0].replace(' ', 'T');
  const time = new Date(iso ?? (ms !== undefined ? Number(ms) : Number(seconds ?? Number.NaN) * 1000));
  if (Number.isNaN(time.getTime())) {
    refuse(`the GeneratedTime in the file is ${quote(text)}, expected a time such as "2026-09-11T13:14:52+00:00"`);
  }
  return time;
}

function refuse(problem: string, hint: string = fetchAgain, cause?: unknown): never {
  throw new ReportError(undefined, problem, { hint, ...given({ cause }) });
}
