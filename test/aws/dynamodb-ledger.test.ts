import {
  DynamoDBClient,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDynamoDbLedger } from '../../aws/dynamodb-ledger.ts';
import { entryItem } from '../../aws/ledger-items.ts';
import { useAwsConfig } from '../support/aws-config.ts';
import { type Damage, damages, editableLedger, sortKeys } from '../support/damaged-items.ts';
import { TableName } from '../support/dynamodb-requests.ts';
import { openDynamoDb } from '../support/dynamodb-sandbox.ts';
import { account, eventFor, following, fullEntry, ledgerEntry, sweepRecord } from '../support/ledger-builder.ts';

useAwsConfig();

const first = ledgerEntry();
const second = following(first);
const keyId = first.credential.id;
const partition = { S: `ACCOUNT#${account}` };
const write = 'dynamodb:TransactWriteItems';

function cancelled(...codes: string[]) {
  const CancellationReasons = codes.map((Code) => ({ Code }));
  return { kind: 'error', code: 'TransactionCanceledException', details: { CancellationReasons } } as const;
}

describe('a write', () => {
  it('is one request', async () => {
    const { sandbox, ledger } = await openDynamoDb();
    await ledger.write(first, eventFor(first));
    expect(sandbox.requestCounts()).toEqual({ [write]: 1 });
  });

  it.each([
    ['reset', { kind: 'reset', applied: true }],
    ['a server error', { kind: 'server-error', code: 'InternalServerError', applied: true }],
    ['garbage', { kind: 'garbage', status: 502, applied: true }],
  ] as const)('whose answer was lost (%s) is sent again, and is no conflict with itself', async (_, fault) => {
    const { sandbox, ledger } = await openDynamoDb();
    sandbox.faults.add({ action: write, count: 1, ...fault });
    expect(await ledger.write(first, eventFor(first))).toBe('written');
    expect(await ledger.events(account, keyId)).toHaveLength(1);
    expect(sandbox.requestCounts()[write]).toBe(2);
  });

  it('whose answer was lost for good is an error, and a conflict when it is tried again', async () => {
    const { sandbox, ledger } = await openDynamoDb();
    sandbox.faults.add({ action: write, kind: 'reset', applied: true, count: 3 });
    await expect(ledger.write(first, eventFor(first))).rejects.toMatchObject({ code: 'EndpointUnreachable' });
    expect(await ledger.write(first, eventFor(first))).toBe('conflict');
    expect(await ledger.entry(account, keyId)).toStrictEqual(first);
  });

  it.each([
    ['of this very write is written, whatever DynamoDB still knows of it', true, 'written'],
    ['of another write is a conflict', false, 'conflict'],
  ])('that finds the entry %s', async (_, own, outcome) => {
    const { ledger } = await openDynamoDb();
    const mock = mockClient(DynamoDBClient);
    onTestFinished(() => mock.restore());
    mock.on(TransactWriteItemsCommand).callsFake(({ TransactItems }: TransactWriteItemsCommandInput) => {
      const Item = { ...TransactItems?.[0]?.Put?.Item, ...(!own && { writeToken: { S: 'of someone else' } }) };
      const CancellationReasons = [{ Code: 'ConditionalCheckFailed', Item }, { Code: 'ConditionalCheckFailed' }];
      throw new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons });
    });
    expect(await ledger.write(first, eventFor(first))).toBe(outcome);
  });

  it('that meets another transaction is tried again after a jittered wait', async () => {
    const { sandbox, ledger, timing } = await openDynamoDb();
    sandbox.faults.add({ action: write, count: 3, ...cancelled('TransactionConflict', 'None') });
    expect(await ledger.write(first, eventFor(first))).toBe('written');
    expect(timing.sleeps).toEqual([100, 200, 400]);
  });

  it('that always meets another transaction is a conflict, and nothing is written', async () => {
    const { sandbox, ledger } = await openDynamoDb();
    sandbox.faults.add({ action: write, ...cancelled('TransactionConflict', 'TransactionConflict') });
    expect(await ledger.write(first, eventFor(first))).toBe('conflict');
    expect(sandbox.requestCounts()[write]).toBe(6);
    expect((await ledger.entries(account)).entries).toEqual([]);
  });

  it.each(['ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'that is always cancelled by %s is Throttled',
    async (code) => {
      const { sandbox, ledger } = await openDynamoDb();
      const fault = sandbox.faults.add({ action: write, ...cancelled('None', code) });
      await expect(ledger.write(first, eventFor(first))).rejects.toMatchObject({ code: 'Throttled' });
      fault.remove();
      expect(await ledger.write(first, eventFor(first))).toBe('written');
    },
  );

  it('that is cancelled for any other reason is an error that says so', async () => {
    const { sandbox, ledger } = await openDynamoDb();
    sandbox.faults.add({ action: write, ...cancelled('ValidationError', 'TransactionConflict') });
    await expect(ledger.write(first, eventFor(first))).rejects.toMatchObject({ code: 'AwsAnswerUnexpected' });
    expect(sandbox.requestCounts()[write]).toBe(1);
  });

  it('whose event is there already without its entry is corruption', async () => {
    const { client, ledger } = await openDynamoDb();
    await ledger.write(first, eventFor(first));
    const sk = { S: `EVENT#${keyId}#0000000002` };
    await client.send(new PutItemCommand({ TableName, Item: { pk: partition, sk } }));
    await expect(ledger.write(second, eventFor(second))).rejects.toMatchObject({ code: 'LedgerCorrupt' });
    expect(await ledger.entry(account, keyId)).toStrictEqual(first);
  });
});

