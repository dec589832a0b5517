import { type MessageAttributeValue, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { KeysweepError } from '../core/error.ts';
import type { Notice } from '../core/notice.ts';
import type { Notifier } from '../core/ports.ts';
import { toKeysweepError } from './errors.ts';
import { noticeTexts } from './notice-texts.ts';
import type { AwsSession } from './session.ts';

/** Limits of Publish. Attributes count towards the size. Source: the SNS API reference. */
const longestSubject = 99;
const largestMessage = 256 * 1024;

/**
 * Publishes notices to an SNS topic, in the topic's own region: one message that holds a text for each protocol, with
 * the attributes `kind`, `severity` and `account` for filter policies.
 *
 * The subject is made to fit, because a notice must not fail for its title. A body that is empty, or parts that are too
 * large together, are an error: what to leave out is the caller's decision.
 *
 * Throws KeysweepError TopicInvalid. `publish` throws KeysweepError NoticeEmpty, NoticeTooLarge, or what SNS says.
 */
export function createSnsNotifier(session: AwsSession, topicArn: string): Notifier {
  const sns = session.client('sns', SNSClient, regionOfTopic(topicArn));
  return {
    publish: async (notice: Notice) => {
      if (notice.body.trim() === '') throw new KeysweepError('NoticeEmpty', 'a notice without a body was not sent');
      const Message = JSON.stringify(noticeTexts(notice));
      const MessageAttributes = attributesOf(notice);
      checkSize(Message, MessageAttributes);
      const Subject = fitSubject(notice.subject);
      try {
        await sns.send(
          new PublishCommand({ TopicArn: topicArn, Subject, Message, MessageStructure: 'json', MessageAttributes }),
        );
      } catch (error) {
        throw toKeysweepError(error, 'sns:Publish');
      }
    },
  };
}

function attributesOf({ kind, severity, account }: Notice): Record<string, MessageAttributeValue> {
  return {
    kind: { DataType: 'String', StringValue: kind },
    severity: { DataType: 'String', StringValue: severity },
    account: { DataType: 'String', StringValue: account },
  };
}

function regionOfTopic(topicArn: string): string {
  const [, region, name = ''] = /^arn:aws[\w-]*:sns:([a-z\d-]+):\d{12}:([\w.-]{1,256})$/.exec(topicArn) ?? [];
  if (region === undefined) {
    throw new KeysweepError('TopicInvalid', `not the ARN of an SNS topic: ${JSON.stringify(topicArn)}`, {
      hint: 'it looks like arn:aws:sns:eu-central-1:123456789012:keysweep-alerts',
    });
  }
  if (name.endsWith('.fifo')) {
    throw new KeysweepError('TopicInvalid', `a FIFO topic cannot reach people: ${JSON.stringify(topicArn)}`, {
      hint: 'use a standard topic; FIFO topics deliver to SQS queues only',
    });
  }
  return region;
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
