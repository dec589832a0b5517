/** The published shape of `keysweep explain --output json`: docs/schemas/explain-v1.schema.json is made of this. */
import { z } from 'zod';
import { findingCodec } from '../../core/audit-codec.ts';
import { bySection } from '../../core/kinds/kinds.ts';
import { lifecycleRules } from '../../core/kinds/rules.ts';
import {
  about,
  account,
  change,
  count,
  mode,
  noticeKind,
  principal,
  publishedSchema,
  reason,
  reportFacts,
  retirable,
  skipReason,
  stepType,
  time,
} from '../schema-parts.ts';

const actor = z.enum(['keysweep', 'person']);
const stage = z.enum(['compliant', 'warned', 'deactivated', 'restored', 'deleted']);
const duration = z.string().describe('As in keysweep.yaml: 45d, 12h.');
const match = z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())]));
const why = z.string().describe('One line for people.');

const observed = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('not-found') }),
    z.object({ kind: z.literal('unknown'), why }),
    z.object({
      kind: z.literal('seen'),
      status: z.enum(['Active', 'Inactive', 'Expired']),
      createdAt: time,
      lastUse: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('never') }),
        z.object({ kind: z.literal('untracked') }).describe('IAM does not track it: it counts as in use.'),
        z.object({ kind: z.literal('unknown'), why }),
        z.object({
          kind: z.literal('used'),
          at: time,
          service: z.string().optional(),
          region: z.string().optional(),
        }),
      ]),
    }),
  ])
  .describe('What IAM shows of the key now.');

const limits = z
  .object({
    maxAge: duration,
    maxIdle: duration,
    neverUsedGrace: duration,
    inUseWindow: duration,
    deactivateInUse: z.boolean(),
    warn: z.array(duration),
    deleteAfter: duration,
    restoreGrace: duration,
    maxInactive: duration,
  })
  .optional()
  .describe('The thresholds that hold for it; absent where an override may apply, and cannot be evaluated.');

const policy = z.object({
  mode,
  ...bySection(() => limits),
  overrides: z.array(z.object({ number: count, applies: z.enum(['yes', 'maybe']), match })),
  exemptions: z.array(
    z.object({
      number: count.describe('Place in the policy file, from 1.'),
      applies: z.enum(['yes', 'maybe', 'expired']),
      match,
      rules: z.union([z.literal('*'), z.array(z.string())]),
      reason: z.string(),
      owner: z.string(),
      expires: z.string(),
    }),
  ),
});

const notices = {
  finalNoticeAt: time.optional().describe('The last final notice that was given in mode enforce.'),
  promisedNight: time.optional().describe('The beginning of the night that it named.'),
  deferral: z
    .object({ at: time, to: time.optional().describe('The new date; absent: none, while the policy stays as it is.') })
    .optional()
    .describe('The policy was relaxed, and people were notified that it comes later, or not at all for now.'),
};

const inUse = z.literal(true).optional().describe('It was in use, and the policy said deactivateInUse.');

const reasons = { rules: z.array(z.enum(lifecycleRules)), reasons: z.array(reason) };

const lastUseAt = time.optional().describe('The last use that was known when keysweep decided to deactivate it.');

const restoredBy = z.string().describe('The AWS caller of `keysweep restore`; with --who: `NAME (ARN of the caller)`.');

const ledger = z
  .object({
    version: count,
    since: time.describe('When the stage was entered.'),
    rules: z.array(z.enum(lifecycleRules)).describe('The rules that led to the stage.'),
    reasons: z.array(reason),
    warning: z
      .object({
        about: z.enum(['rotate', 'remove', 'unknown']).optional(),
        firstNoticeAt: time,
        lastNoticeAt: time,
        deactivateAt: time,
        ...notices,
      })
      .optional(),
    deactivation: z
      .object({
        at: time,
        by: actor,
        deleteAt: time,
        lastNoticeAt: time.optional().describe('The last notice of the deletion.'),
        ...notices,
        lastUseAt,
        inUse,
      })
      .optional(),
    restoration: z.object({ at: time, by: actor, who: restoredBy.optional(), why: z.string().optional() }).optional(),
    deletion: z.object({ at: time, by: actor }).optional(),
    intent: z
      .object({ action: z.enum(['deactivate', 'delete', 'restore']), at: time, sweep: z.string(), lastUseAt, inUse })
      .optional(),
    blocked: z
      .object({ action: z.enum(['deactivate', 'delete']), since: time, lastAttemptAt: time, why })
      .optional()
      .describe('AWS denied the change when it was tried; it is tried again at most once a week.'),
    dueAt: time.optional(),
    noticePending: z
      .boolean()
      .optional()
      .describe('True if the last notice was not delivered: its dates do not count, and the next sweep sends one.'),
  })
  .describe('The entry of the ledger; absent if there is none.');

const decision = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('skip'), skipReason, until: time.optional(), why }),
    z.object({ type: z.literal('warn'), notice: noticeKind, about, dueAt: time.optional(), ...reasons, why }),
    z.object({ type: z.enum(['deactivate', 'delete']), dueAt: time, ...reasons, why }),
    z.object({ type: z.literal('resolve'), why }),
    z.object({ type: z.literal('observe'), change, by: actor, why }),
  ])
  .describe('What a sweep would do about it now, in the mode of the policy, caps aside.');

const event = z.object({
  night: time,
  type: stepType,
  notice: noticeKind.optional(),
  about: about.optional(),
  change: change.optional(),
  dueAt: time.optional(),
  why,
});

export const explainSchema = z
  .object({
    schema: z.literal('keysweep/explain/v1'),
    account,
    asOf: time,
    report: reportFacts,
    credential: retirable,
    principal,
    owner: z.string().optional().describe('From the owner tag of the policy.'),
    observed,
    findings: z.array(findingCodec),
    policy,
    stage,
    stageKnown: z
      .boolean()
      .describe(
        'False where no ledger was given, or its entry is damaged or cannot be true: `stage` is then `compliant`, as of a key without a record.',
      ),
    damage: z
      .string()
      .optional()
      .describe('What is wrong with the entry in the ledger, for people. `ledger` is there where it can be read.'),
    unknown: z
      .array(z.string())
      .describe('What could not be read or judged, one sentence each; anything here is exit code 2.'),
    ledger: ledger.optional(),
    history: z
      .array(
        z.object({
          version: count,
          at: time,
          sweep: z.string(),
          type: z.string().describe('`warned`, `reminded`, `deactivated`, `restored`, ...'),
          by: actor,
          from: stage,
          to: stage,
          detail: z.string(),
        }),
      )
      .describe('Every transition, the oldest first.'),
    decision,
    undo: z.string().optional().describe('The command that reactivates it, while it is inactive.'),
    undoWithAwsCli: z
      .string()
      .optional()
      .describe('The same with the AWS CLI alone: the ledger learns of it in the next sweep.'),
    next: z
      .object({ mode: z.literal('enforce'), nights: count, ifUsed: z.array(event), ifNotUsed: z.array(event) })
      .describe('What mode enforce would do in the coming nights, caps aside.'),
  })
  .describe('The details of one key. Later versions of this schema may add properties, but remove or change none.');

export function explainJsonSchema(): Record<string, unknown> {
  return publishedSchema('keysweep explain, version 1', explainSchema);
}
