import { Annotations, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, type ITable, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { ledgerTable } from '../core/lifecycle/ledger-table.ts';

export interface LedgerTableProps {
  /** @default - a key of DynamoDB, at no cost */
  readonly encryptionKey?: IKey;
}

/**
 * The DynamoDB table of the ledger: what was done to which credential, when, and what comes next. It can be restored to
 * any second of the last 35 days, and outlives the stack: without it, no one knows which keys keysweep has deactivated.
 */
export class LedgerTable extends Table {
  constructor(scope: Construct, id: string, { encryptionKey }: LedgerTableProps = {}) {
    const { partitionKey, sortKey, timeToLive } = ledgerTable;
    super(scope, id, {
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      sortKey: { name: sortKey, type: AttributeType.STRING },
      timeToLiveAttribute: timeToLive,
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      ...(encryptionKey !== undefined && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
    });
  }
}

/** What the functions and the mark of the installation are given of the ledger's table, created by the stack or not. */
export type TableOfLedger = Pick<ITable, 'tableArn' | 'tableName'>;

/**
 * A ledger table that exists and that no stack manages, such as one restored from a backup. Sweeps refuse it if it does not
 * know the account. What a restored table lacks, and CloudFormation will not add, is said at synth.
 *
 * @param tableName in the account and region of the stack
 */
export function existingLedgerTable(scope: Construct, id: string, tableName: string): ITable {
  Annotations.of(scope).addWarningV2(
    'keysweep:ledgerTable',
    `the ledger is the table ${tableName} (deployment.ledgerTable), which this stack does not manage: keep the setting, and check that the table has point-in-time recovery, deletion protection and its time to live, which a restored table lacks, and that it is encrypted with deployment.encryptionKey or a key of AWS: the rotator may use no other key. See docs/operations.md, "Restore the ledger"`,
  );
  return Table.fromTableName(scope, id, tableName);
}
