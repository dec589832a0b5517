/** The requests that the sandbox received, as IAM authorizes them: an action on a resource, in a context. */

import type { Sandbox } from '../../sandbox/index.ts';
import type { RequestRecord } from '../../sandbox/request-log.ts';

export interface ApiCall {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request. */
  readonly context: Readonly<Record<string, string | string[]>>;
}

/**
 * The calls that need a permission; each one once. Sources: the Service Authorization Reference, and for transactions
 * the DynamoDB developer guide (each part needs the permission of its own operation).
 */
export function apiCalls(sandbox: Sandbox, requests: readonly RequestRecord[]): readonly ApiCall[] {
  const calls = requests.flatMap((request) => callsOf(sandbox, request));
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
}

function callsOf(sandbox: Sandbox, request: RequestRecord): ApiCall[] {
  const { action, service, params } = request;
  const arn = (name: string) => `arn:aws:${service}:${request.region}:${sandbox.account.id}:${name}`;
  const call = (resource: string, context = {}, as = action): ApiCall => ({ action: as, resource, context });
  switch (service) {
    case 'sts':
      if (action === 'sts:GetCallerIdentity') return [];
      break;
    case 'iam':
      if (params.RoleName !== undefined) return [call(`arn:aws:iam::${sandbox.account.id}:role/${params.RoleName}`)];
      if (params.PolicyArn !== undefined) return [call(String(params.PolicyArn))];
      return [call(userArn(sandbox, params) ?? '*')];
    case 'sns':
      // Of a subscription only the topic is a resource.
      return [
        call(
          String(params.TopicArn ?? params.SubscriptionArn)
            .split(':')
            .slice(0, 6)
            .join(':'),
        ),
      ];
    case 's3':
      return [call(`arn:aws:s3:::${String(params.path).slice(1)}`)];
    case 'dynamodb':
      return partsOf(params).map(([as, { TableName }]) => call(arn(`table/${TableName}`), {}, as ?? action));
    case 'kms':
      return [call(String(params.KeyId))];
    case 'ssm':
      return [call(arn(`parameter${params.Path}`))];
    case 'events':
      return busesOf(listOf(params.Entries)).map(([bus, entries]) =>
        call(arn(`event-bus/${bus}`), {
          'events:source': [...new Set(entries.map(({ Source }) => String(Source)))],
          'events:detail-type': [...new Set(entries.map(({ DetailType }) => String(DetailType)))],
        }),
      );
  }
  throw new Error(`no one has said what ${action} is authorized on`);
}

type Params = Readonly<Record<string, unknown>>;

/** The user that a request is about, or whose key it is about. */
function userArn({ account }: Sandbox, { UserName, AccessKeyId }: Params): string | undefined {
  if (UserName === undefined && AccessKeyId === undefined) return undefined;
  const owner = account
    .users()
    .find(({ name, accessKeys }) => name === UserName || [...accessKeys].some(({ id }) => id === AccessKeyId));
  // A deleted key has no owner any more; IAM then asks for the permission on whatever user it was.
  return owner?.arn ?? `arn:aws:iam::${account.id}:user/${UserName ?? 'not-found'}`;
}

/** The operations of a transaction, else the request itself. */
function partsOf(params: Params): [action: string | undefined, params: Params][] {
  if (params.TransactItems === undefined) return [[undefined, params]];
  const actions: Readonly<Record<string, string>> = {
    Put: 'dynamodb:PutItem',
    Update: 'dynamodb:UpdateItem',
    Delete: 'dynamodb:DeleteItem',
    ConditionCheck: 'dynamodb:ConditionCheckItem',
  };
  return listOf(params.TransactItems).flatMap((part) =>
    Object.entries(part).map(([kind, item]): [string, Params] => [actions[kind] ?? kind, item as Params]),
  );
}

/** The entries of one request by the bus that they are for. */
function busesOf(entries: readonly Params[]): [bus: string, entries: readonly Params[]][] {
  const buses = [...new Set(entries.map(({ EventBusName }) => String(EventBusName)))];
  return buses.map((bus) => [bus, entries.filter(({ EventBusName }) => String(EventBusName) === bus)]);
}

function listOf(value: unknown): readonly Params[] {
  return value as readonly Params[];
}
