import { randomUUID } from 'node:crypto';
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { SECOND } from '../core/duration.ts';
import { KeysweepError, messageOf } from '../core/error.ts';
import { given } from '../core/given.ts';
import type { Ledger, LedgerEntry, LedgerEvent } from '../core/lifecycle/ledger.ts';
import { checkWrite } from '../core/lifecycle/ledger-codec.ts';
import { ledgerCorrupt } from '../core/lifecycle/ledger-errors.ts';
import {
  accountPartition,
  entrySortKey,
  eventSortKeyPrefix,
  ledgerTable,
  sortKeyPrefixes,
  sweepSortKey,
  sweptSnapshotSortKey,
} from '../core/lifecycle/ledger-table.ts';
import type { Timing } from '../core/ports.ts';
import { fieldsOf } from './error-kind.ts';
import { toKeysweepError } from './errors.ts';
import {
  attributes,
  entryItem,
  eventItem,
  type Item,
  itemKey,
  readEntries,
  readEntry,
  readEvent,
  readSweep,
  readSweptSnapshot,
  sweepItem,
  sweptSnapshotItem,
} from './ledger-items.ts';
import type { AwsSession } from './session.ts';
import { systemTiming } from './timing.ts';
import { cancellationOf } from './transaction-cancellation.ts';

const { partitionKey, sortKey } = ledgerTable;

/** Attempts of a transaction that conflicts with another one, including the first. */
const maxAttempts = 6;

/** Half of the longest first wait, in milliseconds; each further wait may be twice as long. */
const firstWait = SECOND / 20;

export interface DynamoDbLedgerOptions {
  /** @default the machine's */
  readonly timing?: Pick<Timing, 'sleep' | 'random'>;
  /** Of the table. @default the caller's */
  readonly region?: string;
}

/** How one attempt of a write ended; `busy`: it may succeed a little later. */
type Attempt = 'written' | 'conflict' | { readonly busy: 'conflict' | KeysweepError };

/**
 * The ledger in a DynamoDB table, in the caller's region unless another is given. Every read is strongly consistent and
 * covers all pages.
 *
 * A write is one transaction: it replaces the previous entry, and adds an event that must not exist. It has its own
 * token, which is stored in the entry. If an answer is lost and the SDK repeats the write, DynamoDB recognizes the token
 * for ten minutes; if it rejects the entry because of the stored one, the stored token shows whether that is this very
 * write. So a repeated write is `written` and not a conflict with itself, and of two writers of the same entry at most
 * one gets `written`.
 *
 * Throws KeysweepError LedgerTableInvalid; the methods throw LedgerTableMissing, LedgerCorrupt,
 * LedgerFromNewerVersion, LedgerRecordInvalid, and other errors of DynamoDB. An unreadable item affects one credential
 * only: `entries` continues without it.
 */
