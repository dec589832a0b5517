/** The published shape of `keysweep policy check --output json`: docs/schemas/policy-check-v1.schema.json is made of this. */
import { z } from 'zod';
import { usageCodec } from '../core/audit-codec.ts';
import { remarkKinds } from '../core/policy/remarks.ts';
import { account, mode, publishedSchema } from './schema-parts.ts';

export const policyCheckSchema = z
  .object({
    schema: z.literal('keysweep/policy-check/v1'),
    file: z.string().describe('The policy file, as it was named.'),
    mode,
    problems: z.array(z.string()).describe('What should be looked into, for people: the reason for exit code 1.'),
    remarks: z
      .array(
        z.object({
          kind: z.enum(remarkKinds).describe('`by-tag` and `repeated-time` are notes, everything else is a problem.'),
          text: z.string().describe('One line for people.'),
        }),
      )
      .describe('What the file alone shows.'),
    account: z.optional(account).describe('Absent: no account was looked at.'),
    usage: z.optional(usageCodec).describe('Whom exemptions and overrides fit in the account. Absent without one.'),
  })
  .describe(
    'A policy file that is valid, and what may not be meant in it. Later versions of this schema may add properties, but remove or change none.',
  );

export function policyCheckJsonSchema(): Record<string, unknown> {
  return publishedSchema('keysweep policy check, version 1', policyCheckSchema);
}
