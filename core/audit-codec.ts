/**
 * What an audit says as JSON, for whatever stores it: dates are ISO 8601 in UTC with milliseconds, everything else is as
 * in model.ts. Strict: a field that is missing, unknown or malformed is refused.
 */
import * as z from 'zod/mini';
import { retirableKinds } from './kinds/kinds.ts';
import { credentialKinds, severities } from './model.ts';
import { ruleIds } from './rules/ids.ts';

const isoTime = z.string().check(
  z.refine((text) => {
    const time = new Date(text);
    return /^\d{4}-/.test(text) && !Number.isNaN(time.getTime()) && time.toISOString() === text;
  }, 'not a time (ISO 8601 in UTC with milliseconds)'),
);

export const timeCodec = z.codec(isoTime, z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

export const accountIdCodec = z.string().check(z.regex(/^\d{12}$/, 'not an account of 12 digits'));

const count = z.int().check(z.minimum(0));

const account = z.strictObject({
  id: accountIdCodec,
  partition: z.string(),
  alias: z.exactOptional(z.string()),
});

const namesOfOne = {
  id: z.exactOptional(z.string()),
  slot: z.exactOptional(z.union([z.literal(1), z.literal(2)])),
};

export const credentialCodec = z.strictObject({ kind: z.enum(credentialKinds), ...namesOfOne });

/** Of a kind of core/kinds. */
export const seenCodec = z.strictObject({ kind: z.enum(retirableKinds), ...namesOfOne });

export const findingCodec = z.strictObject({
  id: z.string(),
  rule: z.enum(ruleIds),
  severity: z.enum(severities),
  status: z.enum(['fail', 'exempt', 'error']),
  principal: z.strictObject({ kind: z.enum(['root', 'user', 'account']), name: z.string(), arn: z.string() }),
  credential: z.exactOptional(credentialCodec),
  reason: z.string(),
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  controls: z.array(z.string()),
  exemption: z.exactOptional(
    z.strictObject({
      number: count,
      match: z.string(),
      reason: z.string(),
      owner: z.string(),
      expires: z.string(),
    }),
  ),
});

const matchUsage = {
  number: count,
  match: z.string(),
  matched: count,
  names: z.array(z.string()),
  possible: count,
  isElsewhere: z.boolean(),
  coveredBy: z.exactOptional(count),
};

const usage = z.strictObject({
  exemptions: z.array(
    z.strictObject({ ...matchUsage, owner: z.string(), expires: z.string(), isExpired: z.boolean() }),
  ),
  overrides: z.array(z.strictObject(matchUsage)),
});

export const auditCodec = z.strictObject({
  schema: z.literal('keysweep/audit/v1'),
  account,
  asOf: timeCodec,
  report: z.strictObject({
    generatedAt: z.exactOptional(timeCodec),
    rows: count,
    newestDate: z.exactOptional(timeCodec),
    notRenewed: z.exactOptional(z.string()),
  }),
  summary: z.strictObject({
    fail: count,
    exempt: count,
    error: count,
    bySeverity: z.record(z.enum(severities), count),
  }),
  findings: z.array(findingCodec),
  goneUsers: z.exactOptional(z.array(z.string())),
  usage: z.exactOptional(usage),
  stats: z.strictObject({ requests: z.record(z.string(), count), durationMs: z.number() }),
});
