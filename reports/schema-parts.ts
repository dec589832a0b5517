/** Parts that the published schemas of the lifecycle's commands share. Printing needs none of them. */

import { z } from 'zod';
import { omit } from 'zod/mini';
import { reportCodec } from '../core/audit-codec.ts';
import { retirableKinds } from '../core/kinds/kinds.ts';
import { observedChanges, warningSubjects } from '../core/lifecycle/decision.ts';

export const time = z.iso.datetime().describe('ISO 8601, UTC.');
export const count = z.int().min(0);

export { accountCodec as account, missingUsersCodec as missingUsers } from '../core/audit-codec.ts';

/** What is published of the credential report. */
export const reportFacts = omit(reportCodec, { newestDate: true });

export const principal = z
  .object({ kind: z.enum(['root', 'user']), name: z.string(), arn: z.string() })
  .describe('The principal that the credential belongs to.');

export const retirable = z
  .object({
    kind: z.enum(retirableKinds),
    id: z.string(),
  })
  .describe('The credential.');

export const seenRetirable = retirable
  .extend({
    id: z.string().optional().describe('Absent where no one could read it.'),
    slot: z
      .union([z.literal(1), z.literal(2)])
      .optional()
      .describe(
        'Without an id: its position in the credential report. Without that as well: any credential of that kind of the user.',
      ),
  })
  .describe('The credential.');

export const mode = z.enum(['audit', 'warn', 'enforce']).describe('Mode of the policy.');
export const reason = z.enum(['unused', 'too-old', 'inactive']);
export const stepType = z.enum(['warn', 'deactivate', 'delete', 'resolve', 'observe']);
export const noticeKind = z
  .enum(['first-notice', 'reminder', 'final-notice', 'deferred', 'still-waiting'])
  .describe(
    'For `warn`: which notice. `deferred`: the policy was relaxed, and what was announced comes later or not at all. `still-waiting`: its final notice is deferred by a limit.',
  );
export const about = z
  .enum(warningSubjects)
  .describe(
    'For `warn`: `rotate` is for a key in use, which stays active; `remove` asks the owner to remove what keysweep never changes; `unknown` for one whose last use cannot be determined: nothing is changed until it is known.',
  );
export const change = z
  .enum(observedChanges)
  .describe('For `observe`: what is found changed. `late-use`: it was in use when it was deactivated.');

export const skipReason = z
  .enum([
    'compliant',
    'exempt',
    'in-use',
    'waiting',
    'restore-grace',
    'calendar',
    'mode',
    'cap',
    'blocked',
    'unknown',
    'deleted',
    'report-stale',
    'not-notified',
    'no-time',
    'unconfirmed',
  ])
  .describe('Why nothing is done.');

/** A JSON Schema (2020-12) as it is published. Unknown properties are allowed, so that readers outlive additions. */
export function publishedSchema(title: string, schema: z.core.$ZodType): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return { $schema, title, ...rest };
}
