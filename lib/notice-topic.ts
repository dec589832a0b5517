import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type CfnTopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { given } from '../core/given.ts';
import { subscribeByEmail } from './email-subscriptions.ts';

/** Who is notified, and how the messages are encrypted. */
export interface NoticeTopicProps {
  /**
   * E-mail addresses that get the messages. Each must confirm its subscription with the link that AWS sends.
   *
   * @default - none; subscribe other endpoints to the topic, otherwise no one is notified
   */
  readonly email?: readonly string[];
  /** @default - the AWS managed key `alias/aws/sns`, without a monthly fee */
  readonly encryptionKey?: IKey;
}

/**
 * An SNS topic for the messages of keysweep's functions to people: urgent alerts, or the nightly digest. Encrypted, TLS
 * only.
 *
 * The policy of the key `alias/aws/sns` lets every principal of this account that may publish use it through SNS, so a
 * function needs no KMS permission. It cannot be shared with AWS services (CloudWatch alarms, EventBridge) or other
 * accounts: those need their own topic, such as {@link AlarmTopic}, or a customer managed key.
 */
export class NoticeTopic extends Topic {
  constructor(scope: Construct, id: string, { email = [], encryptionKey }: NoticeTopicProps = {}) {
    super(scope, id, {
      displayName: 'keysweep',
      enforceSSL: true,
      ...given({ masterKey: encryptionKey }),
    });
    // By alias and not as a key of the template: there is no ARN to import.
    if (encryptionKey === undefined) (this.node.defaultChild as CfnTopic).kmsMasterKeyId = 'alias/aws/sns';
    subscribeByEmail(this, email);
  }
}
