import type { Call, JsonObject } from '../../http/operation.ts';
import { type Item, sizeOfItem, textOf } from '../../state/attribute-values.ts';
import type { Table } from '../../state/tables.ts';
import { noSuchTable, validationException } from './errors.ts';

const maxItemBytes = 400 * 1024;

/** The table that a request names, by its name or its ARN. @throws AwsError ResourceNotFoundException */
export function tableOf({ TableName }: JsonObject, { world, region }: Call): Table {
  if (typeof TableName !== 'string') {
    throw validationException(
      "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null",
    );
  }
  const table = world.tables.find(region, TableName.replace(/^arn:.*:table\//, ''));
  if (table === undefined) {
    throw noSuchTable();
  }
  return table;
}

export function tableArn(input: JsonObject, { world, region }: Call): string {
  const { id, partition } = world.account;
  return `arn:${partition}:dynamodb:${region}:${id}:table/${String(input.TableName).replace(/^arn:.*:table\//, '')}`;
}

/** Refuses what is not exactly the primary key. */
export function checkKey(table: Table, key: Item): void {
  checkKeyAttributes(table, key);
  if (Object.keys(key).length !== 2) {
    throw validationException('The provided key element does not match the schema');
  }
}

/** Refuses an item that the table cannot take. */
export function checkItem(table: Table, item: Item): void {
  checkKeyAttributes(table, item);
  if (sizeOfItem(item) > maxItemBytes) {
    throw validationException('Item size has exceeded the maximum allowed size');
  }
}

function checkKeyAttributes(table: Table, item: Item): void {
  for (const name of [table.definition.partitionKey, table.definition.sortKey]) {
    if (item[name] === undefined) {
      throw validationException(`One or more parameter values were invalid: Missing the key ${name} in the item`);
    }
    if (!textOf(item[name])) {
      throw validationException(
        `One or more parameter values are not valid. The AttributeValue for a key attribute must be a string that is not empty. Key: ${name}`,
      );
    }
  }
}
