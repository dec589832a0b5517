import { awsError } from '../errors.ts';
import type { Call, JsonObject, JsonOperation, Service } from '../http/operation.ts';

/** The most parameters of one page. Source: the Systems Manager API reference, GetParametersByPath. */
const pageSize = 10;

const putParameter: JsonOperation = {
  event: 'write',
  resource: ({ Name }, call) => parameterArn(String(Name), call),
  run({ Name, Value, Overwrite }, { world, region }) {
    if (typeof Name !== 'string' || Name === '' || typeof Value !== 'string')
      throw awsError('ValidationException', 'Name and Value are required.');
    if (Overwrite !== true && world.parameters.has(region, Name)) {
      const message = 'The parameter already exists. To overwrite this value, set the overwrite option in the request.';
      throw awsError('ParameterAlreadyExists', message);
    }
    world.parameters.put(region, Name, Value);
    return { Version: 1, Tier: 'Standard' };
  },
};

const getParametersByPath: JsonOperation = {
  event: 'read',
  resource: ({ Path }, call) => parameterArn(String(Path), call),
  run({ Path, Recursive, MaxResults, NextToken }, call) {
    const { world, region } = call;
    const folder = readPath(Path);
    const start = NextToken === undefined ? '' : Buffer.from(String(NextToken), 'base64url').toString();
    const below = world.parameters.all(region).filter(([name]) => {
      return name.startsWith(folder) && (Recursive === true || !name.slice(folder.length).includes('/'));
    });
    const rest = below.filter(([name]) => name > start);
    const items = rest.slice(0, Math.min(readMaxResults(MaxResults), world.paging.maxPageSize ?? pageSize));
    const [last] = items.at(-1) ?? [];
    const isEnd = items.length === rest.length || last === undefined;
    return {
      Parameters: items.map(([Name, Value]) => parameterFields(Name, Value, call)),
      ...(isEnd ? {} : { NextToken: Buffer.from(last).toString('base64url') }),
    };
  },
};

function readPath(path: unknown): string {
  if (typeof path !== 'string' || !path.startsWith('/'))
    throw awsError('ValidationException', 'The parameter path must begin with a slash ("/").');
  return path.endsWith('/') ? path : `${path}/`;
}

function readMaxResults(value: unknown = pageSize): number {
  if (typeof value === 'number' && value >= 1 && value <= pageSize) return value;
  throw awsError('ValidationException', `MaxResults must be between 1 and ${pageSize}.`);
}

function parameterFields(Name: string, Value: string, call: Call): JsonObject {
  return {
    Name,
    Type: 'String',
    Value,
    Version: 1,
    LastModifiedDate: call.world.clock.now().getTime() / 1000,
    ARN: parameterArn(Name, call),
    DataType: 'text',
  };
}

function parameterArn(name: string, { world, region }: Call): string {
  return `arn:${world.account.partition}:ssm:${region}:${world.account.id}:parameter/${name.replace(/^\//, '')}`;
}

/** Systems Manager's Parameter Store: plain strings, without versions. */
export const ssm: Service = {
  name: 'ssm',
  protocol: 'json',
  target: 'AmazonSSM',
  operations: { GetParametersByPath: getParametersByPath, PutParameter: putParameter },
};
