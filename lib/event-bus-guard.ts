import { Aws, CfnResource, Names } from 'aws-cdk-lib';
import { Effect, type IRole, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { auditCompletedType, credentialTypes, eventSource, findingTypes, restoredType } from '../core/events.ts';

/** The roles that put keysweep's events on the bus. */
export interface EventBusGuardProps {
  readonly auditor: IRole;
  readonly rotator: IRole;
}

/**
 * Allows only keysweep's own roles to put its events on the account's default bus: a forged `Audit Completed` would start
 * a sweep, and forged changes would mislead subscribers. Other sources, and keysweep's source name on other buses, are
 * not restricted.
 *
 * `Credential Restored` is not restricted either: `keysweep restore` sends it as the user who restores. No part of
 * keysweep acts on it.
 *
 * The bus is shared: each statement has an id of its own, so that other statements stay as they are. An explicit deny in a
 * resource policy applies to every principal, including administrators.
 */
export class EventBusGuard extends Construct {
  constructor(scope: Construct, id: string, { auditor, rotator }: EventBusGuardProps) {
    super(scope, id);
    this.restrict('Audits', [auditCompletedType, ...findingTypes], auditor);
    this.restrict(
      'Changes',
      credentialTypes.filter((type) => type !== restoredType),
      rotator,
    );
  }

  /** Both condition keys have one value for each entry of a request: any match is enough to refuse the request. */
  private restrict(id: string, detailTypes: readonly string[], sender: IRole): void {
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
    // By type: its class warns about a deprecated property that is not used here.
    new CfnResource(this, id, {
      type: 'AWS::Events::EventBusPolicy',
      properties: { StatementId: sid, Statement: statement.toStatementJson() },
    });
  }
}
