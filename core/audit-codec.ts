/**
 * The schema of an audit, defined once: stores read and write audits with it, the compiler checks it against the types in
 * model.ts, and docs/schemas/audit-v1.schema.json is generated from it (reports/audit-schema.ts).
 *
 * In JSON, dates are ISO 8601 in UTC with milliseconds, and everything else is as in model.ts. Strict: a missing, unknown
 * or malformed field is refused.
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

export const accountIdCodec = z.string().check(z.regex(/^\d{12}$/, 'not a 12-digit account id'));

export const accountCodec = z.strictObject({
  id: accountIdCodec,
  partition: text('`aws`, `aws-us-gov`, `aws-cn`, ...'),
  alias: z.exactOptional(z.string()),
});

export const credentialCodec = described(
  'The credential that the finding is about, if it is about one.',
  z.strictObject({
    kind: z.enum(credentialKinds),
    id: z.exactOptional(text('The id of the credential, if known: never offline, never for keys of the root user.')),
    slot: z.exactOptional(described('Position in the credential report.', z.union([z.literal(1), z.literal(2)]))),
  }),
);

/** Of a kind of core/kinds. */
export const seenCodec = z.strictObject({ ...credentialCodec.shape, kind: z.enum(retirableKinds) });

const lastDay = () => described('The last day (UTC) on which it applies.', z.iso.date({ error: 'not a day' }));

export const exemptionCodec = z.strictObject({
  number: count('Its position among the exemptions in the policy file, starting at 1.'),
  match: text('What it matches, such as `user=break-glass-*` or `tag:kind=machine`.'),
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
    'Who the finding is about.',
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
  remedy: z.exactOptional(
    text('What to do, if the remedy of the rule (`keysweep rules RULE`) does not fit the account.'),
  ),
  controls: described(
    'The benchmark controls that it violates, such as `CIS-3.0:1.12`. None with status `error` where a violation is not certain.',
    z.array(z.string()),
  ),
  exemption: described('What excuses the finding. Only with status `exempt`.', z.exactOptional(exemptionCodec)),
});

const matchUsage = {
  number: count('Its position in the policy file, starting at 1.'),
  match: text('What it matches, such as `user=break-glass-*`.'),
  matched: count('How many users it matches for certain, the root user included.'),
  names: described('The names of the first of them.', z.array(z.string())),
  possible: count('How many more it may match: their tags, or the ids of their credentials, were not read.'),
  isElsewhere: described('It names a different account.', z.boolean()),
  coveredBy: z.exactOptional(count('The position of an earlier entry that covers it, so that it has no effect.')),
};

export const usageCodec = described(
  'Who the exemptions and overrides match. Absent if the policy has none.',
  z.strictObject({
    exemptions: z.array(
      z.strictObject({ ...matchUsage, owner: z.string(), expires: lastDay(), isExpired: z.boolean() }),
    ),
    overrides: z.array(z.strictObject(matchUsage)),
  }),
);

export const reportCodec = z.strictObject({
  generatedAt: z.exactOptional(time('When AWS generated the credential report; absent for a saved file.')),
  ageUnknown: z.exactOptional(text('Why that is unknown, if the saved file says something that cannot be true.')),
  currentUntil: z.exactOptional(time('AWS generates no newer report before; what was changed since is not in it.')),
  rows: count('Principals in the report, the root user included.'),
  newestDate: z.exactOptional(timeCodec),
  notRenewed: z.exactOptional(
    text('Set if AWS generated no newer report, with the reason: this is the last one it had.'),
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
  'Users in the credential report that no longer exist in IAM under this name: deleted, renamed, or replaced by a new user of that name.',
  z.array(z.string()),
);

export const auditCodec = schemaOf<Audit>()(
  z.strictObject({
    schema: z.literal('keysweep/audit/v1'),
    account: accountCodec,
    asOf: time('The moment that the findings are judged for. ISO 8601, UTC.'),
    report: reportCodec,
    summary: summaryCodec,
    findings: described('Worst first.', z.array(findingCodec)),
    missingUsers: z.exactOptional(missingUsersCodec),
    mended: z.exactOptional(
      described(
        'Failures that the credential report shows, but IAM no longer: someone mended them since.',
        z.array(findingCodec),
      ),
    ),
    unconfirmed: z.exactOptional(
      described(
        'What should have been read again because the report may be out of date, but could not be.',
        z.array(z.string()),
      ),
    ),
    usage: z.exactOptional(usageCodec),
    stats: z.strictObject({
      requests: described('Requests sent to AWS by action, every attempt counted.', z.record(z.string(), countCodec())),
      durationMs: z.number().check(z.minimum(0)),
    }),
  }),
);
