import { Annotations } from 'aws-cdk-lib';
import { type CfnTopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

export interface AlertTopicProps {
  /**
   * E-mail addresses that get the alerts. Each one must confirm its subscription by the link that AWS sends.
   *
   * @default - none; subscribe other endpoints to the topic, or nobody is told
   */
  readonly email?: readonly string[];
}

/**
 * The SNS topic for alerts to people. TLS only, and encrypted with the AWS managed key `alias/aws/sns`, which costs
 * nothing a month.
 *
 * The policy of that key lets every principal of this account that may publish use it through SNS, so a function needs
 * no KMS permission. It cannot be opened for AWS services (CloudWatch alarms, EventBridge) or other accounts: those
 * need a topic of their own, or a customer managed key.
 */
export class AlertTopic extends Topic {
  constructor(scope: Construct, id: string, props: AlertTopicProps = {}) {
    super(scope, id, { displayName: 'keysweep', enforceSSL: true });
    (this.node.defaultChild as CfnTopic).kmsMasterKeyId = 'alias/aws/sns';

    const addresses = new Set(props.email);
    for (const address of addresses) this.addSubscription(new EmailSubscription(address));
    if (addresses.size === 0) {
      Annotations.of(this).addWarningV2(
        'keysweep:noRecipients',
        'nobody is subscribed to the alerts: list addresses under deployment.email in keysweep.yaml, or subscribe an endpoint to this topic',
      );
    }
  }
}
