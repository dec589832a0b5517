/**
 * The schema of keysweep.yaml. Everything is optional but `version`; {@link resolvePolicy} fills in the defaults.
 * The descriptions end up in the JSON Schema that editors show.
 */
import { z } from 'zod';
import { DAY, formatDuration, MINUTE, parseDuration } from '../duration.ts';
import { type Duration, severities } from '../model.ts';
import { ruleIds } from '../rules/ids.ts';
import { defaultPolicy } from './defaults.ts';

const durationPattern = /^\d{1,10}[smhdw]$/;

function duration(description: string, byDefault?: Duration, shortest: Duration = 0) {
  const least = shortest === 0 ? '' : ` of ${formatDuration(shortest)} or more`;
  const expected = `a duration${least} such as 45d, 12h or 30m`;
  return z
    .string({ error: `expected ${expected}` })
    .regex(durationPattern, { error: `expected ${expected}` })
    .transform((text, context) => {
      const value = parseDuration(text);
      if (value !== undefined && value >= shortest) return value;
      context.issues.push({ code: 'custom', message: `expected ${expected}, a century at most`, input: text });
      return z.NEVER;
    })
    .meta({ description: byDefault === undefined ? description : withDefault(description, formatDuration(byDefault)) });
}

/** Defaults stand in the description: JSON Schema has no room for one on a value that is transformed. */
function withDefault(description: string, byDefault: string): string {
  return `${description} Default: ${byDefault}.`;
}

function oneOf<const T extends readonly [string, ...string[]]>(values: T, description: string) {
  return z.enum(values, { error: `expected one of ${values.join(', ')}` }).meta({ description });
}

function text(expected: string, pattern: RegExp, description: string) {
  return z
    .string({ error: `expected ${expected}` })
    .regex(pattern, { error: `expected ${expected}` })
    .meta({ description });
}

function date(description: string) {
  return text('a date such as 2027-06-30', /^\d{4}-\d\d-\d\d$/, description).refine(isDate, {
    error: 'expected a date that exists, such as 2027-06-30',
  });
}

function isDate(candidate: string): boolean {
  const value = new Date(`${candidate}T00:00:00Z`);
  return !Number.isNaN(value.getTime()) && value.toISOString().startsWith(candidate);
}

const glob = (description: string) =>
  text(
    'a text or a glob with * and ?',
    /^.+$/s,
    `${description} Anchored glob: * for any run of characters, ? for one.`,
  );

const timezone = (description: string) =>
  z
    .string({ error: 'expected an IANA time zone such as Europe/Berlin' })
    .refine(isTimezone, { error: 'expected an IANA time zone such as Europe/Berlin' })
    .meta({ description: withDefault(description, 'UTC') });

