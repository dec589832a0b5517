/** The published shape of `keysweep restore --output json`: docs/schemas/restore-v1.schema.json is made of this. */
import { z } from 'zod';
import { account, principal, publishedSchema, retirable, time } from './schema-parts.ts';

export const restoreSchema = z
  .object({
    schema: z.literal('keysweep/restore/v1'),
    account,
    credential: retirable,
    principal,
    outcome: z
      .enum(['restored', 'noted', 'nothing'])
      .describe(
        '`noted`: it was on already, and the ledger took note. `nothing`: it was on, and nothing was to be done.',
      ),
    stage: z.enum(['compliant', 'warned', 'deactivated', 'restored', 'deleted']).describe('As the ledger has it now.'),
    stageKnown: z
      .boolean()
      .describe(
        'False where the entry in the ledger is damaged, or could not be written: `stage` is then `compliant`, as of a key without a record.',
      ),
    damage: z
      .string()
      .optional()
      .describe('What is wrong with the entry in the ledger, for people: nothing was recorded.'),
    who: z.string().describe('The AWS caller; where --who named someone, `NAME (ARN of the caller)`.'),
    why: z.string(),
    restoredAt: time.optional(),
    begun: z
      .object({ action: z.enum(['deactivate', 'delete']), at: time.describe('When a sweep recorded that it would.') })
      .optional()
      .describe('What a sweep had begun to do to the key when it was asked for, and did not carry through.'),
    problems: z.array(z.string()).describe('What went wrong after the key was reactivated, for people.'),
  })
  .describe('A restoration. Later versions of this schema may add properties, but remove or change none.');

export function restoreJsonSchema(): Record<string, unknown> {
  return publishedSchema('keysweep restore, version 1', restoreSchema);
}
