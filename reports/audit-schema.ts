/**
 * The published shape of `--output json`: docs/schemas/audit-v1.schema.json is made of this. Printing needs none of
 * it, so the command line does not load it.
 */
import * as z from 'zod/mini';
import { auditCodec, missingUsersCodec } from '../core/audit-codec.ts';
import { described } from '../core/schema-of.ts';
import { publishedSchema, reportFacts } from './schema-parts.ts';

/** An audit as it is printed: `missingUsers` always, and of the report what readers need. */
export const auditSchema = described(
  'An audit by keysweep. Later versions of this schema may add properties, but remove or change none.',
  z.extend(auditCodec, { report: reportFacts, missingUsers: missingUsersCodec }),
);

/** The JSON Schema (2020-12) of an audit. Unknown properties are allowed, so that readers outlive additions. */
export function auditJsonSchema(): Record<string, unknown> {
  return publishedSchema('keysweep audit, version 1', auditSchema);
}
