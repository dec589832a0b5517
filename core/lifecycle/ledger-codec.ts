/**
 * Ledger records as plain JSON, for whatever stores them: dates are ISO 8601 in UTC with milliseconds, everything else is
 * as in ledger.ts. Strict in both directions, because changes to credentials rest on the ledger: a missing, unknown or
 * malformed field is refused, and never guessed.
 */
import * as z from 'zod/mini';
import { accountIdCodec, timeCodec } from '../audit-codec.ts';
import { KeysweepError } from '../error.ts';
import { retirableKinds } from '../kinds/kinds.ts';
import { lifecycleRules } from '../kinds/rules.ts';
import type { Principal } from '../model.ts';
import { schemaOf } from '../schema-of.ts';
import {
  type LedgerEntry,
  type LedgerEvent,
  noticeKinds,
  type RetirableRef,
  type SweepRecord,
  type SweptSnapshot,
} from './ledger.ts';

/** Incremented with every change to the records below, including an added field, which an older keysweep would lose. */
export const ledgerSchemaVersion = 1;

export type JsonRecord = Readonly<Record<string, unknown>>;

/** A decoded record, or what is wrong with it: `warning.deactivateAt: not a time (ISO 8601 in UTC with milliseconds)`. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** Without `#`, which separates the parts of a key in DynamoDB. Source: the IAM API reference, which allows `\w` only. */
const credentialId = z.string().check(z.regex(/^[\w-]{1,128}$/, 'not a credential id'));

const sweepId = z.string().check(z.regex(/^[\x21-\x7e]{1,256}$/, 'not a sweep id'));
const version = z.int().check(z.minimum(1));
const actor = z.enum(['keysweep', 'person']);
const stage = z.enum(['compliant', 'warned', 'deactivated', 'restored', 'deleted']);

const credential = z.strictObject({
  kind: z.enum(retirableKinds),
  id: credentialId,
});

const principal = z.strictObject({ kind: z.enum(['root', 'user']), name: z.string(), arn: z.string() });

const deferral = z.strictObject({ at: timeCodec, to: z.exactOptional(timeCodec) });

const entrySchema = z.strictObject({
  account: accountIdCodec,
  credential,
  principal,
  userId: z.exactOptional(z.string().check(z.regex(/^\w{16,128}$/, 'not a user id'))),
  createdAt: timeCodec,
  version,
  stage,
  since: timeCodec,
  updatedAt: timeCodec,
  rules: z.array(z.enum(lifecycleRules)),
  warning: z.exactOptional(
    z.strictObject({
      about: z.exactOptional(z.enum(['rotate', 'remove', 'unknown'])),
      firstNoticeAt: timeCodec,
      lastNoticeAt: timeCodec,
      deactivateAt: timeCodec,
      finalNoticeAt: z.exactOptional(timeCodec),
      deferral: z.exactOptional(deferral),
      promisedNight: z.exactOptional(timeCodec),
    }),
  ),
  deactivation: z.exactOptional(
    z.strictObject({
      at: timeCodec,
      by: actor,
      deleteAt: timeCodec,
      finalNoticeAt: z.exactOptional(timeCodec),
      promisedNight: z.exactOptional(timeCodec),
      lastUseAt: z.exactOptional(timeCodec),
      inUse: z.exactOptional(z.literal(true)),
      deferral: z.exactOptional(deferral),
      lastNoticeAt: z.exactOptional(timeCodec),
    }),
  ),
  restoration: z.exactOptional(
    z.strictObject({
      at: timeCodec,
      by: actor,
      who: z.exactOptional(z.string()),
      why: z.exactOptional(z.string()),
    }),
  ),
  lastDeactivationAt: z.exactOptional(timeCodec),
  deletion: z.exactOptional(z.strictObject({ at: timeCodec, by: actor })),
  intent: z.exactOptional(
    z.strictObject({
      action: z.enum(['deactivate', 'delete', 'restore']),
      at: timeCodec,
      sweep: sweepId,
      lastUseAt: z.exactOptional(timeCodec),
      inUse: z.exactOptional(z.literal(true)),
    }),
  ),
  blocked: z.exactOptional(
    z.strictObject({
      action: z.enum(['deactivate', 'delete']),
      since: timeCodec,
      lastAttemptAt: timeCodec,
      why: z.string(),
    }),
  ),
  notice: z.exactOptional(
    z.strictObject({
      kind: z.enum(noticeKinds),
      sweep: sweepId,
    }),
  ),
});

