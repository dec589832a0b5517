import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { CfnRole, Effect, Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { installationLedgerPolicy, installationRole } from '../core/installation.ts';
import type { TableOfLedger } from './ledger-table.ts';

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

  /** Records the ledger of this installation, which the command line compares with its own. */
  record(ledger: TableOfLedger): void {
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