describe('what cannot be done', () => {
  const methods: readonly [
    string,
    string,
    (ledger: Awaited<ReturnType<typeof openDynamoDb>>['ledger']) => Promise<unknown>,
  ][] = [
    ['entries', 'dynamodb:Query', (ledger) => ledger.entries(account)],
    ['entry', 'dynamodb:GetItem', (ledger) => ledger.entry(account, keyId)],
    ['write', write, (ledger) => ledger.write(first, eventFor(first))],
    ['events', 'dynamodb:Query', (ledger) => ledger.events(account, keyId)],
    ['sweep', 'dynamodb:GetItem', (ledger) => ledger.sweep(account, 's')],
    ['writeSweep', 'dynamodb:PutItem', (ledger) => ledger.writeSweep(sweepRecord())],
  ];

  it.each(methods)('%s without permission names %s', async (_, action, call) => {
    const { sandbox, ledger } = await openDynamoDb();
    sandbox.faults.add({ action, kind: 'denied' });
    await expect(call(ledger)).rejects.toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining(action),
    });
  });

  it.each(methods)('%s without the table says so', async (_method, _action, call) => {
    const { session } = await openDynamoDb();
    await expect(call(createDynamoDbLedger(session, 'elsewhere'))).rejects.toMatchObject({
      code: 'LedgerTableMissing',
      message: expect.stringContaining('elsewhere'),
    });
  });

  it.each(methods)('%s while DynamoDB fails is an error, and never an empty answer', async (_, action, call) => {
    const { sandbox, connect } = await openDynamoDb();
    const ledger = createDynamoDbLedger(connect({ maxAttempts: 1 }), TableName);
    sandbox.faults.add({ action, kind: 'server-error', code: 'InternalServerError', count: 1 });
    await expect(call(ledger)).rejects.toMatchObject({ code: 'ServiceFailure' });
    sandbox.faults.add({ action, kind: 'error', code: 'ProvisionedThroughputExceededException', count: 1 });
    await expect(call(ledger)).rejects.toMatchObject({ code: 'Throttled' });
  });

  it('a later page that fails is an error, and not a shorter list', async () => {
    const { sandbox, connect, ledger } = await openDynamoDb({ paging: { maxPageSize: 1 } });
    for (const id of ['AKIA1', 'AKIA2']) await ledger.write(ledgerEntry(id), eventFor(ledgerEntry(id)));
    sandbox.faults.add({ action: 'dynamodb:Query', nth: 2, kind: 'server-error', code: 'InternalServerError' });
    const impatient = createDynamoDbLedger(connect({ maxAttempts: 1 }), TableName);
    await expect(impatient.entries(account)).rejects.toMatchObject({ code: 'ServiceFailure' });
  });

  it.each(['', 'ab', 'a b c', 'arn:aws:s3:::bucket', 'x'.repeat(256)])('a table cannot be named %j', async (name) => {
    const { session } = await openDynamoDb();
    expect(() => createDynamoDbLedger(session, name)).toThrow(expect.objectContaining({ code: 'LedgerTableInvalid' }));
  });

  it('a table is not named by its ARN, which may be of another account', async () => {
    const { session, sandbox } = await openDynamoDb();
    const arn = `arn:aws:dynamodb:${sandbox.region}:${sandbox.account.id}:table/${TableName}`;
    expect(() => createDynamoDbLedger(session, arn)).toThrow(expect.objectContaining({ code: 'LedgerTableInvalid' }));
  });
});