export function createDynamoDbLedger(
  session: AwsSession,
  tableName: string,
  { timing = systemTiming, region }: DynamoDbLedgerOptions = {},
): Ledger {
  checkTableName(tableName);
  const client = session.client('dynamodb', DynamoDBClient, given({ region }));

  async function request<T>(action: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw tableError(error, action, tableName);
    }
  }

  function get(account: string, sort: string): Promise<Item | undefined> {
    return request('dynamodb:GetItem', async () => {
      const Key = itemKey(account, sort);
      return (await client.send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }))).Item;
    });
  }

  /** Every item of an account whose sort key begins with `prefix`, sorted by that key. */
  function query(account: string, prefix: string): Promise<Item[]> {
    const input: QueryCommandInput = {
      TableName: tableName,
      ConsistentRead: true,
      KeyConditionExpression: '#partition = :partition AND begins_with(#sort, :prefix)',
      ExpressionAttributeNames: { '#partition': partitionKey, '#sort': sortKey },
      ExpressionAttributeValues: { ':partition': { S: accountPartition(account) }, ':prefix': { S: prefix } },
    };
    return request('dynamodb:Query', async () => {
      const items: Item[] = [];
      let ExclusiveStartKey: Item | undefined;
      do {
        const page = await client.send(new QueryCommand({ ...input, ...(ExclusiveStartKey && { ExclusiveStartKey }) }));
        items.push(...(page.Items ?? []));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
      return items;
    });
  }

  /** One attempt of a write; `busy` if it conflicts with another transaction or is throttled. */
  async function attempt(command: TransactWriteItemsCommand, token: string, place: string): Promise<Attempt> {
    try {
      await client.send(command);
      return 'written';
    } catch (error) {
      const { reasons = [], passing } = cancellationOf(error) ?? {};
      const [entry, event] = reasons;
      if (entry?.code === 'ConditionalCheckFailed') {
        return entry.found?.[attributes.writeToken]?.S === token ? 'written' : 'conflict';
      }
      if (event?.code === 'ConditionalCheckFailed') throw eventWithoutEntry(place);
      if (passing === 'conflict') return { busy: 'conflict' };
      const failure = passing === 'throttled' ? { name: 'ThrottlingException', message: messageOf(error) } : error;
      const translated = tableError(failure, 'dynamodb:TransactWriteItems', tableName);
      if (passing === 'throttled') return { busy: translated };
      throw translated;
    }
  }

  return {
    entries: async (account) => readEntries(await query(account, sortKeyPrefixes.entry)),
    entry: async (account, credentialId) => {
      const item = await get(account, entrySortKey(credentialId));
      return item && readEntry(item);
    },
    events: async (account, credentialId) => (await query(account, eventSortKeyPrefix(credentialId))).map(readEvent),
    sweep: async (account, id) => {
      const item = await get(account, sweepSortKey(id));
      return item && readSweep(item);
    },
    write: async (entry, event) => {
      checkWrite(entry, event);
      const token = randomUUID();
      const command = writeCommand(tableName, entry, event, token);
      const place = `${entry.credential.id}, version ${entry.version}`;
      for (let tried = 1; ; tried++) {
        const outcome = await attempt(command, token, place);
        if (typeof outcome === 'string') return outcome;
        if (tried === maxAttempts) return giveUp(outcome);
        await timing.sleep(timing.random() * firstWait * 2 ** tried);
      }
    },
    writeSweep: async (record) => {
      const Item = sweepItem(record);
      await request('dynamodb:PutItem', () => client.send(new PutItemCommand({ TableName: tableName, Item })));
    },
    sweptSnapshot: async (account) => {
      const item = await get(account, sweptSnapshotSortKey);
      return item && readSweptSnapshot(item);
    },
    writeSweptSnapshot: async (record) => {
      const input = { TableName: tableName, Item: sweptSnapshotItem(record), ...followsVersion(record.version) };
      return request('dynamodb:PutItem', async () => {
        try {
          await client.send(new PutItemCommand(input));
          return 'written';
        } catch (error) {
          if (fieldsOf(error).name === 'ConditionalCheckFailedException') return 'conflict';
          throw error;
        }
      });
    },
  };
}

/** The condition that a write follows the previous version, or is the first. */
function followsVersion(version: number) {
  return version === 1
    ? { ConditionExpression: 'attribute_not_exists(#key)', ExpressionAttributeNames: { '#key': partitionKey } }
    : {
        ConditionExpression: '#version = :previous',
        ExpressionAttributeNames: { '#version': attributes.version },
        ExpressionAttributeValues: { ':previous': { N: String(version - 1) } },
      };
}

function writeCommand(
  TableName: string,
  entry: LedgerEntry,
  event: LedgerEvent,
  token: string,
): TransactWriteItemsCommand {
  return new TransactWriteItemsCommand({
    ClientRequestToken: token,
    TransactItems: [
      {
        Put: {
          TableName,
          Item: entryItem(entry, token),
          ...followsVersion(entry.version),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      {
        Put: {
          TableName,
          Item: eventItem(event),
          ConditionExpression: 'attribute_not_exists(#key)',
          ExpressionAttributeNames: { '#key': partitionKey },
        },
      },
    ],
  });
}

/** A writer that keeps meeting other writers has read outdated data: a conflict, and nothing was written. */
function giveUp({ busy }: Exclude<Attempt, string>): 'conflict' {
  if (busy === 'conflict') return busy;
  throw busy;
}

function eventWithoutEntry(place: string): KeysweepError {
  const repair = 'restore the table to a point in time before it';
  return ledgerCorrupt(place, 'its event already exists, but its entry does not', repair);
}

/** Source: the DynamoDB API reference. No ARNs: the table could be in another account, and its ledger not the caller's. */
function checkTableName(tableName: string): void {
  if (/^[\w.-]{3,255}$/.test(tableName)) return;
  throw new KeysweepError('LedgerTableInvalid', `not a DynamoDB table name: ${JSON.stringify(tableName)}`, {
    hint: 'Use 3 to 255 letters, digits and characters of _.- for a table in the caller’s account and region.',
  });
}

function tableError(error: unknown, action: string, tableName: string): KeysweepError {
  if (fieldsOf(error).name !== 'ResourceNotFoundException') return toKeysweepError(error, action);
  return new KeysweepError('LedgerTableMissing', `there is no DynamoDB table ${tableName} for the ledger`, {
    hint: 'Check its name, --region and the account. To create the table, run cdk deploy.',
    cause: error,
  });
}
