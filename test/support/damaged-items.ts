/** Items of the ledger's table, and what may become of them at the hands of others. */
import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import { createDynamoDbLedger } from '../../aws/dynamodb-ledger.ts';
import type { AwsSession } from '../../aws/session.ts';
import type { Ledger } from '../../core/lifecycle/ledger.ts';
import {
  accountPartition,
  entrySortKey,
  eventSortKey,
  ledgerTable,
  sweepSortKey,
} from '../../core/lifecycle/ledger-table.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import { TableName } from './dynamodb-requests.ts';
import { createLedgerTable } from './ledger-table.ts';

export type TableItem = Record<string, AttributeValue>;

/** One way to damage the item of an entry, and what keysweep says of it. */
export interface Damage {
  readonly what: string;
  readonly edit: (item: TableItem) => TableItem;
  readonly says: RegExp;
  readonly code: 'LedgerCorrupt' | 'LedgerFromNewerVersion';
  /** Whether the record still names its user. */
  readonly isNamed: boolean;
}

const fields = (changed: TableItem) => (item: TableItem) => ({ ...item, ...changed });

const recordFields = (changed: TableItem) => (item: TableItem) => {
  return { ...item, record: { M: { ...item.record?.M, ...changed } } };
};

function withoutField(name: string) {
  return (item: TableItem) => {
    const { [name]: _, ...rest } = item.record?.M ?? {};
    return { ...item, record: { M: rest } };
  };
}

const corrupt = (what: string, edit: Damage['edit'], says: RegExp, isNamed = true): Damage => {
  return { what, edit, says, code: 'LedgerCorrupt', isNamed };
};

export const damages: readonly Damage[] = [
  {
    what: 'from a newer keysweep',
    edit: fields({ schema: { N: '2' } }),
    says: /from a newer keysweep: its schema version is 2, this keysweep supports 1/,
    code: 'LedgerFromNewerVersion',
    isNamed: true,
  },
  corrupt('without a schema version', fields({ schema: { S: 'none' } }), /its schema is missing or unknown/),
  corrupt('with another version than its record', fields({ version: { N: '77' } }), /its version is 77, but/),
  corrupt('with a version of the wrong type', fields({ version: { S: 'one' } }), /its version is one, but/),
  corrupt('with a record of another version', recordFields({ version: { N: '78' } }), /but its record says 78/),
  corrupt(
    'with a record whose version is a text',
    recordFields({ version: { S: '1' } }),
    /version: missing, or not of type/,
  ),
  corrupt(
    'in an unknown stage',
    recordFields({ stage: { S: 'asleep' } }),
    /stage: not one of compliant, warned, deactivated/,
  ),
  corrupt('with a date that is none', recordFields({ since: { S: 'yesterday' } }), /since: not a time/),
  corrupt('without one of its fields', withoutField('updatedAt'), /updatedAt: missing, or not of type/),
  corrupt('with a field that no one knows', recordFields({ colour: { S: 'red' } }), /unknown field: colour/),
  corrupt('with a field of a strange type', recordFields({ rules: { BOOL: true } }), /rules: .*not of type array/),
  corrupt('with a version beyond all counting', recordFields({ version: { N: '1E+30' } }), /version: /),
  corrupt('without a record', fields({ record: { S: 'not-found' } }), /account: /, false),
  corrupt('with an empty record', fields({ record: { M: {} } }), /credential: /, false),
  corrupt('whose user is not named', withoutField('principal'), /principal: /, false),
  corrupt('of another account', recordFields({ account: { S: '999999999999' } }), /its record says ACCOUNT#9{12}/),
];

/** The ledger of an account of a sandbox in its DynamoDB table, and hands on its items. */
export interface EditableLedger {
  readonly ledger: Ledger;
  readonly client: DynamoDBClient;
  /** As the table has it; undefined where there is none. */
  item(sort: string): Promise<TableItem | undefined>;
  edit(sort: string, change: (item: TableItem) => TableItem): Promise<void>;
  put(item: TableItem): Promise<void>;
  /** Every item of the account. */
  items(): Promise<readonly TableItem[]>;
}

export const sortKeys = { entry: entrySortKey, event: eventSortKey, sweep: sweepSortKey };

export function editableLedger(
  ledger: Ledger,
  client: DynamoDBClient,
  account: string,
  tableName = TableName,
): EditableLedger {
  const { partitionKey, sortKey } = ledgerTable;
  const put = async (Item: TableItem) => {
    await client.send(new PutItemCommand({ TableName: tableName, Item }));
  };
  const item = async (sort: string) => {
    const Key = { [partitionKey]: { S: accountPartition(account) }, [sortKey]: { S: sort } };
    return (await client.send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }))).Item;
  };
  return {
    ledger,
    client,
    item,
    put,
    items: async () => {
      const answer = await client.send(
        new QueryCommand({
          TableName: tableName,
          ConsistentRead: true,
          KeyConditionExpression: '#partition = :partition',
          ExpressionAttributeNames: { '#partition': partitionKey },
          ExpressionAttributeValues: { ':partition': { S: accountPartition(account) } },
        }),
      );
      return answer.Items ?? [];
    },
    edit: async (sort, change) => {
      const found = await item(sort);
      if (found === undefined) throw new Error(`there is no item ${sort} to change`);
      await put(change(found));
    },
  };
}

/** Makes the table in a sandbox that a test has opened; the client ends with the test. */
export async function openEditableLedger(
  { url, region, credentials, account }: Pick<Sandbox, 'url' | 'region' | 'credentials' | 'account'>,
  session: AwsSession,
): Promise<EditableLedger> {
  const client = new DynamoDBClient({ endpoint: url, region, credentials });
  onTestFinished(() => client.destroy());
  await createLedgerTable(client, TableName);
  return editableLedger(createDynamoDbLedger(session, TableName), client, account.id);
}
