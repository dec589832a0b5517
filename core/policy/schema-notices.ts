/** Schema of the section `notices`: how people are notified. */
import { z } from 'zod';
import { defaultPolicy } from './defaults.ts';
import { judgeTagKey } from './match-problems.ts';
import { judged, oneOf, text, withDefault } from './schema-values.ts';

/** The protocols of SNS. Source: the SNS API reference, Subscribe. */
const protocols = ['email', 'email-json', 'sms', 'http', 'https', 'sqs', 'lambda', 'firehose', 'application'] as const;

/** What SNS lists as the endpoint of a subscription of that protocol. */
const endpoints: Readonly<Record<(typeof protocols)[number], readonly [pattern: RegExp, expected: string]>> = {
  email: [/^[^@\s]+@[^@\s]+$/, 'an e-mail address'],
  'email-json': [/^[^@\s]+@[^@\s]+$/, 'an e-mail address'],
  sms: [/^\+?\d{5,15}$/, 'a phone number such as +4915112345678'],
  http: [/^http:\/\/\S+$/, 'a URL that begins with http://'],
  https: [/^https:\/\/\S+$/, 'a URL that begins with https://'],
  sqs: [/^arn:aws[\w-]*:sqs:\S+$/, 'the ARN of an SQS queue'],
  lambda: [/^arn:aws[\w-]*:lambda:\S+$/, 'the ARN of a Lambda function'],
  firehose: [/^arn:aws[\w-]*:firehose:\S+$/, 'the ARN of a delivery stream'],
  application: [/^arn:aws[\w-]*:sns:\S+$/, 'the ARN of a mobile endpoint'],
};

const channel = z
  .strictObject(
    {
      protocol: oneOf(protocols, 'Protocol of the subscription.'),
      endpoint: text('an endpoint', /^\S+$/, 'Endpoint of the subscription, exactly as SNS lists it.'),
    },
    { error: 'expected a subscription, such as { protocol: sqs, endpoint: "arn:aws:sqs:..." }' },
  )
  .superRefine(({ protocol, endpoint }, context) => {
    const [pattern, expected] = endpoints[protocol];
    if (pattern.test(endpoint)) return;
    context.addIssue({ code: 'custom', path: ['endpoint'], message: `expected ${expected}`, input: endpoint });
  });

export const noticesSection = z
  .strictObject({
    ownerTag: judged(
      'a tag key',
      judgeTagKey,
      withDefault('The user tag that names the owner of the credentials of a user.', defaultPolicy.notices.ownerTag),
    ).optional(),
    channels: z
      .array(channel, { error: 'expected a list of subscriptions' })
      .meta({
        description:
          'Subscriptions that reach people indirectly: a queue or function that forwards messages, or a subscription with a filter policy. Only these count as notifying people, besides e-mail, SMS and the Slack channel of the deployment.',
      })
      .optional(),
  })
  .meta({ description: 'Who is notified, and which channels count.' });
