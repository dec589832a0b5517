import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { CfnRole, Effect, Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { installationLedgerPolicy, installationRole } from '../core/installation.ts';
import type { LedgerTable } from './ledger-table.ts';

/** People read it in the IAM console, and beside the failure of a second deployment. IAM takes Latin-1 here. */
const description = [
  'Marks the one installation of keysweep in this account; its policy "ledger" names region and table.',
  'No one can assume this role, and it allows nothing.',
  'If a deployment fails because it exists: keysweep is installed already, perhaps in another region.',
  'Two installations would not know of the notices, restorations and caps of each other.',
  'Update that stack, or delete it first: docs/operations.md, "Move to another region".',
].join(' ');

/**
 * What only one stack of an account can make, whatever its region: an IAM role of a fixed name, that no one can assume
 * and that allows nothing. It goes with its stack, so that the next one can be installed.
 *
 * Whatever outlives a stack, or writes to people, is to be made after {@link mark}: a second installation fails before.
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

  /** Notes the ledger of this installation, for the command line to compare with its own. */
  record(ledger: LedgerTable): void {
    new Policy(this, 'Ledger', {
      policyName: installationLedgerPolicy,
      roles: [Role.fromRoleName(this, 'Mark', this.mark.ref, { defaultPolicyName: installationLedgerPolicy })],
      statements: [
        new PolicyStatement({
          sid: 'LedgerOfKeysweep',
          effect: Effect.DENY,
          actions: ['dynamodb:DeleteTable'],
          resources: [ledger.tableArn],
        }),
      ],
    });
  }
}
