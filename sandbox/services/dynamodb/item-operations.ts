import type { Call, JsonObject, JsonOperation } from '../../http/operation.ts';
import { type Item, sizeOfItem } from '../../state/attribute-values.ts';
import type { Table } from '../../state/tables.ts';
import { conditionalCheckFailed, offerOnly, validationException } from './errors.ts';
import { holds, readExpression, type Term } from './expressions.ts';
import { readItem } from './read-attributes.ts';
import { checkItem, checkKey, tableArn, tableOf } from './table-lookup.ts';

/** A page of a query ends with the item that fills it. Source: the DynamoDB API reference of Query. */
const maxPageBytes = 1024 * 1024;

export const getItem: JsonOperation = {
  event: 'data',
  resource: tableArn,
  run(input, call) {
    offerOnly(input, ['TableName', 'Key', 'ConsistentRead']);
    const table = tableOf(input, call);
    const key = readItem(input.Key, 'Key');
    checkKey(table, key);
    const item = table.get(key, input.ConsistentRead === true);
    return item === undefined ? {} : { Item: item };
  },
};

export const putItem: JsonOperation = {
  event: 'data',
  resource: tableArn,
  run(input, call) {
    offerOnly(input, [
      'TableName',
      'Item',
      'ConditionExpression',
      'ExpressionAttributeNames',
      'ExpressionAttributeValues',
    ]);
    const table = tableOf(input, call);
    const item = readItem(input.Item, 'Item');
    checkItem(table, item);
    if (!holds(readExpression(input, 'ConditionExpression'), table.get(item, true))) {
      throw conditionalCheckFailed();
    }
    table.put([item]);
    return {};
  },
};

export const query: JsonOperation = {
  event: 'data',
  resource: tableArn,
  run(input, call) {
    offerOnly(input, [
      'TableName',
      'KeyConditionExpression',
      'ExpressionAttributeNames',
      'ExpressionAttributeValues',
      'ConsistentRead',
      'ScanIndexForward',
      'Limit',
      'ExclusiveStartKey',
    ]);
    const table = tableOf(input, call);
    const { partition, sort } = keyConditions(table, readExpression(input, 'KeyConditionExpression'));
    const matching = table.partition(partition, input.ConsistentRead === true).filter((item) => holds(sort, item));
    if (input.ScanIndexForward === false) {
      matching.reverse();
    }
    return pageOf(table, matching, input, call);
  },
};

/** A query names one partition, and at most one condition on the sort key. */
function keyConditions(table: Table, terms: readonly Term[]) {
  const { partitionKey, sortKey } = table.definition;
  const [partition, ...otherPartitions] = terms.filter(({ attribute }) => attribute === partitionKey);
  const sort = terms.filter(({ attribute }) => attribute === sortKey);
  if (partition?.test !== '=' || partition.value === undefined || otherPartitions.length > 0) {
    throw validationException(`Query condition missed key schema element: ${partitionKey}`);
  }
  const usable = sort.every(({ test }) => ['=', '<', '<=', '>', '>=', 'begins_with'].includes(test));
  if (sort.length > 1 || !usable || sort.length + 1 !== terms.length) {
    throw validationException('Query key condition not supported');
  }
  return { partition: partition.value, sort };
}

function pageOf(table: Table, found: readonly Item[], input: JsonObject, call: Call) {
  const limit = Math.min(readLimit(input), call.world.paging.maxPageSize ?? Number.POSITIVE_INFINITY);
  const start = startOf(table, found, input);
  const items: Item[] = [];
  let bytes = 0;
  let full = false;
  for (const item of found.slice(start)) {
    items.push(item);
    bytes += sizeOfItem(item);
    full = items.length >= limit || bytes >= maxPageBytes;
    if (full) {
      break;
    }
  }
  const last = items.at(-1);
  // A page that is full says so, also when nothing comes behind it.
  const more = full && last !== undefined ? { LastEvaluatedKey: keyOf(table, last) } : {};
  return { Items: items, Count: items.length, ScannedCount: items.length, ...more };
}

function readLimit({ Limit }: JsonObject): number {
  if (Limit === undefined) {
    return Number.POSITIVE_INFINITY;
  }
  if (typeof Limit !== 'number' || Limit < 1) {
    throw validationException('Limit must be greater than or equal to 1');
  }
  return Limit;
}

/** Where a page begins: behind the item that the page before ended with. */
function startOf(table: Table, found: readonly Item[], { ExclusiveStartKey }: JsonObject): number {
  if (ExclusiveStartKey === undefined) {
    return 0;
  }
  const key = readItem(ExclusiveStartKey, 'ExclusiveStartKey');
  const { partitionKey, sortKey } = table.definition;
  const at = found.findIndex((item) =>
    [partitionKey, sortKey].every((name) => JSON.stringify(item[name]) === JSON.stringify(key[name])),
  );
  if (at < 0) {
    throw validationException('The provided starting key is invalid');
  }
  return at + 1;
}

function keyOf(table: Table, item: Item): Item {
  const names = [table.definition.partitionKey, table.definition.sortKey];
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}
