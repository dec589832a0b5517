import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { ledgerTable } from '../../core/lifecycle/ledger-table.ts';

const { partitionKey, sortKey, timeToLive } = ledgerTable;

/** The table of the ledger as a request, made of the same data as the deployed one. */
export function ledgerTableInput(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [partitionKey, sortKey].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [
      { AttributeName: partitionKey, KeyType: 'HASH' },
      { AttributeName: sortKey, KeyType: 'RANGE' },
    ],
  };
}

export async function createLedgerTable(client: DynamoDBClient, name: string): Promise<void> {
  await client.send(new CreateTableCommand(ledgerTableInput(name)));
  const TimeToLiveSpecification = { Enabled: true, AttributeName: timeToLive };
  await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
}
