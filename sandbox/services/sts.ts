import { accessDenied, constraintError, validationError } from '../errors.ts';
import type { Call, QueryOperation, Service } from '../http/operation.ts';
import type { QueryParams } from '../http/query-params.ts';
import { accountIdOf } from '../state/ids.ts';
import type { RoleRecord } from '../state/records.ts';

const getCallerIdentity: QueryOperation = {
  event: 'read',
  run: (_params, { caller, world }) => ({ Arn: caller.arn, UserId: caller.userId, Account: world.account.id }),
};

const assumeRole: QueryOperation = {
  event: 'read',
  resource: (params) => params.get('RoleArn') ?? 'null',
  run(params, call) {
    const arn = params.required('RoleArn');
    const sessionName = readSessionName(params);
    const externalId = readExternalId(params);
    const seconds = readDuration(params);
    const { world, caller } = call;
    const role = world.account.roles.find((candidate) => candidate.arn === arn);
    if (role === undefined || !trusts(role, world.account.id, externalId)) {
      throw accessDenied(caller.arn, 'sts:AssumeRole', arn);
    }
    checkDuration(seconds, role, call);
    const expiresAt = world.clock.now().getTime() + seconds * 1000;
    const { id: accountId, partition } = world.account;
    const session = world.sessions.create({ partition, accountId, role, sessionName, expiresAt });
    return {
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: session.secretAccessKey,
        SessionToken: session.sessionToken,
        // Clients compare this with the machine's clock, whatever the sandbox's clock shows.
        Expiration: new Date(world.machineTime().getTime() + seconds * 1000),
      },
      AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
    };
  },
};

const getAccessKeyInfo: QueryOperation = {
  event: 'read',
  run(params, { world }) {
    const id = params.required('AccessKeyId');
    if (!/^\w{16,128}$/.test(id)) {
      throw constraintError(
        id,
        'accessKeyId',
        'Member must satisfy regular expression pattern: [\\w]*, 16 to 128 long',
      );
    }
    const own = world.account.findAccessKey(id) === undefined ? undefined : world.account.id;
    const account = own ?? accountIdOf(id);
    if (account === undefined) {
      throw validationError(`Access key ${id} does not exist.`);
    }
    return { Account: account };
  },
};

/** AWS Security Token Service. */
export const sts: Service = {
  name: 'sts',
  protocol: 'query',
  version: '2011-06-15',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  operations: { GetCallerIdentity: getCallerIdentity, AssumeRole: assumeRole, GetAccessKeyInfo: getAccessKeyInfo },
};

/** The caller is always of the sandbox's one account. */
function trusts(role: RoleRecord, callerAccount: string, externalId: string | undefined): boolean {
  return (
    role.trustedAccounts.includes(callerAccount) && (role.externalId === undefined || role.externalId === externalId)
  );
}

function readSessionName(params: QueryParams): string {
  const name = params.required('RoleSessionName');
  if (!/^[\w+=,.@-]*$/.test(name)) {
    const pattern = 'Member must satisfy regular expression pattern: [\\w+=,.@-]*';
    throw constraintError(name, 'roleSessionName', pattern);
  }
  checkLength(name, 'roleSessionName', 2, 64);
  return name;
}

function readExternalId(params: QueryParams): string | undefined {
  const id = params.get('ExternalId');
  if (id === undefined) {
    return undefined;
  }
  checkLength(id, 'externalId', 2, 1224);
  if (!/^[\w+=,.@:/-]*$/.test(id)) {
    throw constraintError(id, 'externalId', 'Member must satisfy regular expression pattern: [\\w+=,.@:\\/-]*');
  }
  return id;
}

function readDuration(params: QueryParams): number {
  const text = params.get('DurationSeconds') ?? '3600';
  const seconds = Number(text);
  if (!(seconds >= 900)) {
    throw constraintError(text, 'durationSeconds', 'Member must have value greater than or equal to 900');
  }
  if (seconds > 43_200) {
    throw constraintError(text, 'durationSeconds', 'Member must have value less than or equal to 43200');
  }
  return seconds;
}

function checkDuration(seconds: number, role: RoleRecord, call: Call): void {
  if (seconds > role.maxSessionDuration) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  if (call.caller.kind === 'session' && seconds > 3600) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
}

function checkLength(value: string, member: string, least: number, most: number): void {
  if (value.length < least) {
    throw constraintError(value, member, `Member must have length greater than or equal to ${least}`);
  }
  if (value.length > most) {
    throw constraintError(value, member, `Member must have length less than or equal to ${most}`);
  }
}
