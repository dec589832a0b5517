import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
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
