/**
 * The published shape of `--output json`: docs/schemas/audit-v1.schema.json is made of this. Printing needs none of
 * it, so the command line does not load it.
 */
import { z } from 'zod';
import { credentialKinds, severities } from '../core/model.ts';
import { ruleIds } from '../core/rules/ids.ts';
import { account, count, goneUsers, publishedSchema, reportFacts, time } from './schema-parts.ts';

const day = z.iso.date().describe('YYYY-MM-DD, UTC.');

const principal = z
  .object({
    kind: z.enum(['root', 'user', 'account']),
    name: z.string().describe('The user name; `<root_account>` for the root user.'),
    arn: z.string(),
  })
  .describe('Whom the finding is about.');

const credential = z
  .object({
    kind: z.enum(credentialKinds),
    id: z.string().optional().describe('The access key id, where it is known: never offline, never for root keys.'),
    slot: z
      .union([z.literal(1), z.literal(2)])
      .optional()
      .describe('Position in the credential report.'),
  })
  .describe('The credential that the finding is about, if it is about one.');

export const exemptionSchema = z.object({
  number: count.describe('Its place among the exemptions of the policy file, from 1.'),
  match: z.string().describe('By what it matches, such as `user=break-glass-*` or `tag:kind=machine`.'),
  reason: z.string(),
  owner: z.string(),
  expires: day.describe('The last day (UTC) on which it holds.'),
});

export const findingSchema = z.object({
  id: z.string().describe('Stable from night to night for the same rule, principal and credential.'),
  rule: z.enum(ruleIds),
  severity: z.enum(severities),
  status: z.enum(['fail', 'exempt', 'error']).describe('`error`: could not be judged; never a pass.'),
  principal,
  credential: credential.optional(),
  reason: z.string().describe('One line for people.'),
  evidence: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .describe('The facts behind the finding. Times are ISO 8601 in UTC, durations in days.'),
  controls: z.array(z.string()).describe('Benchmark controls, such as `CIS-3.0:1.12`.'),
  exemption: exemptionSchema.optional().describe('Why the finding is excused; with status `exempt`.'),
});

export const summarySchema = z.object({
  fail: count,
  exempt: count,
  error: count,
  bySeverity: z
    .object(Object.fromEntries(severities.map((severity) => [severity, count])))
    .describe('Findings of status `fail` by severity.'),
});

const matchUsage = z.object({
  number: count.describe('Its place in the policy file, from 1.'),
  match: z.string().describe('What it matches, such as `user=break-glass-*`.'),
  matched: count.describe('Users, and the root user, that it fits for sure.'),
  names: z.array(z.string()).describe('The first of them, by name.'),
  possible: count.describe('Those that it may fit: their tags, or the ids of their keys, were not read.'),
  isElsewhere: z.boolean().describe('It speaks of another account than this one.'),
  coveredBy: count.optional().describe('The place of an earlier entry that covers it, so that it changes nothing.'),
});

export const usageSchema = z
  .object({
    exemptions: z.array(
      matchUsage.extend({
        owner: z.string(),
        expires: day.describe('The last day (UTC) on which it holds.'),
        isExpired: z.boolean(),
      }),
    ),
    overrides: z.array(matchUsage),
  })
  .describe('Whom exemptions and overrides fit. Absent where the policy has none.');

export const auditSchema = z
  .object({
    schema: z.literal('keysweep/audit/v1'),
    account,
    asOf: time.describe('The time that the findings are judged at. ISO 8601, UTC.'),
    report: reportFacts,
    summary: summarySchema,
    findings: z.array(findingSchema).describe('Worst first.'),
    goneUsers,
    usage: usageSchema.optional(),
    stats: z.object({
      requests: z.record(z.string(), count).describe('Requests sent to AWS by action, every attempt counted.'),
      durationMs: z.number().min(0),
    }),
  })
  .describe('An audit by keysweep. Later versions of this schema may add properties, but remove or change none.');

/** The JSON Schema (2020-12) of an audit. Unknown properties are allowed, so that readers outlive additions. */
export function auditJsonSchema(): Record<string, unknown> {
  return publishedSchema('keysweep audit, version 1', auditSchema);
}
