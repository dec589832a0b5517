/**
 * Opens what people save as a credential report: the CSV itself, an answer of `aws iam get-credential-report` with the CSV in
 * base64 inside, and either as a program printed it. Each layer is taken off where it can be read in one way only.
 */
import { given } from '../given.ts';
import { asBase64, asHex, asNumbers, asPem, asStringLiteral, withLineEnds } from './encoded-text.ts';
import { decodeText } from './encoding.ts';
import { type ReportAge, readGeneratedTime } from './generated-time.ts';
import { refuseOtherFile } from './other-files.ts';
import { fetchAgain, quote, ReportError } from './report-error.ts';

/** With the age, if the file says anything about it. */
export interface OpenedReport extends ReportAge {
  /** The CSV text, or at least nothing that is known to be something else. */
  readonly text: string;
}

/**
 * @throws ReportError for what contains no credential report, with the reason
 */
export function openReport(content: Uint8Array): OpenedReport {
  return openText(decodeText(content));
}

/** Ends, because each layer is longer than what is in it. */
function openText(text: string): OpenedReport {
  const start = text.trim();
  if (start === '') refuse('the file is empty');
  refuseOtherFile(start);
  const [first = '', ...others] = start.split(/\s*\n\s*/);
  const answer = columnsOfAnswer.exec(first);
  if (answer !== null) {
    if (others.some((line) => columnsOfAnswer.test(line)))
      refuse(joined('answers of get-credential-report'), auditAlone);
    if (others.length > 0) refuse('there is more text below the answer of get-credential-report', auditAlone);
    return openContent(answer[1], answer[2]);
  }
  const inside = asPem(start) ?? asStringLiteral(start) ?? asNumbers(start) ?? asHex(start);
  if (inside !== undefined) return openText(decodeText(inside));
  if (/^[{["]/.test(start)) return openJson(start);
  const base64 = asBase64(start);
  if (base64 === undefined && isReshaped(start)) refuse(reshaped, asItIs);
  return base64 === undefined ? { text: withLineEnds(text) } : openText(decodeText(base64));
}

/** `--output text`: Content, GeneratedTime and ReportFormat, or the first two, if they were asked for. */
const columnsOfAnswer = /^([\w+/=-]{40,})\t([^\t]*)(?:\ttext\/csv)?$/;

const reshaped = 'the output of get-credential-report has another form than that of the AWS CLI';

const asItIs = 'Save it as it is, without --query: aws iam get-credential-report > FILE';

/** Whether there is a report in base64 among other text: longer than any word, and without the names of columns. */
function isReshaped(text: string): boolean {
  return /(?<![\w+/=-])[\w+/=-]{400,}(?![\w+/=-])/.test(text) && !text.includes('password_enabled');
}

const auditAlone = 'Audit each report alone.';

function joined(what: string): string {
  return `two ${what} were joined into one file`;
}

function openJson(text: string): OpenedReport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // The first line of a CSV file may begin with a quote as well.
    if (text.startsWith('"')) return { text: withLineEnds(text) };
    if (beginsWithJson(text)) refuse(joined('JSON texts'), auditAlone);
    return refuse('the file begins as JSON, but is damaged or cut off', undefined, cause);
  }
  if (typeof value === 'string') return openContent(value, undefined);
  const answer = answerIn(value);
  if (answer === undefined && isReshaped(text)) refuse(reshaped, asItIs);
  if (answer === undefined)
    return refuse(`the file is JSON without the Content of a credential report${described(value)}`);
  const { content, generatedtime, reportformat } = answer;
  if (reportformat !== 'text/csv' && reportformat !== '' && reportformat != null) {
    const found = typeof reportformat === 'string' ? quote(reportformat) : 'not a text';
    refuse(`the ReportFormat in the file is ${found}, expected "text/csv"`);
  }
  return openContent(content, generatedtime);
}

/** Whether a whole object stands before another one. */
function beginsWithJson(text: string): boolean {
  const end = /\}\s*\{/.exec(text)?.index;
  if (end === undefined) return false;
  try {
    JSON.parse(text.slice(0, end + 1));
    return true;
  } catch {
    return false;
  }
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

/** Base64 as the AWS CLI prints it, or what SDKs make of its bytes; what is inside may say its age itself. */
function openContent(content: unknown, generatedTime: unknown): OpenedReport {
  const age = readGeneratedTime(generatedTime);
  const bytes = typeof content === 'string' ? undefined : bytesIn(content);
  const text = typeof content === 'string' ? content : bytes && decodeText(bytes);
  if (text === undefined || text.trim() === '')
    refuse('the Content in the file is neither base64 nor the text of a report');
  return { ...openText(text), ...age };
}

/** `[117, 115]`, `{"type": "Buffer", "data": [117, 115]}` or `{"0": 117, "1": 115}`. Java has negative bytes. */
function bytesIn(content: unknown): Uint8Array | undefined {
  if (typeof content !== 'object' || content === null) return undefined;
  const { data = content } = content as { readonly data?: unknown };
  const values: unknown[] = Object.values(Object(data));
  const isByte = (value: unknown) => Number.isInteger(value) && Number(value) >= -128 && Number(value) <= 255;
  return values.length > 0 && values.every(isByte) ? Uint8Array.from(values.map(Number)) : undefined;
}

function refuse(problem: string, hint: string = fetchAgain, cause?: unknown): never {
  throw new ReportError(undefined, problem, { hint, ...given({ cause }) });
}
