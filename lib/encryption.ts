import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** Services that use a customer managed key on behalf of their callers, by endpoint prefix. */
export type KeyedService = 'dynamodb' | 's3' | 'secretsmanager' | 'sns' | 'sqs';

/**
 * The permissions that a role needs for a customer managed key: only through these services, encrypt and decrypt with it.
 * None without a key: the keys of AWS need no permission.
 *
 * Sources: the developer guides of the services. Publishing, sending and putting objects need a data key, and SNS and
 * SQS decrypt it at once; DynamoDB decrypts the key of the table for each caller.
 */
export function keyUse(key: IKey | undefined, services: readonly KeyedService[]): PolicyStatement[] {
  if (key === undefined) return [];
  return [
    new PolicyStatement({
      sid: 'UseKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [key.keyArn],
      conditions: {
        // The end depends on the partition, and is not documented for all of them: amazonaws.com, amazonaws.com.cn.
        // KMS sets the value, so that a wildcard there lets nothing else in.
        StringLike: { 'kms:ViaService': services.map((service) => `${service}.${Aws.REGION}.amazonaws.*`) },
      },
    }),
  ];
}
