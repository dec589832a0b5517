/** Requests to a table with the keys of the ledger's, in short. Every item is in the partition `p`. */
import {
  type AttributeValue,
  type DynamoDBClient,
  type Put,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';

export const TableName = 'keysweep-ledger';

export type TestItem = Record<string, AttributeValue>;

/** The parameters of a write that takes place where there is no such item yet. */
export const ifNew = { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': 'pk' } };

export function item(sk: string, more: TestItem = {}): TestItem {
  return { pk: { S: 'p' }, sk: { S: sk }, ...more };
}

/** Puts one item after the other. */
export async function put(client: DynamoDBClient, ...items: TestItem[]): Promise<void> {
  for (const Item of items) await client.send(new PutItemCommand({ TableName, Item }));
}

/** A consistent query of the whole partition, unless `input` says otherwise. */
export function query(input: Partial<QueryCommandInput> = {}): QueryCommand {
  return new QueryCommand({
    TableName,
    ConsistentRead: true,
    KeyConditionExpression: '#pk = :pk',
    ...input,
    ExpressionAttributeNames: { '#pk': 'pk', ...input.ExpressionAttributeNames },
    ExpressionAttributeValues: { ':pk': { S: 'p' }, ...input.ExpressionAttributeValues },
  });
}

/** The sort keys of the first page of a query. */
export async function sortKeys(client: DynamoDBClient, input: Partial<QueryCommandInput> = {}) {
  return ((await client.send(query(input))).Items ?? []).map(({ sk }) => sk?.S);
}

export async function transact(
  client: DynamoDBClient,
  puts: readonly Omit<Put, 'TableName'>[],
  token?: string,
): Promise<void> {
  await client.send(
    new TransactWriteItemsCommand({
      TransactItems: puts.map((fields) => ({ Put: { TableName, ...fields } })),
      ...(token !== undefined && { ClientRequestToken: token }),
    }),
  );
}
