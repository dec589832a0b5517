import { noSuchEntity, validationError } from '../../errors.ts';
import type { QueryOperation } from '../../http/operation.ts';
import type { QueryParams } from '../../http/query-params.ts';
import { pageFields, pageOf } from '../../paging.ts';
import { isUser, type KeyOwner, type UserRecord } from '../../state/records.ts';
import type { XmlObject } from '../../xml.ts';
import { namedUser, targetOwner, userArnResource, userResource } from './target.ts';

const listUsers: QueryOperation = {
  event: 'read',
  resource: userArnResource,
  run(params, call) {
    const prefix = params.get('PathPrefix') ?? '/';
    const all = call.world.account.users();
    const users = prefix === '/' ? all : all.filter((user) => user.path.startsWith(prefix));
    const page = pageOf('ListUsers', users, (user) => user.sortKey, params, call.world.paging);
    const now = call.world.clock.now().getTime();
    return { Users: page.items.map((user) => userFields(user, now)), ...pageFields(page) };
  },
};

const getUser: QueryOperation = {
  event: 'read',
  resource: userResource,
  run(params, call) {
    const owner = targetOwner(params, call);
    const now = call.world.clock.now().getTime();
    if (!isUser(owner)) {
      return { User: rootFields(owner, call.world.account.id, now) };
    }
    return { User: { ...userFields(owner, now), Tags: tagList(owner) } };
  },
};

const createUser: QueryOperation = {
  event: 'write',
  resource: userArnResource,
  run(params, call) {
    const path = params.get('Path');
    const tags = readTags(params);
    const options = { tags, ...(path === undefined ? {} : { path }) };
    const user = call.world.account.createUser(params.required('UserName'), options, call.actor);
    const now = call.world.clock.now().getTime();
    return { User: { ...userFields(user, now), Tags: user.tags.size > 0 ? tagList(user) : undefined } };
  },
};

const updateUser: QueryOperation = {
  event: 'write',
  resource: userResource,
  run(params, call) {
    const name = params.get('NewUserName');
    const path = params.get('NewPath');
    const change = { ...(name === undefined ? {} : { name }), ...(path === undefined ? {} : { path }) };
    call.world.account.updateUser(namedUser(params, call).name, change, call.actor);
    return undefined;
  },
};

const tagUser: QueryOperation = {
  event: 'write',
  resource: userResource,
  run(params, call) {
    const user = namedUser(params, call);
    const tags = readTags(params);
    call.world.account.tagUser(user.name, tags, call.actor);
    return undefined;
  },
};

const listUserTags: QueryOperation = {
  event: 'read',
  resource: userResource,
  run(params, call) {
    const tags = sortedTags(namedUser(params, call));
    const page = pageOf('ListUserTags', tags, (tag) => tag.Key, params, call.world.paging);
    return { Tags: page.items, ...pageFields(page) };
  },
};

const getLoginProfile: QueryOperation = {
  event: 'read',
  resource: userResource,
  run(params, call) {
    const owner = targetOwner(params, call);
    if (!isUser(owner) || owner.password === undefined) {
      const name = params.get('UserName') ?? call.caller.userName ?? 'null';
      throw noSuchEntity(`Login Profile for User ${name} cannot be found.`);
    }
    const createdAt = new Date(owner.password.createdAt);
    return { LoginProfile: { UserName: owner.name, CreateDate: createdAt, PasswordResetRequired: false } };
  },
};

export const userOperations = {
  ListUsers: listUsers,
  GetUser: getUser,
  CreateUser: createUser,
  UpdateUser: updateUser,
  TagUser: tagUser,
  ListUserTags: listUserTags,
  GetLoginProfile: getLoginProfile,
};

export function sortedTags(user: UserRecord): { Key: string; Value: string }[] {
  const tags = [...user.tags].map(([Key, Value]) => ({ Key, Value }));
  return tags.sort((a, b) => (a.Key < b.Key ? -1 : 1));
}

function userFields(user: UserRecord, now: number): XmlObject {
  const signIn = user.password?.uses.shown(now);
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: new Date(user.createdAt),
    PasswordLastUsed: signIn === undefined ? undefined : new Date(signIn.at),
  };
}

/** GetUser for the root user: no name, and the account's number as the id. */
function rootFields(root: KeyOwner, accountId: string, now: number): XmlObject {
  const signIn = isUser(root) ? undefined : root.passwordUses.shown(now);
  return {
    UserId: accountId,
    Arn: root.arn,
    CreateDate: new Date(root.createdAt),
    PasswordLastUsed: signIn === undefined ? undefined : new Date(signIn.at),
  };
}

function tagList(user: UserRecord): XmlObject[] | undefined {
  return user.tags.size === 0 ? undefined : sortedTags(user);
}

function readTags(params: QueryParams): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const field of params.structures('Tags.member', 'Key')) {
    const key = field('Key') ?? '';
    if (key === '' || key.length > 128) {
      throw validationError(`Tag key must have 1 to 128 characters; found ${key.length}`);
    }
    tags[key] = field('Value') ?? '';
  }
  return tags;
}