describe('the item of an entry that is not as it was written', () => {
  const [other, damagedId, third] = ['AKIAALICE', keyId, 'AKIAZOE'];

  /** Three entries with something due, the one in the middle damaged. */
  async function openDamaged({ edit }: Pick<Damage, 'edit'>) {
    const { client, ledger, sandbox } = await openDynamoDb();
    for (const id of [third, damagedId, other]) await ledger.write(fullEntry(id), eventFor(fullEntry(id)));
    const editable = editableLedger(ledger, client, account);
    await editable.edit(sortKeys.entry(damagedId), edit);
    return { ...editable, sandbox };
  }

  describe.each(damages)('$what', (damage) => {
    it('is refused with its key, and with what to do', async () => {
      const { ledger } = await openDamaged(damage);
      const error = await ledger.entry(account, damagedId).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: damage.code, message: expect.stringMatching(damage.says) });
      expect(error.message).toContain(`ACCOUNT#${account} CREDENTIAL#${damagedId}`);
      expect(error.hint).toMatch(damage.code === 'LedgerCorrupt' ? /docs\/operations\.md/ : /update keysweep/);
    });

    it('hides no other, and is named', async () => {
      const { ledger } = await openDamaged(damage);
      const { entries, damaged } = await ledger.entries(account);
      expect(entries).toStrictEqual([fullEntry(other), fullEntry(third)]);
      expect(damaged).toStrictEqual([
        {
          credential: { kind: 'access-key', id: damagedId },
          ...(damage.isNamed && { principal: fullEntry().principal }),
          why: expect.stringMatching(damage.says),
        },
      ]);
      expect(damaged[0]?.why).toContain(`ACCOUNT#${account} CREDENTIAL#${damagedId}`);
    });

    it('is not written over as if there were none', async () => {
      const { ledger, item } = await openDamaged(damage);
      const before = await item(sortKeys.entry(damagedId));
      expect(await ledger.write(ledgerEntry(damagedId), eventFor(ledgerEntry(damagedId)))).toBe('conflict');
      expect(await item(sortKeys.entry(damagedId))).toStrictEqual(before);
    });
  });

  it.each([
    ['whose own item is elsewhere: only the one of the key is in doubt', true, ['AKIAHERE']],
    ['that has no item of its own: both are in doubt', false, ['AKIAHERE', 'AKIAMOVED']],
  ])('may hold the record of another credential, %s', async (_, stays, expected) => {
    const { ledger, put } = await openDamaged({ edit: (same) => same });
    const moved = ledgerEntry('AKIAMOVED', { credential: { kind: 'access-key', id: 'AKIAMOVED' } });
    if (stays) await ledger.write(moved, eventFor(moved));
    await put({ ...entryItem(moved, 'token'), sk: { S: sortKeys.entry('AKIAHERE') } });
    const { entries, damaged } = await ledger.entries(account);
    expect(damaged.map(({ credential }) => credential.id)).toEqual(expected);
    expect(damaged[1] ?? moved).toMatchObject({ credential: moved.credential, principal: moved.principal });
    expect(damaged[0]).not.toHaveProperty('principal');
    expect(entries).toHaveLength(stays ? 4 : 3);
  });

  it.each(['', 'AKIA#1', 'two words', 'x'.repeat(129)])(
    'stops everything where its key names no credential: %j',
    async (id) => {
      const { ledger, put, item } = await openDamaged({ edit: (same) => same });
      await put({ ...(await item(sortKeys.entry(other))), sk: { S: sortKeys.entry(id) } });
      await expect(ledger.entries(account)).rejects.toMatchObject({ code: 'LedgerCorrupt' });
    },
  );
});

it('an event under the key of another is refused', async () => {
  const { client, ledger } = await openDynamoDb();
  await ledger.write(first, eventFor(first));
  const { edit } = editableLedger(ledger, client, account);
  await edit(sortKeys.event(keyId, 1), (item) => ({ ...item, sk: { S: sortKeys.event(keyId, 2) } }));
  await expect(ledger.events(account, keyId)).rejects.toMatchObject({ code: 'LedgerCorrupt' });
});

describe('the table', () => {
  it('holds sweeps with the second after which DynamoDB may delete them, and nothing else with one', async () => {
    const { sandbox, ledger } = await openDynamoDb();
    await ledger.write(first, eventFor(first));
    await ledger.writeSweep(sweepRecord('s', { expiresAt: new Date('2027-01-01T00:00:00.001Z') }));
    const table = sandbox.tables.find(sandbox.region, TableName);
    expect(table?.timeToLive).toBe('expires');
    const expiring = table?.items().filter(({ expires }) => expires !== undefined);
    expect(expiring).toMatchObject([{ sk: { S: 'SWEEP#s' }, expires: { N: String(Date.UTC(2027, 0) / 1000 + 1) } }]);
  });
});
