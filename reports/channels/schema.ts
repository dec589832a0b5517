/** The published shape of `keysweep channels --output json`: docs/schemas/channels-v1.schema.json is made of this. */
import { z } from 'zod';
import { account, publishedSchema, time } from '../schema-parts.ts';

const channel = z
  .object({
    kind: z
      .enum(['email', 'sms', 'chat', 'forwarder', 'declared', 'other'])
      .describe(
        '`chat`: Amazon Q Developer. `forwarder`: the function of keysweep that posts to Slack. `declared`: in notices.channels.',
      ),
    protocol: z.string().describe('As SNS names it: `email`, `sqs`, ...'),
    endpoint: z.string(),
    state: z
      .enum(['confirmed', 'pending', 'deleted', 'missing'])
      .describe(
        '`pending`: no one has confirmed it. `deleted`: it was unsubscribed. `missing`: the policy names it, and it is not subscribed.',
      ),
    reach: z
      .enum(['reaches', 'forwards', 'may-reach', 'unnamed', 'no', 'unknown'])
      .describe(
        'Whether people read its messages. `forwards`: each message that the forwarder has posted counts. `may-reach`: that depends on the message. `unnamed`: someone reads it, but the policy names others, so it does not count. `unknown`: that cannot be determined, so it does not count.',
      ),
    configured: z
      .boolean()
      .describe('The policy names it; where the policy lists no addresses, any address counts as named.'),
    why: z.string().describe('Why it counts or does not, for people.'),
    advice: z.string().optional().describe('What to do, for people; absent where nothing is to be done.'),
    command: z.string().optional().describe('A command that does it.'),
    subscriptionArn: z.string().optional().describe('Of a confirmed one.'),
    endsWithoutSignIn: z
      .boolean()
      .describe('Anyone who has one of its messages can unsubscribe it without signing in.'),
  })
  .describe('One way from a topic to people, or what only looks like one.');

const topic = z.object({
  topicArn: z.string(),
  verdict: z
    .enum(['reached', 'forwarder', 'maybe', 'no-one', 'unknown'])
    .describe(
      '`forwarder`: no channel but the forwarder, which counts for each message that it has posted. `maybe`: that depends on the message. `unknown`: that cannot be determined.',
    ),
  sound: z
    .boolean()
    .describe('People are reached, and every configured address, chat and forwarder gets the messages.'),
  why: z.string().optional().describe('Why it is not certain that people are reached, for people.'),
  channels: z.array(channel).describe('Empty where they cannot be read: then `verdict` is `unknown`.'),
  confirmCommand: z
    .string()
    .optional()
    .describe(
      'Where a subscription can be ended without a sign-in: confirms it so that it cannot. TOKEN is in the link of the message that AWS sends when the address is subscribed again.',
    ),
});

const key = z
  .object({
    keyArn: z.string(),
    checked: z.boolean().describe('Whether its policy was read, or given by --key-policy.'),
    why: z.string().optional().describe('Why it could not be read.'),
    uses: z
      .array(
        z.object({
          use: z
            .enum(['roles', 'alarms', 'handover', 'slack', 'logs'])
            .describe(
              '`handover`: dead letters of the rule that starts a sweep. `slack`: dead letters of the forwarder.',
            ),
          principal: z.string(),
          verdict: z
            .enum(['allowed', 'missing', 'uncertain'])
            .describe('`uncertain`: a statement has a condition or a denial that is not evaluated.'),
          why: z.string().optional().describe('Absent if it is allowed.'),
          without: z.string().describe('What does not work without it, for people.'),
          statement: z.record(z.string(), z.unknown()).describe('The statement of a key policy that allows it.'),
        }),
      )
      .describe('Empty if it was not checked.'),
  })
  .describe('The key that deployment.encryptionKey names.');

export const channelsSchema = z
  .object({
    schema: z.literal('keysweep/channels/v1'),
    account: z.object({ id: account.shape.id, partition: account.shape.partition }).describe('Of the caller.'),
    asOf: time,
    sound: z
      .boolean()
      .describe(
        'Every topic is, the key policy allows what is needed if it was checked, and nothing failed: exit code 0, otherwise 2.',
      ),
    topics: z.array(topic),
    subscribed: z
      .array(z.object({ topicArn: z.string(), protocol: z.literal('email'), endpoint: z.string() }))
      .describe('What --fix has asked SNS to subscribe: it is pending until the address confirms.'),
    key: key.optional(),
    problems: z.array(z.string()).describe('What --fix could not do, for people.'),
  })
  .describe('The channels of topics. Later versions of this schema may add properties, but remove or change none.');

export function channelsJsonSchema(): Record<string, unknown> {
  return publishedSchema('keysweep channels, version 1', channelsSchema);
}
