import { describe } from 'vitest';
import { createDynamoDbLedger } from '../../aws/dynamodb-ledger.ts';
import { useAwsConfig } from '../support/aws-config.ts';
import { TableName } from '../support/dynamodb-requests.ts';
import { openDynamoDb } from '../support/dynamodb-sandbox.ts';
import { describeLedger } from './ledger-contract.ts';

useAwsConfig();

describe.each([
  ['whole pages', {}],
  ['pages of one item', { maxPageSize: 1 }],
  ['pages of three items', { maxPageSize: 3 }],
])('the ledger in DynamoDB, with %s', (_, paging) => {
  describeLedger(async () => {
    const { ledger, connect } = await openDynamoDb({ paging });
    return { ledger, reopen: async () => createDynamoDbLedger(connect(), TableName) };
  });
});
