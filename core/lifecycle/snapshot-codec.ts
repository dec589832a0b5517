/**
 * Snapshots as JSON, for whatever stores them: dates are ISO 8601 in UTC with milliseconds, everything else is as in
 * snapshot.ts. Strict, because what is acted on rests on it: a field that is missing, unknown or malformed is refused.
 */
import * as z from 'zod/mini';
import { KeysweepError } from '../error.ts';
import { severities } from '../model.ts';
import { ruleIds } from '../rules/ids.ts';
import type { Snapshot } from './snapshot.ts';

const isoTime = z.string().check(
  z.refine((text) => {
    const time = new Date(text);
    return !Number.isNaN(time.getTime()) && time.toISOString() === text;
  }, 'not a time (ISO 8601 in UTC with milliseconds)'),
);
const time = z.codec(isoTime, z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});
const count = z.int().check(z.minimum(0));

function known<T extends z.ZodMiniType>(value: T) {
  return z.discriminatedUnion('known', [
    z.strictObject({ known: z.literal(true), value }),
    z.strictObject({ known: z.literal(false), why: z.string() }),
  ]);
}

const account = z.strictObject({
  id: z.string().check(z.regex(/^\d{12}$/, 'not an account of 12 digits')),
  partition: z.string(),
  alias: z.exactOptional(z.string()),
});

const credential = z.strictObject({
  kind: z.enum([
    'access-key',
    'console-password',
    'signing-certificate',
    'ssh-public-key',
    'service-specific-credential',
    'mfa-device',
    'server-certificate',
  ]),
  id: z.exactOptional(z.string()),
  slot: z.exactOptional(z.union([z.literal(1), z.literal(2)])),
});

const finding = z.strictObject({
  id: z.string(),
  rule: z.enum(ruleIds),
  severity: z.enum(severities),
  status: z.enum(['fail', 'exempt', 'error']),
  principal: z.strictObject({ kind: z.enum(['root', 'user', 'account']), name: z.string(), arn: z.string() }),
  credential: z.exactOptional(credential),
  reason: z.string(),
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  controls: z.array(z.string()),
  exemption: z.exactOptional(z.strictObject({ reason: z.string(), owner: z.string(), expires: z.string() })),
});

const audit = z.strictObject({
  schema: z.literal('keysweep/audit/v1'),
  account,
  asOf: time,
  report: z.strictObject({
    generatedAt: z.exactOptional(time),
    rows: count,
    newestDate: z.exactOptional(time),
  }),
  summary: z.strictObject({
    fail: count,
    exempt: count,
    error: count,
    bySeverity: z.record(z.enum(severities), count),
  }),
  findings: z.array(finding),
  stats: z.strictObject({ requests: z.record(z.string(), count), durationMs: z.number() }),
});

const lastUse = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('used'),
    at: time,
    service: z.exactOptional(z.string()),
    region: z.exactOptional(z.string()),
  }),
  z.strictObject({ kind: z.literal('never') }),
  z.strictObject({ kind: z.literal('unknown'), why: z.string() }),
]);

const accessKey = z.strictObject({
  ref: credential,
  status: known(z.enum(['Active', 'Inactive', 'Expired'])),
  createdAt: known(time),
  lastUse,
  source: z.enum(['report', 'live']),
  unverified: z.exactOptional(z.string()),
  lastUseUnverified: z.exactOptional(z.string()),
  lastSeenActiveAt: z.exactOptional(time),
});

const snapshotSchema: z.ZodMiniType<Snapshot> = z.strictObject({
  schema: z.literal('keysweep/snapshot/v1'),
  audit,
  users: z.array(
    z.strictObject({
      principal: z.strictObject({ kind: z.enum(['root', 'user']), name: z.string(), arn: z.string() }),
      accessKeys: z.array(accessKey),
      tags: known(z.record(z.string(), z.string())),
      accessKeysIncomplete: z.exactOptional(z.string()),
    }),
  ),
  userNames: z.array(z.string()),
});

/** A snapshot as text. @throws KeysweepError SnapshotInvalid for one that nobody could read back */
export function encodeSnapshot(snapshot: Snapshot): string {
  const encoded = z.safeEncode(snapshotSchema, snapshot);
  if (encoded.success) return `${JSON.stringify(encoded.data)}\n`;
  throw invalid('it cannot be stored', encoded.error);
}

/**
 * Reads a snapshot that {@link encodeSnapshot} wrote.
 * @param where for messages: a path or a URL
 * @throws KeysweepError SnapshotInvalid
 */
export function decodeSnapshot(text: string, where: string): Snapshot {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new KeysweepError('SnapshotInvalid', `${where} is not JSON`, { cause, hint });
  }
  const decoded = z.safeDecode(snapshotSchema, json as z.input<typeof snapshotSchema>);
  if (decoded.success) return decoded.data;
  throw invalid(where, decoded.error);
}

const hint = 'audit again; a rotation acts only on what it fully understands';

function invalid(where: string, { issues }: z.core.$ZodError): KeysweepError {
  const shown = issues.slice(0, 3).map((issue) => {
    const what = issue.code === 'unrecognized_keys' ? `unknown: ${issue.keys.join(', ')}` : issue.message;
    return `${issue.path.join('.') || 'it'}: ${what}`;
  });
  return new KeysweepError('SnapshotInvalid', `no snapshot of an audit: ${where}: ${shown.join('; ')}`, { hint });
}
