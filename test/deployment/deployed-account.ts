/** What is to be seen in the emulated account, by the names that CloudFormation gave. */
import { accountPartition, ledgerTable, sortKeyPrefixes } from '../../core/lifecycle/ledger-table.ts';
import { account, type Emulator } from './emulator/emulator.ts';

export interface StackResource {
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string;
  readonly ResourceType: string;
}

export interface DeployedStack {
  readonly resources: readonly StackResource[];
  readonly outputs: Readonly<Record<string, string>>;
  /** Value of an output. Throws where there is none. */
  output(key: string): string;
}

export async function readStack({ call }: Emulator, name: string): Promise<DeployedStack> {
  const { StackResources: resources } = await call<{ StackResources: readonly StackResource[] }>(
    'cloudformation',
    'DescribeStackResources',
    { StackName: name },
  );
  const { Stacks } = await call<{ Stacks: { Outputs?: { OutputKey: string; OutputValue: string }[] }[] }>(
    'cloudformation',
    'DescribeStacks',
    { StackName: name },
  );
  const given = Stacks[0]?.Outputs ?? [];
  const outputs = Object.fromEntries(given.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  return {
    resources,
    outputs,
    output: (key) => {
      const value = outputs[key];
      if (value === undefined) throw new Error(`the stack has no output ${key}, only ${Object.keys(outputs)}`);
      return value;
    },
  };
}

/** As much of DynamoDB's attribute values as the ledger's items are looked at by. */
interface AttributeValue {
  readonly S?: string;
  readonly M?: Readonly<Record<string, AttributeValue>>;
}

/** An entry of the ledger as it lies in the table. */
export interface LedgerItem {
  readonly key: string;
  readonly item: Readonly<Record<string, AttributeValue>>;
}

/** Every item of the ledger, by sort key. */
export async function readLedger({ call }: Emulator, table: string): Promise<readonly LedgerItem[]> {
  const { Items } = await call<{ Items: Readonly<Record<string, AttributeValue>>[] }>('dynamodb', 'Query', {
    TableName: table,
    KeyConditionExpression: '#partition = :partition',
    ExpressionAttributeNames: { '#partition': ledgerTable.partitionKey },
    ExpressionAttributeValues: { ':partition': { S: accountPartition(account) } },
  });
  return Items.map((item) => ({ key: String(item[ledgerTable.sortKey]?.S), item }));
}

/** The stage of each credential in the ledger, by its id. */
export function stagesIn(ledger: readonly LedgerItem[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ledger
      .filter(({ key }) => key.startsWith(sortKeyPrefixes.entry))
      .map(({ key, item }) => [key.slice(sortKeyPrefixes.entry.length), String(item.record?.M?.stage?.S)]),
  );
}

/** How many events of credentials the ledger holds. */
export function countEvents(ledger: readonly LedgerItem[]): number {
  return ledger.filter(({ key }) => key.startsWith(sortKeyPrefixes.event)).length;
}

/** Statuses of a user's access keys, by id. */
export async function readKeys({ call }: Emulator, user: string): Promise<Readonly<Record<string, string>>> {
  const { AccessKeyMetadata } = await call<{ AccessKeyMetadata: { AccessKeyId: string; Status: string }[] }>(
    'iam',
    'ListAccessKeys',
    { UserName: user },
  );
  return Object.fromEntries(AccessKeyMetadata.map(({ AccessKeyId, Status }) => [AccessKeyId, Status]));
}

export async function readObjects({ call }: Emulator, bucket: string): Promise<readonly string[]> {
  const { Contents = [] } = await call<{ Contents?: { Key: string }[] }>('s3', 'ListObjectsV2', { Bucket: bucket });
  return Contents.map(({ Key }) => Key).sort();
}

/** Lines of a log group, oldest first, parsed where they are JSON. */
export async function readLog(
  { call }: Emulator,
  group: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const lines: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await call<{ events: { message: string }[]; nextToken?: string }>('logs', 'FilterLogEvents', {
      logGroupName: group,
      ...(nextToken !== undefined && { nextToken }),
    });
    lines.push(...page.events.map(({ message }) => message));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));
}

/** Messages that wait in a queue; looks without taking them. */
export async function countMessages({ call }: Emulator, queueUrl: string): Promise<number> {
  const { Attributes } = await call<{ Attributes: Record<string, string> }>('sqs', 'GetQueueAttributes', {
    QueueUrl: queueUrl,
    AttributeNames: ['ApproximateNumberOfMessages'],
  });
  return Number(Attributes.ApproximateNumberOfMessages);
}
