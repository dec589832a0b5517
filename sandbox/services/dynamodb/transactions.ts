import type { Call, JsonObject, JsonOperation } from '../../http/operation.ts';
import type { Item } from '../../state/attribute-values.ts';
import type { Table } from '../../state/tables.ts';
import {
  type CancellationReason,
  conditionFailedText,
  offerOnly,
  transactionCanceled,
  validationException,
} from './errors.ts';
import { holds, readExpression, type Term } from './expressions.ts';
import { readItem } from './read-attributes.ts';
import { checkItem, tableOf } from './table-lookup.ts';

const maxActions = 100;

interface TransactPut {
  readonly table: Table;
  readonly item: Item;
  readonly condition: readonly Term[];
  readonly returnsOld: boolean;
}

/** All or nothing; of the actions only Put. */
export const transactWriteItems: JsonOperation = {
  event: 'data',
  run(input, call) {
    offerOnly(input, ['TransactItems', 'ClientRequestToken']);
    const { tables, clock } = call.world;
    const token = readToken(input);
    const now = clock.now().getTime();
    const request = JSON.stringify(input.TransactItems);
    const puts = readActions(input).map((action) => readPut(action, call));
    refuseRepeatedItems(puts);
    if (token !== undefined && tables.isDone(token, request, now)) {
      return {};
    }
    const reasons = puts.map(reasonAgainst);
    if (reasons.some(({ Code }) => Code !== 'None')) {
      throw transactionCanceled(reasons);
    }
    for (const table of new Set(puts.map((put) => put.table))) {
      table.put(puts.filter((put) => put.table === table).map(({ item }) => item));
    }
    if (token !== undefined) {
      tables.noteDone(token, request, now);
    }
    return {};
  },
};

function readActions({ TransactItems }: JsonObject): readonly JsonObject[] {
  if (!Array.isArray(TransactItems) || TransactItems.length < 1 || TransactItems.length > maxActions) {
    throw validationException(`Member must have length between 1 and ${maxActions}: transactItems`);
  }
  return TransactItems as JsonObject[];
}

function readPut(action: JsonObject, call: Call): TransactPut {
  offerOnly(action, ['Put']);
  const put = (action.Put ?? {}) as JsonObject;
  offerOnly(put, [
    'TableName',
    'Item',
    'ConditionExpression',
    'ExpressionAttributeNames',
    'ExpressionAttributeValues',
    'ReturnValuesOnConditionCheckFailure',
  ]);
  const table = tableOf(put, call);
  const item = readItem(put.Item, 'Item');
  checkItem(table, item);
  return {
    table,
    item,
    condition: readExpression(put, 'ConditionExpression'),
    returnsOld: put.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
  };
}

function reasonAgainst({ table, item, condition, returnsOld }: TransactPut): CancellationReason {
  const old = table.get(item, true);
  if (holds(condition, old)) {
    return { Code: 'None' };
  }
  return {
    Code: 'ConditionalCheckFailed',
    Message: conditionFailedText,
    ...(returnsOld && old !== undefined ? { Item: old } : {}),
  };
}

function refuseRepeatedItems(puts: readonly TransactPut[]): void {
  const keys = puts.map(({ table, item }) => {
    const { name, partitionKey, sortKey } = table.definition;
    return JSON.stringify([name, item[partitionKey], item[sortKey]]);
  });
  if (new Set(keys).size < keys.length) {
    throw validationException('Transaction request cannot include multiple operations on one item');
  }
}

function readToken({ ClientRequestToken }: JsonObject): string | undefined {
  if (ClientRequestToken === undefined) {
    return undefined;
  }
  if (typeof ClientRequestToken !== 'string' || ClientRequestToken.length < 1 || ClientRequestToken.length > 36) {
    throw validationException('clientRequestToken must have length between 1 and 36');
  }
  return ClientRequestToken;
}
