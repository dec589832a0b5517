import { Aws, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Policy } from '../core/policy/policy.ts';
import { HandlerFunction } from './handler-function.ts';

export interface AuditorProps {
  readonly policy: Policy;
  /** Gets an alert for critical findings. */
  readonly alertTopic: ITopic;
}

/** Users of this account, whatever their path. Pseudo parameters, so that the text is the same in every environment. */
const users = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:user/*`;

/** The function that audits this account. It reads IAM and publishes alerts; its role holds no IAM write. */
export class Auditor extends HandlerFunction {
  constructor(scope: Construct, id: string, { policy, alertTopic }: AuditorProps) {
    super(scope, id, {
      description: 'keysweep: audits the long-lived credentials of this account',
      handler: 'auditor/handler',
      policy,
      environment: { KEYSWEEP_ALERT_TOPIC_ARN: alertTopic.topicArn },
      permissions: auditPermissions(alertTopic),
    });
    Validations.of(this.role).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason:
          'The credential report, GetAccountAuthorizationDetails, ListAccountAliases and X-Ray writes have no resource types in IAM.',
      },
      {
        id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::<AWS::AccountId>:user/*]',
        reason:
          'An audit reads every user of the account, and only that: ListAccessKeys, GetAccessKeyLastUsed, ListUserTags.',
      },
    );
  }
}

/** Resource types: Service Authorization Reference for IAM. sts:GetCallerIdentity needs no permission. */
function auditPermissions(alertTopic: ITopic): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ReadAccount',
      actions: [
        'iam:GenerateCredentialReport',
        'iam:GetAccountAuthorizationDetails',
        'iam:GetCredentialReport',
        'iam:ListAccountAliases',
      ],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'ReadUsers',
      actions: ['iam:GetAccessKeyLastUsed', 'iam:ListAccessKeys', 'iam:ListUserTags'],
      resources: [users],
    }),
    new PolicyStatement({
      sid: 'Alert',
      actions: ['sns:Publish'],
      resources: [alertTopic.topicArn],
    }),
  ];
}
