import type { Service } from '../../http/operation.ts';
import { getItem, putItem, query } from './item-operations.ts';
import { createTable, describeTable, updateTimeToLive } from './table-operations.ts';
import { transactWriteItems } from './transactions.ts';

/** Amazon DynamoDB, as far as the ledger goes: what it does not use is refused, and never ignored. */
export const dynamodb: Service = {
  name: 'dynamodb',
  protocol: 'json',
  target: 'DynamoDB_20120810',
  json: { version: '1.0', errorNamespace: 'com.amazonaws.dynamodb.v20120810' },
  operations: {
    CreateTable: createTable,
    DescribeTable: describeTable,
    UpdateTimeToLive: updateTimeToLive,
    GetItem: getItem,
    PutItem: putItem,
    Query: query,
    TransactWriteItems: transactWriteItems,
  },
};
