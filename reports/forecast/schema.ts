/** The published shape of `keysweep forecast --output json`: docs/schemas/forecast-v1.schema.json is made of this. */
import { z } from 'zod';
import {
  about,
  account,
  change,
  count,
  mode,
  noticeKind,
  principal,
  publishedSchema,
  reportFacts,
  retirable,
  stepType,
  time,
} from '../schema-parts.ts';

const totals = {
  firstNotices: count,
  reminders: count,
  finalNotices: count,
  deactivated: count,
  deleted: count,
  other: count.describe('Warnings withdrawn, and what someone else had done.'),
};

const names = {
  credential: retirable.describe('`id` is `USER (access key SLOT)` where no one had to read the key id.'),
  principal,
};

export const forecastSchema = z
  .object({
    schema: z.literal('keysweep/forecast/v1'),
    account,
    asOf: time.describe('When the account was looked at.'),
    report: reportFacts,
    model: z.object({
      mode: z.literal('enforce').describe('The mode that is modelled.'),
      policyMode: mode,
      use: z.enum(['continue', 'stop']).describe('Whether keys in use stay in use.'),
      from: time.describe('The first night.'),
      nights: count.describe('One every 24 hours.'),
      ledger: z.string().optional().describe('Absent: the forecast starts with an empty ledger.'),
      offline: z.boolean().describe('Of a saved report, without key ids and tags.'),
      assumptions: z.array(z.string()).describe('What is assumed, for people.'),
    }),
    totals: z.object(totals),
    months: z.array(z.object({ month: z.string().describe('YYYY-MM, UTC.'), ...totals })),
    events: z
      .array(
        z.object({
          night: time,
          type: stepType,
          notice: noticeKind.optional(),
          about: about.optional(),
          change: change.optional(),
          dueAt: time.optional().describe('For `warn`: when the change is due. For changes: since when they are.'),
          ...names,
          why: z.string().describe('One line for people.'),
        }),
      )
      .describe('In the order of time.'),
    unknown: z
      .array(z.object({ ...names, why: z.string() }))
      .describe('Credentials that could not be judged: the forecast says too little about them.'),
  })
  .describe('A forecast by keysweep. Later versions of this schema may add properties, but remove or change none.');

export function forecastJsonSchema(): Record<string, unknown> {
  return publishedSchema('keysweep forecast, version 1', forecastSchema);
}
