import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnRole, Effect, Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import {
  type Installation as InstallationFacts,
  installationLedgerPolicy,
  installationRole,
  installationsPath,
} from '../core/installation/installation.ts';
import type { TableOfLedger } from './ledger-table.ts';

/** What the command line finds through the installation. */
export interface InstallationParts {
  readonly ledger: TableOfLedger;
  readonly digestTopic: ITopic;
  readonly alertTopic: ITopic;
  readonly alarmTopic: ITopic;
  /** The function that posts to Slack, if there is one. */
  readonly forwarder?: IFunction;
}

/** Shown in the IAM console, and with the failure of a second deployment. IAM accepts Latin-1 here. */
const description = [
  'Marks the only installation of keysweep in this account. Its policy "ledger" names region and table.',
  'No one can assume this role, and it allows nothing.',
  'If a deployment fails because this role exists, keysweep is already installed, perhaps in another region.',
  "Two installations would not know each other's notices, restorations and caps.",
  'Update that stack, or delete it first. See docs/operations.md, "Move to another region".',
].join(' ');

/**
 * What only one stack per account can create, in any region: an IAM role with a fixed name that no one can assume and that
 * allows nothing. It is deleted with its stack, so that another one can be installed.
 *
 * Create everything that outlives the stack, or that sends messages, after {@link mark}: a second installation fails before.
 */
export class Installation extends Construct {
  readonly mark: CfnRole;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.mark = new CfnRole(this, 'Resource', {
      roleName: installationRole,
      description,
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'NoOne',
            Effect: 'Deny',
            Principal: { AWS: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root` },
            Action: 'sts:AssumeRole',
          },
        ],
      },
    });
    this.mark.applyRemovalPolicy(RemovalPolicy.DESTROY);
  }

  /**
   * Records the parts of this installation: the command line finds them in a parameter of the region, and compares their
   * ledger with the one in the policy of the role, which every region has.
   */
  record({ ledger, digestTopic, alertTopic, alarmTopic, forwarder }: InstallationParts): void {
    const { stackName: stack, account, region } = Stack.of(this);
    const facts: InstallationFacts = {
      schema: 'keysweep/installation/v1',
      stack,
      account,
      region,
      ledger: ledger.tableName,
      topicArn: digestTopic.topicArn,
      alertTopicArn: alertTopic.topicArn,
      alarmTopicArn: alarmTopic.topicArn,
      eventBus: 'default',
      ...(forwarder && { forwarderArn: forwarder.functionArn }),
    };
    new StringParameter(this, 'Parameter', {
      parameterName: `${installationsPath}/${stack}`,
      description: 'Where the command line of keysweep finds ledger, topics and bus of this installation. No secrets.',
      stringValue: Stack.of(this).toJsonString(facts),
      simpleName: false,
    }).node.addDependency(this.mark);
    new Policy(this, 'Ledger', {
      policyName: installationLedgerPolicy,
      roles: [Role.fromRoleName(this, 'Mark', this.mark.ref, { defaultPolicyName: installationLedgerPolicy })],
      statements: [
        new PolicyStatement({
          sid: 'KeysweepLedger',
          effect: Effect.DENY,
          actions: ['dynamodb:DeleteTable'],
          resources: [ledger.tableArn],
        }),
      ],
    });
  }
}
