/** Records as lines of JSON, by a schema that is strict in both directions. */
import * as z from 'zod/mini';
import { KeysweepError } from './error.ts';

export interface TextFormat<T> {
  /** Code of the error for an invalid text. */
  readonly code: string;
  /** What is wrong with an invalid text: `not a valid snapshot`. */
  readonly what: string;
  readonly hint: string;
  readonly schema: z.ZodMiniType<T>;
}

/** @throws KeysweepError for a value that could not be read back */
export function encodeText<T>(format: TextFormat<T>, value: T): string {
  const encoded = z.safeEncode(format.schema, value);
  if (encoded.success) return `${JSON.stringify(encoded.data)}\n`;
  throw invalid(format, 'it cannot be stored', encoded.error);
}

/**
 * @param where for messages: a path or a URL
 * @throws KeysweepError
 */
export function decodeText<T>(format: TextFormat<T>, text: string, where: string): T {
  const { code, hint, schema } = format;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new KeysweepError(code, `${where} is not JSON`, { cause, hint });
  }
  const decoded = z.safeDecode(schema, json as z.input<typeof schema>);
  if (decoded.success) return decoded.data;
  throw invalid(format, where, decoded.error);
}

function invalid<T>({ code, what, hint }: TextFormat<T>, where: string, { issues }: z.core.$ZodError): KeysweepError {
  const shown = issues.slice(0, 3).map((issue) => {
    const why = issue.code === 'unrecognized_keys' ? `unknown field: ${issue.keys.join(', ')}` : issue.message;
    return `${issue.path.join('.') || 'it'}: ${why}`;
  });
  return new KeysweepError(code, `${what}: ${where}: ${shown.join('; ')}`, { hint });
}
