import {
  CreateTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { ifNew, item, put, query, sortKeys, TableName, type TestItem } from '../support/dynamodb-requests.ts';
import { openDynamoDb } from '../support/dynamodb-sandbox.ts';
import { ledgerTableInput } from '../support/ledger-table.ts';

const validation = (message: RegExp) => ({ name: 'ValidationException', message: expect.stringMatching(message) });

describe('tables', () => {
  it('are made once, described, and kept apart by region', async () => {
    const { client, sandbox } = await openDynamoDb();
    expect((await client.send(new DescribeTableCommand({ TableName }))).Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: `arn:aws:dynamodb:us-east-1:123456789012:table/${TableName}`,
      KeySchema: ledgerTableInput(TableName).KeySchema,
    });
    await expect(client.send(new CreateTableCommand(ledgerTableInput(TableName)))).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
    expect(sandbox.tables.find('eu-central-1', TableName)).toBeUndefined();
  });

  it('can be made without a request', async () => {
    const { client, sandbox } = await openDynamoDb();
    sandbox.tables.create(sandbox.region, { name: 'mine', partitionKey: 'a', sortKey: 'b' });
    const Item = { a: { S: '1' }, b: { S: '2' } };
    await client.send(new PutItemCommand({ TableName: 'mine', Item }));
    expect(
      (await client.send(new GetItemCommand({ TableName: 'mine', Key: Item, ConsistentRead: true }))).Item,
    ).toEqual(Item);
  });

  it('that do not exist are ResourceNotFoundException, HTTP 400', async () => {
    const { client } = await openDynamoDb();
    await expect(client.send(new GetItemCommand({ TableName: 'none', Key: item('1') }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('an item', () => {
  it('is replaced as a whole, and given as it is', async () => {
    const { client } = await openDynamoDb();
    const full = item('1', {
      text: { S: '' },
      number: { N: '7' },
      yes: { BOOL: true },
      nothing: { NULL: true },
      list: { L: [{ S: 'ü' }, { M: { a: { N: '1.5' } } }] },
    });
    await put(client, item('1', { old: { S: 'x' } }), full);
    const answer = await client.send(new GetItemCommand({ TableName, Key: item('1'), ConsistentRead: true }));
    expect(answer.Item).toEqual(full);
  });

  it('is not seen by an eventually consistent read right after its write', async () => {
    const { client } = await openDynamoDb();
    await put(client, item('1', { n: { N: '1' } }));
    const read = async () => (await client.send(new GetItemCommand({ TableName, Key: item('1') }))).Item;
    expect(await read()).toBeUndefined();
    expect(await sortKeys(client, { ConsistentRead: false })).toEqual([]);
    await put(client, item('1', { n: { N: '2' } }));
    expect(await read()).toEqual(item('1', { n: { N: '1' } }));
    await put(client, item('2'));
    expect(await read()).toEqual(item('1', { n: { N: '2' } }));
    expect(await sortKeys(client, { ConsistentRead: false })).toEqual(['1']);
  });

  it.each([
    ['without its sort key', { pk: { S: 'p' } }, /Missing the key sk/],
    ['with an empty key', item(''), /not empty/],
    ['with a key of another type', { ...item('1'), pk: { N: '1' } }, /key attribute/],
    ['of more than 400 KB', item('1', { text: { S: 'x'.repeat(400 * 1024) } }), /maximum allowed size/],
    ['with a number that is none', item('1', { n: { N: 'one' } }), /numeric/],
    ['with a type that is not offered', item('1', { set: { SS: ['a'] } }), /SS/],
  ])('%s is a ValidationException', async (_, Item, message) => {
    const { client } = await openDynamoDb();
    await expect(client.send(new PutItemCommand({ TableName, Item }))).rejects.toMatchObject(validation(message));
  });

  it('is put on a condition', async () => {
    const { client } = await openDynamoDb();
    const once = new PutItemCommand({ TableName, Item: item('1'), ...ifNew });
    await client.send(once);
    await expect(client.send(once)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });
});

describe('Query', () => {
  it('gives a partition in the order of the sort key, by bytes, and backwards', async () => {
    const { client } = await openDynamoDb();
    await put(client, item('b'), item('\u{1f511}'), item('a'), item('\uffee'), item('A'), item('10'), item('9'));
    await put(client, { ...item('elsewhere'), pk: { S: 'q' } });
    const order = ['10', '9', 'A', 'a', 'b', '\uffee', '\u{1f511}'];
    expect(await sortKeys(client)).toEqual(order);
    expect(await sortKeys(client, { ScanIndexForward: false })).toEqual(order.toReversed());
  });

  it.each([
    ['begins_with(#sk, :sk)', ['b1', 'b2']],
    ['#sk <= :sk', ['a', 'b']],
    ['#sk < :sk', ['a']],
    ['#sk >= :sk', ['b', 'b1', 'b2', 'c']],
    ['#sk > :sk', ['b1', 'b2', 'c']],
    ['#sk = :sk', ['b']],
  ])('knows %s', async (condition, expected) => {
    const { client } = await openDynamoDb();
    await put(client, ...['a', 'b', 'b1', 'b2', 'c'].map((sk) => item(sk)));
    const found = await sortKeys(client, {
      KeyConditionExpression: `#pk = :pk AND ${condition}`,
      ExpressionAttributeNames: { '#sk': 'sk' },
      ExpressionAttributeValues: { ':sk': { S: 'b' } },
    });
    expect(found).toEqual(condition.startsWith('begins') ? ['b', ...expected] : expected);
  });

  it('pages by Limit, says that there may be more when a page is full, and goes on behind its last item', async () => {
    const { client } = await openDynamoDb();
    await put(client, ...['1', '2', '3', '4'].map((sk) => item(sk)));
    const pages: (string | undefined)[][] = [];
    let ExclusiveStartKey: TestItem | undefined;
    do {
      const page = await client.send(query({ Limit: 2, ...(ExclusiveStartKey && { ExclusiveStartKey }) }));
      pages.push((page.Items ?? []).map(({ sk }) => sk?.S));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    expect(pages).toEqual([['1', '2'], ['3', '4'], []]);
  });

  it('ends a page at 1 MB', async () => {
    const { client } = await openDynamoDb();
    const text = { S: 'x'.repeat(300 * 1024) };
    await put(client, ...['1', '2', '3', '4', '5'].map((sk) => item(sk, { text })));
    const page = await client.send(query());
    expect(page.Items).toHaveLength(4);
    expect(page.LastEvaluatedKey).toEqual(item('4'));
  });

  it.each([
    ['no partition', { KeyConditionExpression: '#pk > :pk' }, /missed key schema element: pk/],
    ['a function that is not offered', { KeyConditionExpression: '#pk = :pk AND contains(#pk, :pk)' }, /contains/],
    ['OR', { KeyConditionExpression: '#pk = :pk OR #pk = :pk' }, /OR/],
    ['a name that is not defined', { KeyConditionExpression: '#pk = :pk AND #x = :pk' }, /not defined.*#x/],
    ['a name that is not used', { ExpressionAttributeNames: { '#x': 'x' } }, /unused.*#x/],
    ['a value that is not used', { ExpressionAttributeValues: { ':x': { S: 'x' } } }, /unused.*:x/],
    ['an index', { IndexName: 'none' }, /IndexName/],
    ['a filter', { FilterExpression: '#pk = :pk' }, /FilterExpression/],
    ['a start that is no item', { ExclusiveStartKey: item('none') }, /starting key/],
  ])('with %s is a ValidationException', async (_, input, message) => {
    const { client } = await openDynamoDb();
    await expect(client.send(query(input))).rejects.toMatchObject(validation(message));
  });
});

describe('the protocol', () => {
  it('is JSON 1.0, with errors in the namespace of the service', async () => {
    const { sandbox } = await openDynamoDb();
    const { accessKeyId, sessionToken } = sandbox.credentials;
    const response = await fetch(sandbox.url, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261118/us-east-1/dynamodb/aws4_request, Signature=x`,
        'x-amz-security-token': sessionToken,
        'x-amz-target': 'DynamoDB_20120810.GetItem',
      },
      body: '{"TableName":"none"}',
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.0');
    expect(await response.json()).toMatchObject({
      __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
    });
  });

  it('refuses an operation that is not offered, and a caller without permission', async () => {
    const { client } = await openDynamoDb();
    await expect(client.send(new ScanCommand({ TableName }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
    const restricted = await openDynamoDb({ allow: ['dynamodb:CreateTable', 'dynamodb:UpdateTimeToLive'] });
    await expect(restricted.client.send(query())).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `dynamodb:Query on resource: arn:aws:dynamodb:us-east-1:123456789012:table/${TableName}`,
      ),
    });
  });
});
