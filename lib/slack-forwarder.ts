import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { given } from '../core/given.ts';
import type { Duration as Milliseconds } from '../core/model.ts';
import { type ArchiveBucket, archivePrefixes } from './archive-bucket.ts';
import { HandlerFunction, type HandlerPlatform } from './handler-function.ts';
import { acknowledgePrefixes, putObjects } from './permissions.ts';

/** What to post, and where. */
export interface SlackForwarderProps extends HandlerPlatform {
  /** ARN of the secret that contains the URL of a Slack incoming webhook. */
  readonly webhookSecretArn: string;
  /** What is posted. */
  readonly topics: readonly Topic[];
  /** Stores a receipt of each posted message. */
  readonly archive: ArchiveBucket;
  /** How long its log is kept, in milliseconds. */
  readonly logRetention: Milliseconds;
  /** Encrypts log and dead letters; the secret may use it as well. @default - keys of the services */
  readonly encryptionKey?: IKey;
}

/**
 * Posts the messages of topics to a Slack incoming webhook, for teams without Amazon Q Developer. A message that cannot be
 * posted, or that SNS cannot deliver to the function, ends in its queue.
 */
export class SlackForwarder extends HandlerFunction {
  constructor(scope: Construct, id: string, props: SlackForwarderProps) {
    const { webhookSecretArn, topics, archive, logRetention, encryptionKey } = props;
    super(scope, id, {
      description: 'keysweep: posts messages to a Slack incoming webhook',
      handler: 'forwarder/index',
      environment: { KEYSWEEP_SLACK_WEBHOOK_SECRET: webhookSecretArn, KEYSWEEP_BUCKET: archive.bucketName },
      permissions: [
        new PolicyStatement({
          sid: 'ReadWebhook',
          actions: ['secretsmanager:GetSecretValue'],
          resources: [webhookSecretArn],
        }),
        putObjects('KeepReceipts', archive, [archivePrefixes.receipts]),
      ],
      logRetention,
      ...given({ architecture: props.architecture, vpc: props.vpc }),
      // Enough for a few answers of "slow down"; Lambda retries twice.
      timeout: Duration.minutes(1),
      memorySize: 256,
      ...(encryptionKey !== undefined && { encryptionKey, keyedServices: ['s3', 'secretsmanager'] }),
    });
    for (const topic of topics) {
      topic.addSubscription(new LambdaSubscription(this.function, { deadLetterQueue: this.deadLetters }));
    }
    acknowledgePrefixes(this.role, archive, [archivePrefixes.receipts]);
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray writes have no resource types in IAM.',
    });
  }
}