const eventSchema = z.strictObject({
  account: accountIdCodec,
  credential,
  version,
  at: timeCodec,
  sweep: sweepId,
  type: z.enum([
    'warned',
    'reminded',
    'deferred',
    'deactivation-intended',
    'deactivated',
    'deletion-intended',
    'deleted',
    'restoration-intended',
    'restored',
    'resolved',
    'not-applied',
    'late-use',
  ]),
  by: actor,
  from: stage,
  to: stage,
  detail: z.string(),
});

const sweepSchema = z.strictObject({
  account: accountIdCodec,
  id: sweepId,
  startedAt: timeCodec,
  endedAt: z.exactOptional(timeCodec),
  deliveredAt: z.exactOptional(timeCodec),
  undelivered: z.exactOptional(z.array(credentialId)),
  notifiedBy: z.exactOptional(z.literal('operator')),
  outcome: z.exactOptional(z.enum(['complete', 'partial', 'failed'])),
  expiresAt: timeCodec,
});

const sweptSnapshotSchema = z.strictObject({
  account: accountIdCodec,
  id: z.string().check(z.minLength(1), z.maxLength(100)),
  asOf: timeCodec,
  openedAt: timeCodec,
  earlier: z.array(z.string()),
  closedAt: z.exactOptional(timeCodec),
  version: z.int().check(z.minimum(1)),
});

/** Turns one kind of record into JSON and back. */
export interface LedgerCodec<T> {
  /** @throws KeysweepError LedgerRecordInvalid for a record that must not be stored */
  encode(record: T): JsonRecord;
  decode(json: unknown): Decoded<T>;
}

export const entryCodec = codecOf<LedgerEntry>('an entry', schemaOf<LedgerEntry>()(entrySchema));
export const eventCodec = codecOf<LedgerEvent>('an event', schemaOf<LedgerEvent>()(eventSchema));
export const sweepCodec = codecOf<SweepRecord>('a sweep', schemaOf<SweepRecord>()(sweepSchema));
export const sweptSnapshotCodec = codecOf<SweptSnapshot>(
  'a swept snapshot',
  schemaOf<SweptSnapshot>()(sweptSnapshotSchema),
);

/** Whom and what a record that cannot be decoded is still about; malformed parts are omitted. */
export interface RecordNames {
  readonly credential?: RetirableRef;
  readonly principal?: Principal;
}

export function namesIn(json: unknown): RecordNames {
  const fields = typeof json === 'object' && json !== null ? (json as JsonRecord) : {};
  const found = z.safeParse(credential, fields.credential);
  const holder = z.safeParse(principal, fields.principal);
  return { ...(found.success && { credential: found.data }), ...(holder.success && { principal: holder.data }) };
}

export function isCredentialId(text: string): boolean {
  return z.safeParse(credentialId, text).success;
}

/**
 * Refuses an entry and an event that do not belong together: they are written together.
 * @throws KeysweepError LedgerRecordInvalid
 */
export function checkWrite(entry: LedgerEntry, event: LedgerEvent): void {
  const same =
    entry.account === event.account &&
    entry.credential.kind === event.credential.kind &&
    entry.credential.id === event.credential.id &&
    entry.version === event.version &&
    entry.stage === event.to;
  if (same) return;
  throw new KeysweepError(
    'LedgerRecordInvalid',
    `the event of ${event.credential.id}, version ${event.version}, to ${event.to} does not belong to the entry ` +
      `of ${entry.credential.id}, version ${entry.version}, in ${entry.stage}`,
  );
}

function codecOf<T>(what: string, schema: z.ZodMiniType<T>): LedgerCodec<T> {
  return {
    encode: (record) => {
      const encoded = z.safeEncode(schema, record);
      if (encoded.success) return encoded.data as JsonRecord;
      throw new KeysweepError('LedgerRecordInvalid', `${what} that must not be stored: ${explain(encoded.error)}`);
    },
    decode: (json) => {
      const decoded = z.safeDecode(schema, json as T);
      return decoded.success ? { ok: true, value: decoded.data } : { ok: false, why: explain(decoded.error) };
    },
  };
}

function explain({ issues }: z.core.$ZodError): string {
  return issues
    .map((issue) => `${issue.path.length === 0 ? 'it' : issue.path.join('.')}: ${describe(issue)}`)
    .join('; ');
}

/** Own texts: without its locale, zod says only "Invalid input" for issues without a message here. */
function describe(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `missing, or not of type ${issue.expected}`;
    case 'invalid_value':
      return `not one of ${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return `unknown field: ${issue.keys.join(', ')}`;
    default:
      return issue.message;
  }
}
