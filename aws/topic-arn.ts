import { KeysweepError } from '../core/error.ts';

/** The region of a topic that can reach people. Throws KeysweepError TopicInvalid. */
export function regionOfTopic(topicArn: string): string {
  const [, region, name = ''] = /^arn:aws[\w-]*:sns:([a-z\d-]+):\d{12}:([\w.-]{1,256})$/.exec(topicArn) ?? [];
  if (region === undefined) {
    throw new KeysweepError('TopicInvalid', `not an SNS topic ARN: ${JSON.stringify(topicArn)}`, {
      hint: 'Give an ARN such as arn:aws:sns:eu-central-1:123456789012:keysweep-alerts.',
    });
  }
  if (name.endsWith('.fifo')) {
    throw new KeysweepError('TopicInvalid', `a FIFO topic cannot reach people: ${JSON.stringify(topicArn)}`, {
      hint: 'Use a standard topic. FIFO topics deliver to SQS queues only.',
    });
  }
  return region;
}
