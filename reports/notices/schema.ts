/** The published shape of a notice for programs: docs/schemas/notice-v1.schema.json is made of this. */
import { z } from 'zod';
import { exemptionCodec, summaryCodec } from '../../core/audit-codec.ts';
import { resolutions } from '../../core/findings/open-findings.ts';
import { warningSubjects } from '../../core/lifecycle/decision.ts';
import { noticeKinds } from '../../core/lifecycle/ledger.ts';
import { severities } from '../../core/model.ts';
import { messageKinds } from '../../core/notice.ts';
import { ruleIds } from '../../core/rules/ids.ts';
import { account, count, mode, publishedSchema, time } from '../schema-parts.ts';

const group = z.object({
  id: z.string().describe('For programs, such as `deactivated` or `critical`; never changes.'),
  title: z.string(),
  severity: z.enum(severities).optional().describe('Of all its items, where they have the same.'),
  rule: z.enum(ruleIds).optional().describe('Of all its items, where they have the same.'),
  count: count.describe('All of them, whether `items` holds them or not.'),
  kinds: z
    .record(z.string(), count)
    .optional()
    .describe('How many of each kind of credential; in a digest and its corrections.'),
  advice: z.array(z.string()).describe('What it means and what to do, for all its items.'),
});

const principal = z
  .object({ kind: z.enum(['root', 'user', 'account']), name: z.string(), arn: z.string() })
  .describe('Whom it is about. The name of the root user is `<root_account>`.');

const credential = z.object({
  kind: z.string().describe('`access-key`, `console-password`, ...'),
  id: z.string().optional().describe('The access key id, where it is known: never for root keys.'),
  slot: z
    .union([z.literal(1), z.literal(2)])
    .optional()
    .describe('Position in the credential report.'),
});

const item = z.object({
  group: z.string().describe('Id of its group.'),
  principal,
  credential: credential.optional(),
  owner: z.string().optional().describe('From the owner tag of the user.'),
  why: z.string().optional().describe('One line for people.'),
  by: z.enum(['keysweep', 'person']).optional().describe('Who did it, of what happened.'),
  who: z.string().optional().describe('The name of that person, where it was given.'),
  notice: z.enum(noticeKinds).optional().describe('Which notice it is.'),
  about: z
    .enum(warningSubjects)
    .optional()
    .describe(
      'For notices of what is coming. `rotate` is for a key in use, which stays active; `remove` asks the owner to delete what keysweep never changes; `unknown` for one whose last use cannot be determined.',
    ),
  dueAt: time.optional().describe('When the next change is due: the deactivation or the deletion. ISO 8601, UTC.'),
  when: z.string().optional().describe('The same in words, with what it depends on.'),
  finding: z
    .string()
    .optional()
    .describe('Id of the finding, as in audits and events; in a message of kind `findings`.'),
  rule: z.enum(ruleIds).optional().describe('Of a finding.'),
  title: z.string().optional().describe('The rule in words.'),
  severity: z.enum(severities).optional().describe('Of a finding; in a message of kind `findings`.'),
  status: z
    .enum(['fail', 'exempt', 'error'])
    .optional()
    .describe('`error`: could not be judged; never a pass. `exempt`: an exemption excuses it since the last message.'),
  exemption: z.optional(exemptionCodec).describe('What excuses it, with status `exempt`.'),
  raisedFrom: z
    .enum(severities)
    .optional()
    .describe('The severity that people were notified of, where it is higher now.'),
  resolution: z
    .enum(resolutions)
    .optional()
    .describe('Of a finding that is no longer open: `no-longer-found`, `exempted` or `rule-disabled`.'),
  evidence: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .optional()
    .describe('The facts behind the finding. Times are ISO 8601 in UTC, durations in days.'),
  foundAt: time
    .optional()
    .describe('When an audit found it first; `at` of the message where it is new. ISO 8601, UTC.'),
  remedy: z.string().optional(),
  undo: z.string().optional().describe('The command that undoes it.'),
  undoWithAwsCli: z
    .string()
    .optional()
    .describe('The same with the AWS CLI alone: the ledger learns of it in the next sweep.'),
  activity: z.string().optional().describe('The command that shows what was done with the credential.'),
  console: z.string().optional().describe('The page of the AWS console to look at.'),
});

export const noticeSchema = z
  .object({
    schema: z.literal('keysweep/notice/v1'),
    id: z.string().describe('The same for the same message, however often it comes: messages arrive at least once.'),
    thread: z.string().describe('The same for a digest and what corrects it.'),
    kind: z
      .enum(messageKinds)
      .describe(
        '`alert` of an audit about what is critical; `findings` of an audit about what else has changed; `digest` of a sweep; `correction` of a digest; `restored` by a person.',
      ),
    severity: z.enum(severities).describe('Of the most severe part.'),
    account,
    subject: z.string().describe('As of the e-mail: printable ASCII, under 100 characters.'),
    summary: z.string().describe('What happened, in one sentence without the account.'),
    at: time.describe('The time that everything is judged by. ISO 8601, UTC.'),
    mode: mode.optional(),
    sweep: z.string().optional().describe('Id of the sweep, as in the ledger.'),
    audit: z.optional(summaryCodec).describe('The sums of the whole audit; of an alert and of findings.'),
    newFindings: count
      .optional()
      .describe(
        'Critical findings that no delivered alert has named, and all checks that were not possible; of an alert.',
      ),
    notes: z.array(z.string()).optional().describe('What to know before one reads on: plain sentences.'),
    timezone: z
      .string()
      .optional()
      .describe(
        'Time zone of the policy, by whose clock texts give dates; in a digest and its corrections. Absent: UTC.',
      ),
    owners: z
      .array(z.object({ owner: z.string().optional(), count, summary: z.string() }))
      .optional()
      .describe(
        'Who has to do something, the most urgent first; in a digest and its corrections. Without `owner`: users without an owner tag.',
      ),
    ownersOmitted: count.optional().describe('How many owners are left out for want of room.'),
    groups: z.array(group).describe('The most urgent first.'),
    items: z
      .array(item)
      .describe('In the order of the groups; the first ones of each group where there is no room for all.'),
    omitted: count.describe('How many items are left out for want of room.'),
    nextSteps: z.array(z.object({ text: z.string(), command: z.string().optional() })),
    fullReport: z.string().optional().describe('Where the unabridged text is kept.'),
  })
  .describe(
    'A message of keysweep to people, for programs. Texts may hold anything: escape them where you show them. Later versions of this schema may add properties, but remove or change none.',
  );

export function noticeJsonSchema(): Record<string, unknown> {
  return publishedSchema('keysweep notice, version 1', noticeSchema);
}
