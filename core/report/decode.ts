import { given } from '../given.ts';
import { quote, ReportError } from './report-error.ts';

/**
 * The text of a credential report file.
 *
 * @throws ReportError for input that is not CSV text at all: empty, binary, HTML, JSON, still base64.
 */
export function decodeReport(content: Uint8Array): string {
  const text = decodeUtf8(content).replace(/^\uFEFF/, '');
  const start = text.trimStart();
  if (start === '') refuse('the file is empty');
  if (text.includes('\0')) refuse('the file contains binary data, not CSV text');
  if (start.startsWith('<')) refuse(`the file is HTML or XML, not CSV; it starts with ${quote(start.slice(0, 40))}`);
  if (start.startsWith('{')) refuse('the file is JSON, not CSV', decodeContentHint);
  if (start.startsWith(base64OfHeader)) refuse('the file is still base64-encoded', decodeContentHint);
  return text;
}

/** Base64 of `user,arn,`, with which the header of every report starts. */
const base64OfHeader = 'dXNlcixhcm4s';

const decodeContentHint =
  'Save the decoded report: aws iam get-credential-report --query Content --output text | base64 -d > report.csv';

function decodeUtf8(content: Uint8Array): string {
  try {
    // ignoreBOM keeps the mark in the text, so that one place removes it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    return refuse('the file is not UTF-8 text', undefined, cause);
  }
}

function refuse(problem: string, hint?: string, cause?: unknown): never {
  throw new ReportError({ line: 1, column: 1 }, problem, {
    ...given({ hint, cause }),
  });
}
