import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { given } from '../core/given.ts';
import { subscribeByEmail } from './email-subscriptions.ts';
import type { NoticeTopicProps } from './notice-topic.ts';

/**
 * The SNS topic for the CloudWatch alarms: names of alarms and their states, no findings and no users. TLS only.
 *
 * Encrypted on disk by SNS itself unless there is a customer managed key: CloudWatch cannot publish to a topic with the
 * key `alias/aws/sns`. Only alarms of this account and region may publish to it, besides principals of this account whose
 * own policies allow it.
 */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, { email = [], encryptionKey }: NoticeTopicProps = {}) {
    super(scope, id, {
      displayName: 'keysweep alarms',
      enforceSSL: true,
      ...given({ masterKey: encryptionKey }),
    });
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:*` },
        },
      }),
    );
    subscribeByEmail(this, email);
  }
}
