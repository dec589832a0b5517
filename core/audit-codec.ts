/**
 * The shape of an audit, once: what stores it reads and writes by these schemas, model.ts has the types that they are
 * compared with, and docs/schemas/audit-v1.schema.json is made of them (reports/audit-schema.ts).
 *
 * As JSON, dates are ISO 8601 in UTC with milliseconds, everything else is as in model.ts. Strict: a field that is missing,
 * unknown or malformed is refused.
 */
import * as z from 'zod/mini';
import { retirableKinds } from './kinds/kinds.ts';
import { type Audit, credentialKinds, type Severity, severities } from './model.ts';
import { ruleIds } from './rules/ids.ts';
import { described, schemaOf } from './schema-of.ts';

const noTime = 'not a time (ISO 8601 in UTC with milliseconds)';

function time(description: string) {
  const text = z.iso
    .datetime({ abort: true, error: noTime })
    .check(z.refine((iso) => new Date(iso).toISOString() === iso, noTime));
  const codec = z.codec(text, z.date(), { decode: (iso) => new Date(iso), encode: (date) => date.toISOString() });
  return described(description, codec);
}

function count(description: string) {
  return described(description, countCodec());
}

function countCodec() {
  return z.int().check(z.minimum(0));
}

function text(description: string) {
  return described(description, z.string());
}

export const timeCodec = time('ISO 8601, UTC.');

export const accountIdCodec = z.string().check(z.regex(/^\d{12}$/, 'not an account of 12 digits'));

export const accountCodec = z.strictObject({
  id: accountIdCodec,
  partition: text('`aws`, `aws-us-gov`, `aws-cn`, ...'),
  alias: z.exactOptional(z.string()),
});

export const credentialCodec = described(
  'The credential that the finding is about, if it is about one.',
  z.strictObject({
    kind: z.enum(credentialKinds),
    id: z.exactOptional(text('The id of the credential, where it is known: never offline, never for root keys.')),
    slot: z.exactOptional(described('Position in the credential report.', z.union([z.literal(1), z.literal(2)]))),
  }),
);

/** Of a kind of core/kinds. */
export const seenCodec = z.strictObject({ ...credentialCodec.shape, kind: z.enum(retirableKinds) });

const lastDay = () => described('The last day (UTC) on which it holds.', z.iso.date({ error: 'not a day' }));

export const exemptionCodec = z.strictObject({
  number: count('Its place among the exemptions of the policy file, from 1.'),
  match: text('By what it matches, such as `user=break-glass-*` or `tag:kind=machine`.'),
  reason: z.string(),
  owner: z.string(),
  expires: lastDay(),
});

export const findingCodec = z.strictObject({
  id: text('Stable from night to night for the same rule, principal and credential.'),
  rule: z.enum(ruleIds),
  severity: z.enum(severities),
  status: described('`error`: could not be judged; never a pass.', z.enum(['fail', 'exempt', 'error'])),
  principal: described(
    'Whom the finding is about.',
    z.strictObject({
      kind: z.enum(['root', 'user', 'account']),
      name: text('The user name; `<root_account>` for the root user.'),
      arn: z.string(),
    }),
  ),
  credential: z.exactOptional(credentialCodec),
  reason: text('One line for people.'),
  evidence: described(
    'The facts behind the finding. Times are ISO 8601 in UTC, durations in days.',
    z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  ),
  controls: described('Benchmark controls, such as `CIS-3.0:1.12`.', z.array(z.string())),
  exemption: described('Why the finding is excused; with status `exempt`.', z.exactOptional(exemptionCodec)),
});

const matchUsage = {
  number: count('Its place in the policy file, from 1.'),
  match: text('What it matches, such as `user=break-glass-*`.'),
  matched: count('Users, and the root user, that it fits for sure.'),
  names: described('The first of them, by name.', z.array(z.string())),
  possible: count('Those that it may fit: their tags, or the ids of their keys, were not read.'),
  isElsewhere: described('It speaks of another account than this one.', z.boolean()),
  coveredBy: z.exactOptional(count('The place of an earlier entry that covers it, so that it changes nothing.')),
};

export const usageCodec = described(
  'Whom exemptions and overrides fit. Absent where the policy has none.',
  z.strictObject({
    exemptions: z.array(
      z.strictObject({ ...matchUsage, owner: z.string(), expires: lastDay(), isExpired: z.boolean() }),
    ),
    overrides: z.array(z.strictObject(matchUsage)),
  }),
);

export const reportCodec = z.strictObject({
  generatedAt: z.exactOptional(time('When AWS generated the credential report; absent for a saved file.')),
  rows: count('Principals in the report, the root user included.'),
  newestDate: z.exactOptional(timeCodec),
  notRenewed: z.exactOptional(
    text('Set where AWS would make no newer report, with the reason: this is the one that it still held.'),
  ),
});

const bySeverity = Object.fromEntries(severities.map((severity) => [severity, countCodec()]));

export const summaryCodec = z.strictObject({
  fail: countCodec(),
  exempt: countCodec(),
  error: countCodec(),
  bySeverity: described(
    'Findings of status `fail` by severity.',
    z.strictObject(bySeverity as Record<Severity, ReturnType<typeof countCodec>>),
  ),
});

export const missingUsersCodec = described(
  'Users of the credential report that no longer exist in IAM under this name: deleted, or renamed.',
  z.array(z.string()),
);

export const auditCodec = schemaOf<Audit>()(
  z.strictObject({
    schema: z.literal('keysweep/audit/v1'),
    account: accountCodec,
    asOf: time('The time that the findings are judged at. ISO 8601, UTC.'),
    report: reportCodec,
    summary: summaryCodec,
    findings: described('Worst first.', z.array(findingCodec)),
    missingUsers: z.exactOptional(missingUsersCodec),
    usage: z.exactOptional(usageCodec),
    stats: z.strictObject({
      requests: described('Requests sent to AWS by action, every attempt counted.', z.record(z.string(), countCodec())),
      durationMs: z.number().check(z.minimum(0)),
    }),
  }),
);
