import { accessDenied, constraintError, noSuchEntity } from '../../errors.ts';
import type { Call, QueryOperation } from '../../http/operation.ts';
import type { QueryParams } from '../../http/query-params.ts';
import { pageFields, pageOf } from '../../paging.ts';
import { type AccessKeyRecord, isUser, ownerName } from '../../state/records.ts';
import { namedUser, targetOwner, userResource } from './target.ts';

/** Keys come sorted by id, which says nothing about their age or slot. */
const listAccessKeys: QueryOperation = {
  event: 'read',
  resource: userResource,
  run(params, call) {
    const owner = targetOwner(params, call);
    const keys = [...owner.accessKeys].sort((a, b) => (a.id < b.id ? -1 : 1));
    const page = pageOf('ListAccessKeys', keys, (key) => key.id, params, call.world.paging);
    const userName = isUser(owner) ? owner.name : undefined;
    const metadata = page.items.map((key) => ({
      UserName: userName,
      AccessKeyId: key.id,
      Status: key.status,
      CreateDate: new Date(key.createdAt),
    }));
    return { AccessKeyMetadata: metadata, ...pageFields(page) };
  },
};

const getAccessKeyLastUsed: QueryOperation = {
  event: 'read',
  resource: keyResource,
  run(params, call) {
    const id = params.required('AccessKeyId');
    const found = call.world.account.findAccessKey(id);
    if (found === undefined) {
      // AWS does not disclose whether a key of someone else exists, so an unknown key is "denied", not "not found".
      throw accessDenied(call.caller.arn, 'iam:GetAccessKeyLastUsed', keyResource(params));
    }
    const use = found.key.uses.shown(call.world.clock.now().getTime());
    return {
      UserName: ownerName(found.owner),
      AccessKeyLastUsed: {
        LastUsedDate: use === undefined ? undefined : new Date(use.at),
        ServiceName: use?.service ?? 'N/A',
        Region: use?.region ?? 'N/A',
      },
    };
  },
};

const createAccessKey: QueryOperation = {
  event: 'write',
  resource: userResource,
  run(params, call) {
    const userName = params.get('UserName') === undefined ? call.caller.userName : params.get('UserName');
    const user = userName === undefined ? namedUser(params, call) : call.world.account.user(userName);
    const key = call.world.account.createAccessKey(user.name, call.actor);
    return {
      AccessKey: {
        UserName: user.name,
        AccessKeyId: key.id,
        Status: key.status,
        SecretAccessKey: key.secret,
        CreateDate: new Date(key.createdAt),
      },
    };
  },
};

const updateAccessKey: QueryOperation = {
  event: 'write',
  resource: userResource,
  run(params, call) {
    const status = params.required('Status');
    if (status !== 'Active' && status !== 'Inactive') {
      throw constraintError(status, 'status', 'Member must satisfy enum value set: [Active, Inactive]');
    }
    call.world.account.setAccessKeyStatus(targetKey(params, call).id, status, call.actor);
    return undefined;
  },
};

const deleteAccessKey: QueryOperation = {
  event: 'write',
  resource: userResource,
  run(params, call) {
    call.world.account.deleteAccessKey(targetKey(params, call).id, call.actor);
    return undefined;
  },
};

export const accessKeyOperations = {
  ListAccessKeys: listAccessKeys,
  GetAccessKeyLastUsed: getAccessKeyLastUsed,
  CreateAccessKey: createAccessKey,
  UpdateAccessKey: updateAccessKey,
  DeleteAccessKey: deleteAccessKey,
};

/** The key that a request changes; it must belong to the user that the request is about. */
function targetKey(params: QueryParams, call: Call): AccessKeyRecord {
  const id = params.required('AccessKeyId');
  const key = targetOwner(params, call).accessKeys.find((candidate) => candidate.id === id);
  if (key === undefined) {
    throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  }
  return key;
}

function keyResource(params: QueryParams): string {
  return `access key ${params.get('AccessKeyId') ?? 'null'}`;
}
