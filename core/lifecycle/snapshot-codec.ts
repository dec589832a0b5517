/**
 * Snapshots as JSON, for whatever stores them: dates are ISO 8601 in UTC with milliseconds, everything else is as in
 * snapshot.ts. Strict, because every change rests on it: a missing, unknown or malformed field is refused.
 */
import * as z from 'zod/mini';
import { auditCodec, seenCodec, timeCodec } from '../audit-codec.ts';
import { kindOf, retirableKinds } from '../kinds/kinds.ts';
import type { ObservedCredential } from '../model.ts';
import { schemaOf } from '../schema-of.ts';
import { decodeText, encodeText, type TextFormat } from '../text-codec.ts';
import type { Snapshot } from './snapshot.ts';

function known<T extends z.ZodMiniType>(value: T) {
  return z.discriminatedUnion('known', [
    z.strictObject({ known: z.literal(true), value }),
    z.strictObject({ known: z.literal(false), why: z.string() }),
  ]);
}

const lastUse = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('used'),
    at: timeCodec,
    service: z.exactOptional(z.string()),
    region: z.exactOptional(z.string()),
  }),
  z.strictObject({ kind: z.literal('never') }),
  z.strictObject({ kind: z.literal('untracked') }),
  z.strictObject({ kind: z.literal('unknown'), why: z.string() }),
]);

/** The kind decides whether use is tracked: if a snapshot said otherwise, a live use would not count. */
function isOfKind({ ref, lastUse: use }: ObservedCredential): boolean {
  return use.kind === 'unknown' || (use.kind === 'untracked') === (kindOf(ref.kind).use === 'untracked');
}

const observed = z.strictObject({
  ref: seenCodec,
  status: known(z.enum(['Active', 'Inactive', 'Expired'])),
  createdAt: known(timeCodec),
  lastUse,
  source: z.enum(['report', 'live']),
  unverified: z.exactOptional(z.string()),
  lastUseUnverified: z.exactOptional(z.string()),
  lastSeenActiveAt: z.exactOptional(timeCodec),
});

const snapshotSchema = z.strictObject({
  schema: z.literal('keysweep/snapshot/v1'),
  id: z.string().check(z.regex(/^[\w.-]{1,100}$/, 'not the id of a snapshot')),
  audit: auditCodec,
  users: z.array(
    z.strictObject({
      principal: z.strictObject({ kind: z.enum(['root', 'user']), name: z.string(), arn: z.string() }),
      unreadable: z.exactOptional(z.string()),
      credentials: z
        .array(observed)
        .check(z.refine((all) => all.every(isOfKind), 'a last use that is impossible for its kind')),
      tags: known(z.record(z.string(), z.string())),
      incomplete: z.exactOptional(z.partialRecord(z.enum(retirableKinds), z.string())),
    }),
  ),
  userNames: z.array(z.string()),
});

const format: TextFormat<Snapshot> = {
  code: 'SnapshotInvalid',
  what: 'not a valid snapshot',
  hint: 'Run the audit again. A sweep acts only on a snapshot that is valid in full.',
  schema: schemaOf<Snapshot>()(snapshotSchema),
};

/** A snapshot as text. @throws KeysweepError SnapshotInvalid for one that could not be read back */
export function encodeSnapshot(snapshot: Snapshot): string {
  return encodeText(format, snapshot);
}

/**
 * Reads a snapshot that {@link encodeSnapshot} wrote.
 * @param where for messages: a path or a URL
 * @throws KeysweepError SnapshotInvalid
 */
export function decodeSnapshot(text: string, where: string): Snapshot {
  return decodeText(format, text, where);
}
