import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { ifNew, item, put, sortKeys, TableName, transact } from '../support/dynamodb-requests.ts';
import { openDynamoDb } from '../support/dynamodb-sandbox.ts';

const validation = (message: RegExp) => ({ name: 'ValidationException', message: expect.stringMatching(message) });

describe('TransactWriteItems', () => {
  it('writes all or nothing, and says why, with the item that is there where it is asked for', async () => {
    const { client } = await openDynamoDb();
    await put(client, item('1', { n: { N: '1' } }));
    const both = transact(client, [
      { Item: item('2'), ...ifNew },
      { Item: item('1'), ...ifNew, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
    ]);
    await expect(both).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message: expect.stringContaining('[None, ConditionalCheckFailed]'),
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: item('1', { n: { N: '1' } }) }],
    });
    expect(await sortKeys(client)).toEqual(['1']);
  });

  it('writes on the condition of a version', async () => {
    const { client } = await openDynamoDb();
    const to = (version: number) =>
      transact(client, [
        {
          Item: item('1', { version: { N: String(version) } }),
          ConditionExpression: '#v = :v',
          ExpressionAttributeNames: { '#v': 'version' },
          ExpressionAttributeValues: { ':v': { N: String(version - 1) } },
        },
      ]);
    await expect(to(2)).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    await put(client, item('1', { version: { N: '1' } }));
    await to(2);
    await expect(to(2)).rejects.toMatchObject({ name: 'TransactionCanceledException' });
  });

  it('does a transaction with the same token once within ten minutes', async () => {
    const { client, sandbox } = await openDynamoDb();
    const puts = [{ Item: item('1'), ...ifNew }];
    await transact(client, puts, 'token');
    sandbox.clock.advance(10 * 60_000 - 1);
    await transact(client, puts, 'token');
    await expect(transact(client, [{ Item: item('2') }], 'token')).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
    sandbox.clock.advance(1);
    await expect(transact(client, puts, 'token')).rejects.toMatchObject({
      name: 'TransactionCanceledException',
    });
  });

  it.each([
    ['nothing to do', [], /between 1 and 100/],
    ['more than 100 actions', Array.from({ length: 101 }, (_, n) => ({ Item: item(`${n}`) })), /and 100/],
    ['two actions on one item', [{ Item: item('1') }, { Item: item('1') }], /multiple operations/],
  ])('with %s is a ValidationException', async (_, puts, message) => {
    const { client } = await openDynamoDb();
    await expect(transact(client, puts)).rejects.toMatchObject(validation(message));
  });

  it('offers Put alone, and says so', async () => {
    const { client } = await openDynamoDb();
    const Delete = { TableName, Key: item('1') };
    await expect(client.send(new TransactWriteItemsCommand({ TransactItems: [{ Delete }] }))).rejects.toMatchObject(
      validation(/Delete/),
    );
  });
});
