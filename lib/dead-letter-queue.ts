import { Duration, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface DeadLetterQueueProps {
  /** @default - an SQS managed key, at no cost */
  readonly encryptionKey?: IKey;
}

/** Keeps what could not be delivered or done for a person to look at: 14 days, the maximum of SQS. Free when empty. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string, { encryptionKey }: DeadLetterQueueProps = {}) {
    super(scope, id, {
      ...(encryptionKey === undefined
        ? { encryption: QueueEncryption.SQS_MANAGED }
        : { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This queue is a dead-letter queue itself; nothing consumes it automatically.',
    });
  }
}