function isTimezone(name: string): boolean {
  try {
    // Offsets such as +01:00 are fine for Intl but not for EventBridge Scheduler.
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

const cap = (description: string, byDefault: number) =>
  z
    .union(
      [
        z
          .int()
          .min(0)
          .transform((count) => ({ count })),
        z
          .string()
          .regex(/^(100|\d{1,2})%$/)
          .transform((percent) => ({ percent: Number.parseInt(percent, 10) })),
      ],
      { error: 'expected a whole number such as 10, or a percentage such as 5%' },
    )
    .meta({ description: withDefault(description, String(byDefault)) });

const { accessKeys, consolePasswords, root, limits } = defaultPolicy;

const accessKeyThresholds = z.strictObject({
  maxAge: duration('An active key older than this is too old.', accessKeys.maxAge, MINUTE).optional(),
  maxIdle: duration('An active key not used for this long or longer is unused.', accessKeys.maxIdle, MINUTE).optional(),
  neverUsedGrace: duration('A new key may stay unused for less than this.', accessKeys.neverUsedGrace).optional(),
  inUseWindow: duration('A key used more recently than this is in use.', accessKeys.inUseWindow).optional(),
  deactivateInUse: z
    .boolean({ error: 'expected true or false' })
    .meta({ description: withDefault('Deactivate keys that are too old even while they are in use.', 'false') })
    .optional(),
  warn: z
    .array(duration('Time before the deactivation.', undefined, MINUTE), {
      error: 'expected a list of durations such as [14d, 7d, 1d]',
    })
    .min(1, { error: 'expected at least one duration: notice always comes before a deactivation' })
    .refine((list) => list.every((item, index) => index === 0 || item < Number(list[index - 1])), {
      error: 'expected the longest duration first, and none twice, such as [14d, 7d, 1d]',
    })
    .meta({
      description: withDefault(
        'When notices go out before a deactivation. The first one starts the clock.',
        `[${accessKeys.warn.map(formatDuration).join(', ')}]`,
      ),
    })
    .optional(),
  deleteAfter: duration('From the recorded deactivation to the deletion.', accessKeys.deleteAfter, DAY).optional(),
  restoreGrace: duration('A restored key is left alone for this long.', accessKeys.restoreGrace, DAY).optional(),
  maxInactive: duration('An inactive key should be gone by then.', accessKeys.maxInactive).optional(),
});

const consolePasswordThresholds = z.strictObject({
  maxAge: duration('A password changed longer ago than this is too old. Off unless set.', undefined, MINUTE).optional(),
  maxIdle: duration(
    'A password not used for this long or longer is unused.',
    consolePasswords.maxIdle,
    MINUTE,
  ).optional(),
  neverUsedGrace: duration(
    'A new password may stay unused for less than this.',
    consolePasswords.neverUsedGrace,
  ).optional(),
});

const rootThresholds = z.strictObject({
  recentUse: duration('A more recent use of the root user is a finding.', root.recentUse).optional(),
});

const thresholds = {
  accessKeys: accessKeyThresholds.optional(),
  consolePasswords: consolePasswordThresholds.optional(),
  root: rootThresholds.optional(),
};

const principalMatch = {
  user: glob('User name, case ignored. Does not reach the root user.').optional(),
  path: glob('IAM path with both slashes, such as /machines/*.').optional(),
  arn: glob('ARN of the principal.').optional(),
  account: glob('Account id.').optional(),
  tag: z
    .record(z.string().min(1), glob('Value of the tag.'), {
      error: 'expected tag keys with values, such as { kind: machine }',
    })
    .refine((tags) => Object.keys(tags).length > 0, { error: 'expected at least one tag, such as { kind: machine }' })
    .meta({ description: 'Tags of the user; all of them must match.' })
    .optional(),
};

const keyIdMatch = { accessKeyId: glob('Access key id.').optional() };

function matchOf<T extends z.ZodRawShape>(shape: T) {
  const error = `expected at least one of ${Object.keys(shape).join(', ')}`;
  return z.strictObject(shape).refine((match) => Object.keys(match).length > 0, { error });
}

const override = z.strictObject({
  match: matchOf(principalMatch),
  // The root user is one per account, and is not matched: its thresholds stand at the top of the file.
  accessKeys: thresholds.accessKeys,
  consolePasswords: thresholds.consolePasswords,
});

const exemption = z.strictObject({
  match: matchOf({ ...principalMatch, ...keyIdMatch }),
  rules: z
    .union([z.literal('*'), z.array(oneOf(ruleIds, 'A rule id.')).min(1)], {
      error: `expected "*" or a list of rules, of ${ruleIds.join(', ')}`,
    })
    .meta({ description: 'The rules that are excused, or "*" for all.' }),
  reason: text('the reason for the exemption', /\S/, 'Why it is right to leave this alone.'),
  owner: text('who answers for the exemption', /\S/, 'Who answers for it, such as an e-mail address.'),
  expires: date('Last day (UTC) on which it holds. An expired exemption is a finding.'),
});

const ruleSetting = z
  .union(
    [
      oneOf(['on', 'off'], 'Switch.').transform((value) => ({ enabled: value === 'on' })),
      z
        .strictObject({ severity: oneOf(severities, 'Severity of its findings.') })
        .transform(({ severity }) => ({ enabled: true, severity })),
    ],
    { error: `expected on, off or { severity: ${severities.join(' | ')} }` },
  )
  .meta({ description: 'Switch a rule off, or change its severity.' });

const freeze = text(
  'two dates such as 2026-12-18/2027-01-04',
  /^\d{4}-\d\d-\d\d\/\d{4}-\d\d-\d\d$/,
  'First and last day.',
).transform((range, context) => {
  const [from = '', to = ''] = range.split('/');
  if (isDate(from) && isDate(to) && from <= to) return { from, to };
  context.issues.push({ code: 'custom', message: 'expected two dates that exist, the earlier first', input: range });
  return z.NEVER;
});

/** A dead letter lives 14 days; whoever sends it back a day later still finds the snapshot that it names. */
const shortestSnapshotRetention = 15 * DAY;

const slackChannel = z.strictObject(
  {
    workspace: text(
      'the id of a Slack workspace such as T0123456789',
      /^T[A-Z\d]{5,}$/,
      'Slack workspace that Amazon Q Developer in chat applications is authorized for, by its id (T...).',
    ),
    channel: text(
      'the id of a Slack channel such as C0123456789, which is not its name',
      /^[CG][A-Z\d]{5,}$/,
      'Slack channel that alerts, digests and alarms are posted to, by its id (C...).',
    ),
  },
  { error: 'expected a workspace and a channel, such as { workspace: T0123456789, channel: C0123456789 }' },
);

/**
 * AWS allows 50 tags a resource; one is keysweep's own. Source: the AWS General Reference, tag naming limits. IAM does not
 * tell keys apart by case, and would refuse the roles in the middle of a deployment. Source: the IAM user guide, tagging.
 */
const tags = z
  .record(
    z.string().regex(tagPattern(1, 128)),
    text(
      'a text such as "4711", of 256 characters at most: letters, digits, blanks and _.:/=+-@',
      tagPattern(0, 256),
      'Value of the tag.',
    ),
    { error: 'expected tag keys with values, such as { cost-center: "4711" }; no key begins with aws:' },
  )
  .refine((given) => Object.keys(given).length < 50, { error: 'expected 49 tags at most' })
  .refine(areToldApart, { error: 'expected keys that differ by more than case; application is set by keysweep itself' })
  .meta({ description: 'Tags of every resource that can have any, beside application: keysweep.' });

function areToldApart(given: Readonly<Record<string, string>>): boolean {
  const keys = ['application', ...Object.keys(given).map((key) => key.toLowerCase())];
  return new Set(keys).size === keys.length;
}

function tagPattern(shortest: number, longest: number): RegExp {
  return new RegExp(`^(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{${shortest},${longest}}$`, 'u');
}

/** The contents of keysweep.yaml. Its output has durations in milliseconds. */
export const policyFileSchema = z
  .strictObject({
    version: z.literal(1, { error: 'expected version: 1' }).meta({ description: 'Version of this format.' }),
    mode: oneOf(
      ['audit', 'warn', 'enforce'],
      withDefault('audit: findings only. warn: notices too. enforce: acts.', defaultPolicy.mode),
    ).optional(),
    ...thresholds,
    limits: z
      .strictObject({
        maxDeactivations: cap('Deactivations per sweep; the rest waits.', 10).optional(),
        maxDeletions: cap('Deletions per sweep; the rest waits.', 5).optional(),
        maxReportAge: duration(
          'An older credential report leads to no action.',
          limits.maxReportAge,
          MINUTE,
        ).optional(),
      })
      .optional(),
    calendar: z
      .strictObject({
        timezone: timezone('Time zone of days and freezes.').optional(),
        days: z
          .array(oneOf(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], 'Weekday.'), {
            error: 'expected a list of weekdays such as [Mon, Tue]',
          })
          .min(1, { error: 'expected at least one weekday; to do nothing at all use mode: warn' })
          .meta({
            description: withDefault(
              'Weekdays on which credentials may be deactivated or deleted.',
              `[${defaultPolicy.calendar.days.join(', ')}]`,
            ),
          })
          .optional(),
        freeze: z.array(freeze, { error: 'expected a list such as [2026-12-18/2027-01-04]' }).optional(),
      })
      .optional(),
    overrides: z
      .array(override, { error: 'expected a list' })
      .meta({ description: 'Other thresholds for some users; the first match wins.' })
      .optional(),
    exemptions: z.array(exemption, { error: 'expected a list' }).optional(),
    rules: z.partialRecord(z.enum(ruleIds), ruleSetting, { error: 'expected rule ids with settings' }).optional(),
    notices: z
      .strictObject({
        ownerTag: text(
          'a tag key',
          /^.{1,128}$/s,
          withDefault('The user tag that names who owns the credentials of a user.', defaultPolicy.notices.ownerTag),
        ).optional(),
      })
      .optional(),
    deployment: z
      .strictObject({
        schedule: z
          .strictObject({
            at: text(
              'a time of day such as 02:30',
              /^([01]\d|2[0-3]):[0-5]\d$/,
              withDefault('When the nightly sweep starts, HH:MM.', defaultPolicy.deployment.schedule.at),
            ).optional(),
            timezone: timezone('Time zone of the schedule; that of the calendar unless set.').optional(),
            flexibleWindow: duration(
              'The sweep starts within this time; 0m for exactly then, 24h at most.',
              defaultPolicy.deployment.schedule.flexibleWindow,
            )
              .refine((value) => value <= DAY && value % MINUTE === 0, { error: 'expected whole minutes, 24h at most' })
              .optional(),
          })
          .optional(),
        email: z
          .array(z.email({ error: 'expected an e-mail address' }), { error: 'expected a list of e-mail addresses' })
          .meta({ description: 'Who gets alerts, digests and alarms.' })
          .optional(),
        logRetention: duration('How long logs are kept.', defaultPolicy.deployment.logRetention, DAY).optional(),
        snapshotRetention: duration(
          'How long snapshots of audits and full reports are kept.',
          defaultPolicy.deployment.snapshotRetention,
          shortestSnapshotRetention,
        ).optional(),
        slack: slackChannel.optional(),
        slackWebhookSecret: text(
          'the full ARN of a Secrets Manager secret, with the six characters at its end',
          /^arn:aws[\w-]*:secretsmanager:[a-z\d-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z\d]{6}$/,
          'ARN of the secret whose text is the URL of a Slack incoming webhook; for teams without Amazon Q Developer.',
        ).optional(),
        dashboard: z
          .boolean({ error: 'expected true or false' })
          .meta({
            description: withDefault('Make a CloudWatch dashboard.', String(defaultPolicy.deployment.dashboard)),
          })
          .optional(),
        permissionsBoundary: text(
          'the ARN of a managed policy such as arn:aws:iam::111122223333:policy/boundary',
          /^arn:aws[\w-]*:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]+$/,
          'ARN of the managed policy that bounds every role of the deployment.',
        ).optional(),
        encryptionKey: text(
          'the ARN of a KMS key (not of an alias), such as arn:aws:kms:eu-central-1:111122223333:key/ID',
          /^arn:aws[\w-]*:kms:[a-z\d-]+:\d{12}:key\/[\w-]+$/,
          'ARN of the KMS key that encrypts topics, queues, logs, bucket and ledger. Without it keys of AWS do, which cost nothing.',
        ).optional(),
        tags: tags.optional(),
      })
      .meta({ description: 'What cdk deploy makes of this file.' })
      .optional(),
  })
  .meta({ title: 'keysweep policy', description: 'What keysweep finds, warns about, deactivates and deletes.' });

/** What the file says, checked, with durations in milliseconds, before defaults. */
export type PolicyFile = z.output<typeof policyFileSchema>;
