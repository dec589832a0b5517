import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CredentialHygiene, type CredentialHygieneProps } from './credential-hygiene.ts';

export interface KeysweepStackProps extends StackProps, CredentialHygieneProps {}

/** keysweep as a stack of its own, one for an account. */
export class KeysweepStack extends Stack {
  readonly hygiene: CredentialHygiene;

  constructor(scope: Construct, id: string, { policy, ...props }: KeysweepStackProps = {}) {
    super(scope, id, {
      description: 'keysweep: keeps the long-lived credentials of this account clean',
      ...props,
    });
    this.hygiene = new CredentialHygiene(this, 'CredentialHygiene', policy === undefined ? {} : { policy });

    const { alertTopic, auditor } = this.hygiene;
    new CfnOutput(this, 'AlertTopicArn', {
      value: alertTopic.topicArn,
      description: 'SNS topic of the alerts; subscribe further endpoints to it',
    });
    new CfnOutput(this, 'AuditorFunctionName', {
      value: auditor.function.functionName,
      description: 'Invoke it for an audit at once',
    });
    new CfnOutput(this, 'AuditorLogGroupName', {
      value: auditor.logGroup.logGroupName,
      description: 'Findings of every audit, as JSON',
    });
  }
}
