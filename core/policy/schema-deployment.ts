/** Schema of the section `deployment`: the settings for `cdk deploy`. */
import { z } from 'zod';
import { DAY, MINUTE } from '../duration.ts';
import { defaultPolicy } from './defaults.ts';
import { duration, oneOf, text, timezone, withDefault } from './schema-values.ts';

const { deployment } = defaultPolicy;

/** Dead letters are kept for 14 days; one that is redriven a day later still finds the snapshot that it names. */
const shortestSnapshotRetention = 15 * DAY;

const slackChannel = z
  .strictObject(
    {
      workspace: text(
        'the id of a Slack workspace such as T0123456789',
        /^T[A-Z\d]{5,}$/,
        'Id of the Slack workspace (T...) that is authorized in Amazon Q Developer in chat applications.',
      ),
      channel: text(
        'the id of a Slack channel such as C0123456789, not its name',
        /^[CG][A-Z\d]{5,}$/,
        'Id of the Slack channel (C...) that gets alerts, digests and alarms.',
      ),
    },
    { error: 'expected a workspace and a channel, such as { workspace: T0123456789, channel: C0123456789 }' },
  )
  .meta({ description: 'Slack channel that gets the messages, through Amazon Q Developer in chat applications.' });

/**
 * AWS allows 50 tags per resource; one is keysweep's own. Source: the AWS General Reference, tag naming limits. IAM ignores
 * case in tag keys, and would reject the roles in the middle of a deployment. Source: the IAM User Guide, tagging.
 */
const tags = z
  .record(
    z.string().regex(tagPattern(1, 128)),
    text(
      'a string such as "4711", of at most 256 characters: letters, digits, spaces and _.:/=+-@',
      tagPattern(0, 256),
      'Value of the tag.',
    ),
    { error: 'expected tag keys with values, such as { cost-center: "4711" }; keys must not begin with aws:' },
  )
  .refine((given) => Object.keys(given).length < 50, { error: 'expected at most 49 tags' })
  .refine(areDistinct, { error: 'expected keys that differ in more than case; application is set by keysweep itself' })
  .meta({ description: 'Tags of every resource that supports tags, besides application: keysweep.' });

function areDistinct(given: Readonly<Record<string, string>>): boolean {
  const keys = ['application', ...Object.keys(given).map((key) => key.toLowerCase())];
  return new Set(keys).size === keys.length;
}

function tagPattern(shortest: number, longest: number): RegExp {
  return new RegExp(`^(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{${shortest},${longest}}$`, 'u');
}

/** Role names have at most 64 characters, and `slack-channel` is the longest end. Source: the IAM User Guide, quotas. */
const roles = z
  .strictObject(
    {
      path: text(
        'an IAM path with both slashes such as /security/',
        /^\/(?:[\w+=,.@-]{1,128}\/){0,3}$/,
        'IAM path of every role, with both slashes. Choose it before the first deployment: it cannot change later.',
      ).optional(),
      prefix: text(
        'at most 48 letters, digits and _+=,.@- such as keysweep-',
        /^[\w+=,.@-]{1,48}$/,
        'What the names of the roles begin with: prefixauditor, prefixrotator and so on. Without it, CloudFormation names them.',
      ).optional(),
    },
    { error: 'expected a path or a prefix, such as { path: /security/, prefix: keysweep- }' },
  )
  .refine((given) => Object.keys(given).length > 0, { error: 'expected a path or a prefix' })
  .meta({ description: 'Path and names of the roles.' });

/** Lambda accepts at most 16 subnets and 5 security groups. Source: the Lambda API reference, VpcConfig. */
const vpc = z
  .strictObject(
    {
      subnets: ids('subnet', 16, 'Ids of the subnets, all in one VPC and with a route to the APIs of AWS.'),
      securityGroups: ids('sg', 5, 'Ids of the security groups. Outgoing HTTPS must be allowed.'),
    },
    {
      error:
        'expected subnets and security groups, such as { subnets: [subnet-0abc1234], securityGroups: [sg-0abc1234] }',
    },
  )
  .meta({ description: 'Network of the functions, if it is not that of Lambda.' });

function ids(kind: 'sg' | 'subnet', most: number, description: string) {
  const expected = `a list of 1 to ${most} ids such as ${kind}-0abc1234`;
  return z
    .array(text(`an id such as ${kind}-0abc1234`, new RegExp(`^${kind}-[\\da-f]{8,17}$`), description), {
      error: `expected ${expected}`,
    })
    .min(1, { error: `expected ${expected}` })
    .max(most, { error: `expected ${expected}` })
    .refine((given) => new Set(given).size === given.length, { error: 'expected each id once' })
    .meta({ description });
}

