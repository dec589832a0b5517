import { Aws, type CfnResource, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** What happens on the day of an installation. */
export interface FirstDayProps {
  /** Gets `{ trigger: 'deployment' }` once; see lambda/auditor. */
  readonly auditor: IFunction;
  /** The resource with whose creation the installation begins. It is created after the rule. */
  readonly begins: CfnResource;
  /** Whether there is an audit at once. No sweep follows it: nothing is changed before the first night. */
  readonly audit: boolean;
}

/**
 * Informs the auditor once that it has been installed: from then on the alarm SweepMissing counts the hours without a sweep.
 *
 * By CloudFormation's own event, and not by a custom resource: the deployment does not wait for it, and nothing of it can
 * fail the deployment. The event is that of a resource, not of the stack, so that keysweep can be added to a stack that
 * exists. Source: the CloudFormation User Guide, "Resource Status Change event detail".
 */
export class FirstDay extends Construct {
  readonly rule: Rule;

  constructor(scope: Construct, id: string, { auditor, begins, audit }: FirstDayProps) {
    super(scope, id);
    this.rule = new Rule(this, 'Rule', {
      description: audit ? 'Starts the first keysweep audit' : 'Informs keysweep that it has been installed',
      eventPattern: {
        source: ['aws.cloudformation'],
        detailType: ['CloudFormation Resource Status Change'],
        account: [Aws.ACCOUNT_ID],
        detail: {
          'stack-id': [Aws.STACK_ID],
          'logical-resource-id': [Stack.of(this).getLogicalId(begins)],
          'status-details': { status: ['CREATE_COMPLETE'] },
        },
      },
      targets: [new LambdaFunction(auditor, { event: RuleTargetInput.fromObject({ trigger: 'deployment', audit }) })],
    });
    begins.node.addDependency(this.rule);
  }
}
