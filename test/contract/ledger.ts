import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDbLedger } from '../../aws/dynamodb-ledger.ts';
import type { LedgerUnderTest } from '../ledger/ledger-contract.ts';
import { TableName } from '../support/dynamodb-requests.ts';
import { createLedgerTable } from '../support/ledger-table.ts';
import type { Counterpart } from './counterpart.ts';
import { openWorld } from './world.ts';

/** The ledger in a new account of a counterpart. */
export async function openLedgerTable(counterpart: Counterpart): Promise<LedgerUnderTest> {
  const { session, connect } = await openWorld(counterpart);
  await createLedgerTable(session.client('dynamodb', DynamoDBClient), TableName);
  return {
    ledger: createDynamoDbLedger(session, TableName),
    reopen: async () => createDynamoDbLedger(connect({}), TableName),
  };
}
