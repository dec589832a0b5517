/** A CDK app of its own that has keysweep as one part of its security baseline. */
import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { CredentialHygiene, loadPolicy } from 'keysweep';

const policy = loadPolicy(
  `version: 1
mode: warn
accessKeys: { maxAge: 90d, maxIdle: 45d }
exemptions:
  - match: { user: "break-glass-*" }
    rules: [access-key-unused]
    reason: sealed emergency access, tested each quarter
    owner: security@example.com
    expires: 2099-12-31
deployment:
  email: [security@example.com]
  tags: { team: security }
`,
  'the policy in app.ts',
);

class SecurityBaseline extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const hygiene = new CredentialHygiene(this, 'CredentialHygiene', { policy });

    // Whatever it makes is there to be used: here, alerts go to a queue that a ticket system reads.
    const tickets = new Queue(this, 'Tickets', { enforceSSL: true });
    hygiene.alertTopic.addSubscription(new SqsSubscription(tickets));
  }
}

const app = new App();
new SecurityBaseline(app, 'SecurityBaseline');
