/** The published shapes of `--output json` of plan and sweep: docs/schemas/{plan,sweep}-v1.schema.json are made of these. */
import { z } from 'zod';
import { usageCodec } from '../../core/audit-codec.ts';
import {
  about,
  account,
  change,
  count,
  missingUsers,
  mode,
  noticeKind,
  principal,
  publishedSchema,
  reason,
  reportFacts,
  retirable,
  seenRetirable,
  skipReason,
  stepType,
  time,
} from '../schema-parts.ts';
import type { SweepDocument } from './document.ts';

const unjudged = z
  .string()
  .describe('Why one of the rules could not judge it, although another could: the sweep is partial.');

const outcomes = ['planned', 'applied', 'skipped', 'deferred', 'failed'] as const;
const action = z.object({
  type: stepType,
  notice: noticeKind.optional(),
  about: about.optional(),
  change: change.optional(),
  credential: retirable,
  principal,
  reasons: z.array(reason),
  dueAt: time
    .optional()
    .describe('For `warn`: when the change that it warns of is due. For changes: since when they are.'),
  outcome: z
    .enum(outcomes)
    .describe(
      '`skipped`: a recheck, or another sweep, spoke against it. `deferred`: something else has become due, or no one is known to have got its notice; it waits for the next sweep.',
    ),
  why: z.string().describe('In one line.'),
  detail: z.string().optional().describe('Why it was not applied, or what else is to know.'),
  unjudged: unjudged.optional(),
  undo: z
    .string()
    .optional()
    .describe(
      'For a deactivation, done or planned: the command that reactivates the key and records it, to be given a reason for WHY. Absent where it would find no ledger.',
    ),
  undoWithAwsCli: z.string().optional().describe('The same with the AWS CLI alone.'),
});

const skipped = z.object({
  skipReason,
  credential: seenRetirable,
  principal,
  until: time.optional().describe('When that may change, if it is known.'),
  why: z.string().describe('In one line.'),
  unjudged: unjudged.optional(),
});

const common = {
  account,
  startedAt: time.describe('When the sweep began, or would begin: the time that everything is judged at.'),
  sweep: z.string().describe('Id of the sweep, as in the ledger.'),
  dryRun: z.boolean().describe('Nothing was written and no one was notified; always so for a plan.'),
  report: reportFacts,
  mode,
  topicArn: z.string().optional().describe('Where the digest went. Absent: no one was notified, on purpose.'),
  ledger: z.string().optional().describe('Absent: nothing is known of earlier notices and deactivations.'),
  outcome: z
    .enum(['complete', 'partial', 'failed'])
    .describe('`partial`: some credentials could not be judged or processed. `failed`: nothing was changed.'),
  problems: z.array(z.string()).describe('What went wrong with the sweep as a whole.'),
  alreadySwept: z
    .string()
    .optional()
    .describe('Why this snapshot led to no action: it, or a newer one, was swept before. No one was notified.'),
  notices: z
    .object({
      reached: z.boolean().describe('As far as is known, at least one channel reaches people.'),
      undelivered: count.describe('Messages that were published but, as far as is known, delivered to no one.'),
      channels: z.array(z.string()).describe('What is wrong with the channels.'),
    })
    .optional()
    .describe('Absent: no one was to be notified, in a dry run or on purpose.'),
  summary: z.object({
    actions: z.object(Object.fromEntries(stepType.options.map((type) => [type, count]))),
    outcomes: z.object(Object.fromEntries(outcomes.map((outcome) => [outcome, count]))),
    skipped: z.partialRecord(skipReason, count).describe('Credentials skipped, by reason.'),
  }),
  actions: z.array(action).describe('In the order in which they are done: changes by rank, worst first.'),
  skipped: z.array(skipped),
  missingUsers,
  usage: z.optional(usageCodec),
  stats: z.object({
    requests: z.record(z.string(), count).describe('Requests sent to AWS by action, every attempt counted.'),
  }),
};

const promise = 'Later versions of this schema may add properties, but remove or change none.';

/** The schema of `keysweep/plan/v1` or `keysweep/sweep/v1`. */
export function sweepSchema(kind: SweepDocument['kind']) {
  const what = kind === 'plan' ? 'What a sweep would do now.' : 'What a sweep did.';
  return z.object({ schema: z.literal(`keysweep/${kind}/v1`), ...common }).describe(`${what} ${promise}`);
}

export function sweepJsonSchema(kind: SweepDocument['kind']): Record<string, unknown> {
  return publishedSchema(`keysweep ${kind}, version 1`, sweepSchema(kind));
}
