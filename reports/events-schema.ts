/** The published shape of what is put on the event bus: docs/schemas/events-v1.schema.json is made of this. */
import { z } from 'zod';
import { exemptionCodec, findingCodec, summaryCodec } from '../core/audit-codec.ts';
import { auditCompletedType, credentialTypes, eventSource, findingTypes } from '../core/events.ts';
import { resolutions } from '../core/findings/open-findings.ts';
import { warningSubjects } from '../core/lifecycle/decision.ts';
import { severities } from '../core/model.ts';
import { account, principal, publishedSchema, retirable, time } from './schema-parts.ts';

/** What the details of all events begin with. */
const common = {
  version: z.literal('1').describe('Of the detail. Later details of the same version may have more properties.'),
  account: account.shape.id,
};

function eventOf(types: readonly [string, ...string[]], detail: z.ZodObject) {
  return z.object({ source: z.literal(eventSource), 'detail-type': z.enum(types), detail });
}

const auditCompleted = z.object({
  ...common,
  snapshot: z.string().describe('Key of the object in the archive bucket that holds what the audit saw.'),
  asOf: time.describe('The time that the findings are judged at. ISO 8601, UTC.'),
  summary: summaryCodec,
});

const findingChanged = z.object({
  ...common,
  asOf: time.describe(
    'The audit that found it so. Of two events about one finding the later one holds. ISO 8601, UTC.',
  ),
  finding: z
    .object({
      ...findingCodec.shape,
      rule: z.string().describe('Of a resolved one it may be a rule that keysweep has no more.'),
    })
    .describe('Of a resolved one as it was when it was last found.'),
  since: time.describe('When an audit found it first. ISO 8601, UTC.'),
  raisedFrom: z
    .enum(severities)
    .optional()
    .describe('For `Finding Opened` of a finding that was open before, and less severe.'),
  resolution: z
    .enum(resolutions)
    .optional()
    .describe('For `Finding Resolved`. `no-longer-found`: an audit looked for it, and it was not there.'),
  exemption: z.optional(exemptionCodec).describe('For `Finding Exempted`, and for `Finding Resolved` by an exemption.'),
});

const credentialChanged = z.object({
  ...common,
  sweep: z.string().describe('Id of the sweep, as in the ledger.'),
  credential: retirable,
  principal,
  observed: z
    .boolean()
    .describe(
      '`true`: found done, by a person or by a sweep that was interrupted. `false`: this sweep or command did it.',
    ),
  why: z.string().describe('One line for people.'),
  notice: z
    .enum(['first-notice', 'reminder', 'final-notice', 'deferred', 'still-waiting', 'late-use'])
    .optional()
    .describe(
      'For `Credential Warned`. `late-use`: it was in use when it was deactivated. `still-waiting`: its final notice is deferred by a limit.',
    ),
  about: z
    .enum(warningSubjects)
    .optional()
    .describe(
      'For `Credential Warned`: what is coming. `rotate`: nothing; it is too old, in use, and stays active. `remove`: nothing; its owner is asked to remove it, which keysweep never does. `unknown`: nothing, until its last use is known.',
    ),
  dueAt: time
    .optional()
    .describe('For `Credential Warned`, where something is coming: not before this. ISO 8601, UTC.'),
});

export const eventSchema = z
  .union([
    eventOf([auditCompletedType], auditCompleted),
    eventOf(findingTypes, findingChanged),
    eventOf(credentialTypes, credentialChanged),
  ])
  .describe('An event of keysweep on the event bus, as far as keysweep decides over it.');

export function eventJsonSchema(): Record<string, unknown> {
  return publishedSchema('keysweep events, version 1', eventSchema);
}
