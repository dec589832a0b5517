import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { given } from '../core/given.ts';
import { defaultPolicy } from '../core/policy/defaults.ts';
import { CredentialHygiene, type CredentialHygieneProps } from './credential-hygiene.ts';
import { policyHash } from './policy-metadata.ts';

/** The properties of any stack, and those of its one construct. */
export interface KeysweepStackProps extends StackProps, CredentialHygieneProps {}

/** keysweep as its own stack, one per account. */
export class KeysweepStack extends Stack {
  readonly hygiene: CredentialHygiene;

  /** @param props a stack name there wins over `deployment.stackName` of the policy */
  constructor(
    scope: Construct,
    id: string,
    { policy = defaultPolicy, architecture, vpc, roles, ...props }: KeysweepStackProps = {},
  ) {
    super(scope, id, {
      description: 'keysweep: keeps the long-lived credentials of this account clean',
      ...given({ stackName: policy.deployment.stackName }),
      ...props,
    });
    this.hygiene = new CredentialHygiene(this, 'CredentialHygiene', { policy, ...given({ architecture, vpc, roles }) });
    this.output('Mode', policy.mode, 'Mode of the deployed policy');
    this.output(
      'PolicyHash',
      policyHash(policy),
      'SHA-256 of the deployed policy; its settings are in the metadata of the template',
    );

    const { alertTopic, digestTopic, alarmTopic, ledger, archive, auditor, rotator, slackForwarder, dashboard } =
      this.hygiene;
    this.output('AlertTopicArn', alertTopic.topicArn, 'SNS topic for alerts; subscribe further endpoints to it');
    this.output('DigestTopicArn', digestTopic.topicArn, 'SNS topic for the nightly digest');
    this.output('AlarmTopicArn', alarmTopic.topicArn, 'SNS topic for alarms about keysweep itself');
    this.output('LedgerTableName', ledger.tableName, 'For keysweep --ledger dynamodb:TABLE');
    this.output('ArchiveBucketName', archive.bucketName, 'Snapshots of audits and full reports');
    this.output('AuditorFunctionName', auditor.function.functionName, 'Invoke it to sweep now');
    this.output('AuditorLogGroupName', auditor.logGroup.logGroupName, 'Findings of every audit, as JSON');
    this.output('RotatorFunctionName', rotator.function.functionName, 'Started by every completed audit');
    this.output('RotatorLogGroupName', rotator.logGroup.logGroupName, 'Actions of every night, as JSON');
    if (slackForwarder !== undefined)
      this.output('ForwarderFunctionArn', slackForwarder.function.functionArn, 'For keysweep channels --forwarder ARN');
    const { slackConfiguration } = policy.deployment;
    if (slackConfiguration !== undefined) {
      this.output(
        'TopicsForSlack',
        [alertTopic, digestTopic, alarmTopic].map(({ topicArn }) => topicArn).join(' '),
        `Add these topics to ${slackConfiguration}: see docs/operations.md`,
      );
    }
    if (dashboard !== undefined) this.output('DashboardName', dashboard.dashboardName, 'CloudWatch dashboard');
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}
