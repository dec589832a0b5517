import { Aws, CfnResource, Names } from 'aws-cdk-lib';
import { Effect, type IRole, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { auditCompletedType, credentialTypes, eventSource, findingTypes, restoredType } from '../core/events.ts';

/** Who puts keysweep's events on the bus. */
export interface EventBusGuardProps {
  readonly auditor: IRole;
  readonly rotator: IRole;
}

/**
 * Keeps events of keysweep on the account's default bus to the roles that send them: a forged `Audit Completed` would
 * start a sweep, and forged changes would mislead whoever listens. Other sources, and keysweep's name on other buses,
 * are skipped.
 *
 * `Credential Restored` is left open as well: `keysweep restore` sends it as the person who restores. Nothing of
 * keysweep acts on it.
 *
 * The bus is shared: each statement has an id of this construct's own, so that those of others stay as they are. An
 * explicit denial in the policy of a resource holds for every principal, administrators included.
 */
export class EventBusGuard extends Construct {
  constructor(scope: Construct, id: string, { auditor, rotator }: EventBusGuardProps) {
    super(scope, id);
    this.keep('Audits', [auditCompletedType, ...findingTypes], auditor);
    this.keep(
      'Changes',
      credentialTypes.filter((type) => type !== restoredType),
      rotator,
    );
  }

  /** Both condition keys hold one value for each entry of a request: any of them is enough to refuse it. */
  private keep(id: string, detailTypes: readonly string[], sender: IRole): void {
    const sid = `keysweep-${id}-${Names.uniqueResourceName(this, { maxLength: 40, separator: '-' })}`;
    const statement = new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new StarPrincipal()],
      actions: ['events:PutEvents'],
      resources: [`arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:event-bus/default`],
      conditions: {
        'ForAnyValue:StringEquals': { 'events:source': [eventSource], 'events:detail-type': [...detailTypes] },
        ArnNotEquals: { 'aws:PrincipalArn': sender.roleArn },
      },
    });
    // By its type: the class of it warns of a deprecated property that is not used here.
    new CfnResource(this, id, {
      type: 'AWS::Events::EventBusPolicy',
      properties: { StatementId: sid, Statement: statement.toStatementJson() },
    });
  }
}
