import type { Call, JsonObject, JsonOperation } from '../../http/operation.ts';
import type { Table } from '../../state/tables.ts';
import { offerOnly, validationException } from './errors.ts';
import { tableArn, tableOf } from './table-lookup.ts';

/** Tables are there at once, and cost nothing, whatever the billing mode. */
export const createTable: JsonOperation = {
  event: 'write',
  resource: tableArn,
  run(input, call) {
    offerOnly(input, ['TableName', 'AttributeDefinitions', 'KeySchema', 'BillingMode']);
    const name = String(input.TableName ?? '');
    if (!/^[\w.-]{3,255}$/.test(name)) {
      throw validationException('TableName must be at least 3 characters long and at most 255 characters long');
    }
    const keys = readKeys(input);
    checkDefinitions(input, [keys.partitionKey, keys.sortKey]);
    const table = call.world.tables.create(call.region, { name, ...keys });
    return { TableDescription: describe(table, call) };
  },
};

export const describeTable: JsonOperation = {
  event: 'read',
  resource: tableArn,
  run(input, call) {
    offerOnly(input, ['TableName']);
    return { Table: describe(tableOf(input, call), call) };
  },
};

export const updateTimeToLive: JsonOperation = {
  event: 'write',
  resource: tableArn,
  run(input, call) {
    offerOnly(input, ['TableName', 'TimeToLiveSpecification']);
    const table = tableOf(input, call);
    const { Enabled, AttributeName } = (input.TimeToLiveSpecification ?? {}) as JsonObject;
    if (typeof Enabled !== 'boolean' || typeof AttributeName !== 'string') {
      throw validationException('TimeToLiveSpecification must have Enabled and AttributeName');
    }
    table.timeToLive = Enabled ? AttributeName : undefined;
    return { TimeToLiveSpecification: { Enabled, AttributeName } };
  },
};

function readKeys({ KeySchema }: JsonObject): { partitionKey: string; sortKey: string } {
  const [hash, range, ...more] = listOf(KeySchema);
  const isSchema = hash?.KeyType === 'HASH' && range?.KeyType === 'RANGE' && more.length === 0;
  if (!isSchema) {
    throw validationException('Invalid KeySchema: the sandbox offers tables with a HASH and a RANGE key');
  }
  return { partitionKey: String(hash.AttributeName), sortKey: String(range.AttributeName) };
}

function checkDefinitions({ AttributeDefinitions }: JsonObject, keys: readonly string[]): void {
  const defined = listOf(AttributeDefinitions);
  if (defined.some(({ AttributeType }) => AttributeType !== 'S')) {
    throw validationException('The sandbox offers keys of the type S');
  }
  const names = defined.map(({ AttributeName }) => AttributeName);
  if (names.length !== new Set(keys).size || keys.some((key) => !names.includes(key))) {
    throw validationException(
      'One or more parameter values were invalid: the attributes of AttributeDefinitions must be those of the keys',
    );
  }
}

function describe(table: Table, call: Call): object {
  const { name, partitionKey, sortKey } = table.definition;
  return {
    TableName: name,
    TableArn: tableArn({ TableName: name }, call),
    TableStatus: 'ACTIVE',
    KeySchema: [
      { AttributeName: partitionKey, KeyType: 'HASH' },
      { AttributeName: sortKey, KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [partitionKey, sortKey].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    ItemCount: table.items().length,
  };
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}
