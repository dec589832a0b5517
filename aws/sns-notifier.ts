import { type MessageAttributeValue, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { attributesOf } from '../core/channels/message-attributes.ts';
import { KeysweepError } from '../core/error.ts';
import { given } from '../core/given.ts';
import type { Notice } from '../core/notice.ts';
import type { Forwarder, Notifier } from '../core/ports.ts';
import { describeError, toKeysweepError } from './errors.ts';
import { noticeTexts } from './notice-texts.ts';
import type { AwsSession } from './session.ts';
import { subscriptionReads } from './sns-subscriptions.ts';
import { regionOfTopic } from './topic-arn.ts';

/** Limits of Publish. Attributes count toward the size. Source: the SNS API reference. */
const longestSubject = 99;
const largestMessage = 256 * 1024;

/**
 * Publishes notices to an SNS topic, in the topic's own region: one message with a text for each protocol, and the
 * attributes `kind`, `severity`, `account` and, for an alert, `newFindings` for filter policies.
 *
 * Shortens the subject to fit, because a notice must not fail for its title. An empty body, or parts that are too large
 * together, are an error: the caller decides what to leave out.
 *
 * Throws KeysweepError TopicInvalid. `publish` throws KeysweepError NoticeEmpty, NoticeTooLarge, or the error of SNS.
 */
export function createSnsNotifier(session: AwsSession, topicArn: string, forwarder?: Forwarder): Notifier {
  const region = regionOfTopic(topicArn);
  const sns = session.client('sns', SNSClient, { region });
  return {
    ...subscriptionReads(sns, topicArn),
    ...given({ forwarder }),
    publish: async (notice: Notice) => {
      if (notice.body.trim() === '') throw new KeysweepError('NoticeEmpty', 'a notice without a body was not sent');
      const Message = JSON.stringify(noticeTexts(notice));
      const MessageAttributes = messageAttributes(notice);
      checkSize(Message, MessageAttributes);
      const Subject = fitSubject(notice.subject);
      try {
        const { MessageId = '' } = await sns.send(
          new PublishCommand({ TopicArn: topicArn, Subject, Message, MessageStructure: 'json', MessageAttributes }),
        );
        return { messageId: MessageId };
      } catch (error) {
        throw refusal(error, topicArn, region);
      }
    },
  };
}

function messageAttributes(notice: Notice): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributesOf(notice)).map(([name, value]) => {
      return [name, { DataType: typeof value === 'number' ? 'Number' : 'String', StringValue: String(value) }];
    }),
  );
}

/** The error of SNS; for a missing topic, with its ARN. */
function refusal(error: unknown, topicArn: string, region: string): KeysweepError {
  const known = toKeysweepError(error, 'sns:Publish');
  if (known.code !== 'NotFound') return known;
  return new KeysweepError('NotFound', `there is no SNS topic ${topicArn}: ${describeError(error)}`, {
    cause: error,
    hint: `Check its name, account and region. To list the topics: aws sns list-topics --region ${region}`,
  });
}

/** One line of printable ASCII under 100 characters, as SNS requires for a subject. */
export function fitSubject(subject: string): string {
  const line = subject
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[^ -~]+/gu, '?')
    .trim();
  if (line === '') return 'keysweep';
  return line.length <= longestSubject ? line : `${line.slice(0, longestSubject - 3)}...`;
}

function checkSize(message: string, attributes: Readonly<Record<string, MessageAttributeValue>>): void {
  const sizes = Object.entries(attributes).map(([name, { DataType = '', StringValue = '' }]) =>
    bytesOf(name + DataType + StringValue),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, bytesOf(message));
  if (bytes <= largestMessage) return;
  throw new KeysweepError(
    'NoticeTooLarge',
    `a notice of ${bytes} bytes was not sent; the limit of SNS is ${largestMessage}`,
    {
      hint: 'Send a summary that links to the full report.',
    },
  );
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
