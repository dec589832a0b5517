import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import { createDynamoDbLedger } from '../../aws/dynamodb-ledger.ts';
import { type AwsSession, type ConnectOptions, connect } from '../../aws/session.ts';
import { given } from '../../core/given.ts';
import type { Ledger } from '../../core/lifecycle/ledger.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.ts';
import { TableName as tableName } from './dynamodb-requests.ts';
import { createLedgerTable } from './ledger-table.ts';
import { type ManualTiming, manualTiming } from './manual-timing.ts';

export interface DynamoDbSandbox {
  readonly sandbox: Sandbox;
  readonly session: AwsSession;
  /** The SDK's own client, which tries once. */
  readonly client: DynamoDBClient;
  /** Waits that the ledger itself makes take no time. */
  readonly ledger: Ledger;
  readonly timing: ManualTiming;
  /** A session of its own. */
  connect(options?: ConnectOptions): AwsSession;
}

/** A sandbox with the ledger's table; all of it ends with the test. */
export async function openDynamoDb(options: SandboxOptions = {}): Promise<DynamoDbSandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  const { url, region, credentials } = sandbox;
  const connectWith = (more: ConnectOptions = {}) => {
    const session = connect({ endpointUrl: url, region, credentials, ...more });
    onTestFinished(() => session.close());
    return session;
  };
  const client = new DynamoDBClient({ endpoint: url, region, credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  await createLedgerTable(client, tableName);
  sandbox.clearRequests();
  const session = connectWith({ maxAttempts: 3, retryMode: 'standard' });
  const timing = manualTiming();
  return {
    sandbox,
    session,
    client,
    timing,
    ledger: createDynamoDbLedger(session, tableName, given({ timing })),
    connect: connectWith,
  };
}
