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

/** Limits of Publish. Attributes count towards the size. Source: the SNS API reference. */
const longestSubject = 99;
const largestMessage = 256 * 1024;

/**
 * Publishes notices to an SNS topic, in the topic's own region: one message that holds a text for each protocol, with
 * the attributes `kind`, `severity`, `account` and, of an alert, `newFindings` for filter policies.
 *
 * The subject is made to fit, because a notice must not fail for its title. A body that is empty, or parts that are too
 * large together, are an error: what to leave out is the caller's decision.
 *
 * Throws KeysweepError TopicInvalid. `publish` throws KeysweepError NoticeEmpty, NoticeTooLarge, or what SNS says.
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

/** What SNS says; of a topic that does not exist also which one it was. */
function refusal(error: unknown, topicArn: string, region: string): KeysweepError {
  const known = toKeysweepError(error, 'sns:Publish');
  if (known.code !== 'NotFound') return known;
  return new KeysweepError('NotFound', `there is no SNS topic ${topicArn}: ${describeError(error)}`, {
    cause: error,
    hint: `check its name, account and region; to list those of an account: aws sns list-topics --region ${region}`,
  });
}

/** One line of printable ASCII under 100 characters, as SNS demands of a subject. */
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
  throw new KeysweepError('NoticeTooLarge', `a notice of ${bytes} bytes was not sent; SNS takes ${largestMessage}`, {
    hint: 'send a summary that points to the full report',
  });
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