export const deploymentSection = z
  .strictObject({
    schedule: z
      .strictObject({
        at: text(
          'a time of day such as 02:30',
          /^([01]\d|2[0-3]):[0-5]\d$/,
          withDefault('When the nightly sweep starts, HH:MM.', deployment.schedule.at),
        ).optional(),
        timezone: timezone('Time zone of the schedule, if not that of the calendar.').optional(),
        flexibleWindow: duration(
          'The sweep starts up to this long after that time; 0m: exactly then. At most 24h.',
          deployment.schedule.flexibleWindow,
        )
          .refine((value) => value <= DAY && value % MINUTE === 0, { error: 'expected whole minutes, at most 24h' })
          .optional(),
      })
      .meta({ description: 'When the nightly audit and sweep start.' })
      .optional(),
    firstAudit: z
      .boolean({ error: 'expected true or false' })
      .meta({
        description: withDefault(
          'Audit right after the deployment that creates the stack. No sweep follows it: nothing is changed before the first night.',
          String(deployment.firstAudit),
        ),
      })
      .optional(),
    email: z
      .array(z.email({ error: 'expected an e-mail address' }), { error: 'expected a list of e-mail addresses' })
      .meta({ description: 'E-mail addresses that get alerts, digests and alarms.' })
      .optional(),
    noRecipients: oneOf(
      ['accepted'],
      'Accepts a deployment in mode warn or enforce without a recipient: you subscribe channels yourself. Until a channel that reaches people is confirmed, no clock starts and nothing is changed.',
    ).optional(),
    logRetention: duration('How long logs are kept.', deployment.logRetention, DAY).optional(),
    snapshotRetention: duration(
      'How long snapshots of audits and full reports are kept.',
      deployment.snapshotRetention,
      shortestSnapshotRetention,
    ).optional(),
    slack: slackChannel.optional(),
    slackConfiguration: text(
      'the ARN of a Slack channel configuration such as arn:aws:chatbot::111122223333:chat-configuration/slack-channel/security',
      /^arn:aws[\w-]*:chatbot::\d{12}:chat-configuration\/slack-channel\/[\w-]{1,128}$/,
      'ARN of an existing Slack channel configuration of Amazon Q Developer, for a channel that is configured already. The stack cannot add its topics to it: you do.',
    ).optional(),
    slackWebhookSecret: text(
      'the full ARN of a Secrets Manager secret, including the six characters at the end',
      /^arn:aws[\w-]*:secretsmanager:[a-z\d-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z\d]{6}$/,
      'ARN of the secret that contains the URL of a Slack incoming webhook, for teams without Amazon Q Developer.',
    ).optional(),
    dashboard: z
      .boolean({ error: 'expected true or false' })
      .meta({
        description: withDefault('Create a CloudWatch dashboard.', String(deployment.dashboard)),
      })
      .optional(),
    stackName: text(
      'a letter, then up to 127 letters, digits and hyphens',
      /^[A-Za-z][A-Za-z\d-]{0,127}$/,
      withDefault(
        'Name of the stack of cdk deploy. Another name is another installation: choose it before the first deployment.',
        'Keysweep',
      ),
    ).optional(),
    architecture: oneOf(
      ['arm64', 'x86_64'],
      'Instruction set of the functions. Default: arm64 in the commercial partition, x86_64 elsewhere.',
    ).optional(),
    roles: roles.optional(),
    vpc: vpc.optional(),
    permissionsBoundary: text(
      'the ARN of a managed policy such as arn:aws:iam::111122223333:policy/boundary',
      /^arn:aws[\w-]*:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]+$/,
      'ARN of the managed policy that is the permissions boundary of every role of the deployment.',
    ).optional(),
    encryptionKey: text(
      'the ARN of a KMS key (not of an alias), such as arn:aws:kms:eu-central-1:111122223333:key/ID',
      /^arn:aws[\w-]*:kms:[a-z\d-]+:\d{12}:key\/[\w-]+$/,
      'ARN of the KMS key that encrypts topics, queues, logs, bucket and ledger. Without it, AWS encrypts with its own keys, at no cost.',
    ).optional(),
    ledgerTable: text(
      'the name of a DynamoDB table in the account and region of the stack (not its ARN): 3 to 255 letters, digits and _.-',
      /^[\w.-]{3,255}$/,
      'Name of an existing ledger table to continue, such as one restored from a backup. Without it, the stack creates the table.',
    ).optional(),
    tags: tags.optional(),
  })
  .refine(({ slack, slackConfiguration }) => slack === undefined || slackConfiguration === undefined, {
    path: ['slackConfiguration'],
    error:
      'expected only one of slack and slackConfiguration: slack configures a channel, slackConfiguration names one that is configured already',
  })
  .meta({ description: 'Settings for cdk deploy.' });
