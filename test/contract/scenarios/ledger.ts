import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { createDynamoDbLedger } from '../../../aws/dynamodb-ledger.ts';
import {
  ifNew,
  item,
  put,
  query,
  sortKeys,
  TableName,
  type TestItem,
  transact,
} from '../../support/dynamodb-requests.ts';
import { eventFor, following, fullEntry, account as ledgerAccount, ledgerEntry } from '../../support/ledger-builder.ts';
import { createLedgerTable } from '../../support/ledger-table.ts';
import { refusalOf } from '../answers.ts';
import type { ScenarioGroup } from '../scenario.ts';
import type { World } from '../world.ts';

const validation = { name: 'ValidationException', status: 400 };

export const ledgerScenarios: ScenarioGroup = {
  title: 'the ledger in DynamoDB',
  scenarios: [
    {
      name: 'a transaction writes all of its items',
      run: async (world) => {
        const client = await openTable(world);
        await transact(client, [{ Item: item('1') }, { Item: item('2') }]);
        expect(await sortKeys(client)).toEqual(['1', '2']);
      },
    },
    {
      name: 'a transaction writes nothing where one condition fails, and says which one, with the existing item',
      run: async (world) => {
        const client = await openTable(world);
        await put(client, item('2', { n: { N: '1' } }));
        const refused = transact(client, [
          { Item: item('1'), ...ifNew },
          { Item: item('2'), ...ifNew, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
        ]);
        const error = await refused.catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({
          name: 'TransactionCanceledException',
          CancellationReasons: [
            { Code: 'None' },
            { Code: 'ConditionalCheckFailed', Item: item('2', { n: { N: '1' } }) },
          ],
        });
        expect(await sortKeys(client)).toEqual(['2']);
      },
    },
    {
      name: 'a condition on a version holds for that version only, and not without an item',
      run: async (world) => {
        const client = await openTable(world);
        const onVersion = (version: string) =>
          transact(client, [
            {
              Item: item('1', { version: { N: '3' } }),
              ConditionExpression: '#version = :previous',
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':previous': { N: version } },
            },
          ]);
        expect(await refusalOf(onVersion('2'))).toMatchObject({ name: 'TransactionCanceledException', status: 400 });
        await put(client, item('1', { version: { N: '2' } }));
        await refusalOf(onVersion('1'));
        await onVersion('2');
        await refusalOf(onVersion('2'));
      },
    },
    {
      name: 'a transaction that is sent again with the same token is applied once, and succeeds',
      run: async (world) => {
        const client = await openTable(world);
        await transact(client, [{ Item: item('1'), ...ifNew }], 'token-1');
        await transact(client, [{ Item: item('1'), ...ifNew }], 'token-1');
        expect(await sortKeys(client)).toEqual(['1']);
      },
      except: {
        moto: {
          does: 'ignores the token',
          proof: async (world) => {
            const client = await openTable(world);
            await transact(client, [{ Item: item('1'), ...ifNew }], 'token-1');
            const again = transact(client, [{ Item: item('1'), ...ifNew }], 'token-1');
            expect(await refusalOf(again)).toMatchObject({ name: 'TransactionCanceledException' });
          },
        },
      },
    },
    {
      name: 'a token of another transaction is IdempotentParameterMismatch, HTTP 400',
      run: async (world) => {
        const client = await openTable(world);
        await transact(client, [{ Item: item('1') }], 'token-1');
        expect(await refusalOf(transact(client, [{ Item: item('2') }], 'token-1'))).toMatchObject({
          name: 'IdempotentParameterMismatchException',
          status: 400,
        });
      },
      except: {
        moto: {
          does: 'ignores the token',
          proof: async (world) => {
            const client = await openTable(world);
            await transact(client, [{ Item: item('1') }], 'token-1');
            await transact(client, [{ Item: item('2') }], 'token-1');
            expect(await sortKeys(client)).toEqual(['1', '2']);
          },
        },
      },
    },
    {
      name: 'two actions of a transaction on one item are a ValidationException',
      run: async (world) => {
        const client = await openTable(world);
        expect(await refusalOf(transact(client, [{ Item: item('1') }, { Item: item('1') }]))).toMatchObject(validation);
      },
    },
    {
      name: 'PutItem replaces an item as a whole',
      run: async (world) => {
        const client = await openTable(world);
        await put(client, item('1', { a: { S: 'x' }, b: { M: { c: { L: [{ S: '' }, { N: '1' }] } } } }));
        const second = item('1', { b: { S: 'ü "' } });
        await put(client, second);
        const Key = item('1');
        expect((await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item).toEqual(second);
      },
    },
    {
      name: 'Query gives the items of a partition whose sort keys share a prefix, in order',
      run: async (world) => {
        const client = await openTable(world);
        await put(client, ...['b2', 'a', 'b1', 'B1', 'c', 'b'].map((sk) => item(sk)), {
          ...item('b3'),
          pk: { S: 'q' },
        });
        expect(
          await sortKeys(client, {
            KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :sk)',
            ExpressionAttributeNames: { '#sk': 'sk' },
            ExpressionAttributeValues: { ':sk': { S: 'b' } },
          }),
        ).toEqual(['b', 'b1', 'b2']);
      },
    },
    {
      name: 'Query pages',
      run: async (world) => {
        const client = await openTable(world);
        const all = ['1', '2', '3', '4', '5'];
        await put(client, ...all.map((sk) => item(sk)));
        const found: (string | undefined)[] = [];
        let ExclusiveStartKey: TestItem | undefined;
        let pages = 0;
        do {
          const page = await client.send(query({ Limit: 2, ...(ExclusiveStartKey && { ExclusiveStartKey }) }));
          found.push(...(page.Items ?? []).map(({ sk }) => sk?.S));
          ExclusiveStartKey = page.LastEvaluatedKey;
          pages += 1;
        } while (ExclusiveStartKey !== undefined);
        expect(found).toEqual(all);
        expect(pages).toBe(3);
      },
    },
    {
      name: 'a page of Query ends at 1 MB',
      run: async (world) => {
        const client = await openTable(world);
        const text = { S: 'x'.repeat(390 * 1024) };
        await put(client, item('1', { text }), item('2', { text }), item('3', { text }), item('4', { text }));
        const page = await client.send(query());
        expect(page.LastEvaluatedKey).toBeDefined();
        expect(page.Items?.length).toBeLessThan(4);
      },
    },
    {
      name: 'an item of more than 400 KB is a ValidationException',
      run: async (world) => {
        const client = await openTable(world);
        const tooLarge = put(client, item('1', { text: { S: 'x'.repeat(400 * 1024) } }));
        expect(await refusalOf(tooLarge)).toMatchObject(validation);
      },
    },
    {
      name: 'a value that no expression uses is a ValidationException',
      run: async (world) => {
        const client = await openTable(world);
        const ExpressionAttributeValues = { ':unused': { S: 'x' } };
        expect(await refusalOf(client.send(query({ ExpressionAttributeValues })))).toMatchObject(validation);
      },
      except: {
        moto: {
          does: 'accepts it',
          proof: async (world) => {
            const client = await openTable(world);
            await put(client, item('1'));
            expect(await sortKeys(client, { ExpressionAttributeValues: { ':unused': { S: 'x' } } })).toEqual(['1']);
          },
        },
      },
    },
    {
      name: 'a table that does not exist is ResourceNotFound, HTTP 400, and the ledger says so',
      run: async (world) => {
        const client = clientOf(world);
        const Key = item('1');
        expect(await refusalOf(client.send(new GetItemCommand({ TableName, Key })))).toMatchObject({
          name: 'ResourceNotFoundException',
          status: 400,
        });
        const ledger = createDynamoDbLedger(world.session, TableName);
        await expect(ledger.entries(ledgerAccount)).rejects.toMatchObject({ code: 'LedgerTableMissing' });
        await expect(ledger.write(ledgerEntry(), eventFor(ledgerEntry()))).rejects.toMatchObject({
          code: 'LedgerTableMissing',
        });
      },
    },
    {
      name: 'the ledger keeps entries and events, and refuses a version twice',
      run: async (world) => {
        await openTable(world);
        const ledger = createDynamoDbLedger(world.session, TableName);
        const first = fullEntry();
        const second = following(first, { stage: 'deleted' });
        expect(await ledger.write(first, eventFor(first))).toBe('written');
        expect(await ledger.write(second, eventFor(second))).toBe('written');
        expect(await ledger.write(second, eventFor(second))).toBe('conflict');
        expect((await ledger.entries(ledgerAccount)).entries).toStrictEqual([second]);
        expect(await ledger.events(ledgerAccount, first.credential.id)).toStrictEqual([
          eventFor(first),
          eventFor(second),
        ]);
      },
    },
  ],
};

function clientOf(world: World): DynamoDBClient {
  return world.connect({ maxAttempts: 1 }).client('dynamodb', DynamoDBClient);
}

async function openTable(world: World): Promise<DynamoDBClient> {
  const client = clientOf(world);
  await createLedgerTable(client, TableName);
  return client;
}
