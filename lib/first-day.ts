import { Aws, type CfnResource, Stack } from 'aws-cdk-lib';
import { type EventPattern, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** What happens on the day of an installation. */
export interface FirstDayProps {
  /** Gets `{ trigger: 'deployment' }` after the installation and after each update; see lambda/auditor. */
  readonly auditor: IFunction;
  /** The resource with whose creation the installation begins. It is created after the rule. */
  readonly begins: CfnResource;
  /** Whether there is an audit at once. No sweep follows it: nothing is changed before the first night. */
  readonly audit: boolean;
}

/**
 * Informs the auditor that it has been installed, or updated: from then on, at the latest, the alarm SweepMissing counts the
 * hours without a sweep. After an update there may be no value that it could count from: the version before sent another
 * metric, or nothing has run for so long that CloudWatch has forgotten it. An update never starts an audit.
 *
 * By CloudFormation's own events, and not by a custom resource: the deployment does not wait for them, and nothing of it can
 * fail the deployment. The event of the installation is that of a resource, not of the stack, so that keysweep can be added to
 * a stack that exists. Sources: the CloudFormation User Guide, "Resource Status Change event detail" and "Stack Status Change
 * event detail".
 */
export class FirstDay extends Construct {
  readonly rule: Rule;
  readonly updateRule: Rule;

  constructor(scope: Construct, id: string, { auditor, begins, audit }: FirstDayProps) {
    super(scope, id);
    this.rule = new Rule(this, 'Rule', {
      description: audit ? 'Starts the first keysweep audit' : 'Informs keysweep that it has been installed',
      eventPattern: statusChange('Resource', 'CREATE_COMPLETE', {
        'logical-resource-id': [Stack.of(this).getLogicalId(begins)],
      }),
      targets: [deploymentTo(auditor, audit)],
    });
    this.updateRule = new Rule(this, 'UpdateRule', {
      description: 'Informs keysweep that it has been updated',
      eventPattern: statusChange('Stack', 'UPDATE_COMPLETE'),
      targets: [deploymentTo(auditor, false)],
    });
    begins.node.addDependency(this.rule);
  }
}

/** The event of CloudFormation that the stack, or a resource of it, has reached a status. */
function statusChange(
  of: 'Resource' | 'Stack',
  status: string,
  detail: Readonly<Record<string, unknown>> = {},
): EventPattern {
  return {
    source: ['aws.cloudformation'],
    detailType: [`CloudFormation ${of} Status Change`],
    account: [Aws.ACCOUNT_ID],
    detail: { 'stack-id': [Aws.STACK_ID], ...detail, 'status-details': { status: [status] } },
  };
}

function deploymentTo(auditor: IFunction, audit: boolean): LambdaFunction {
  return new LambdaFunction(auditor, { event: RuleTargetInput.fromObject({ trigger: 'deployment', audit }) });
}
