import { awsError, constraintError, noSuchEntity } from '../errors.ts';
import {
  type BuildContext,
  buildGroups,
  buildPolicies,
  buildRole,
  buildRoot,
  buildUser,
  policyRef,
  wholeSeconds,
} from './build-account.ts';
import type { IdSource } from './ids.ts';
import { type Actor, type Journal, person } from './journal.ts';
import { KeyUsage, type UsageParts } from './key-usage.ts';
import {
  type AccessKeyRecord,
  type GroupRecord,
  isUser,
  type KeyOwner,
  type KeyStatus,
  type ManagedPolicyRecord,
  ownerName,
  type RoleRecord,
  type RootRecord,
  type UserRecord,
} from './records.ts';
import type { AccountSeed } from './seed.ts';
import { UseHistory } from './use-history.ts';

export interface AccountParts extends UsageParts {
  readonly ids: IdSource;
  readonly journal: Journal;
}

/**
 * The state of one account. What a person could do in the console is a method here; the API's operations go through
 * the same methods, and fail with the same errors ({@link AwsError}).
 */
export class SandboxAccount {
  readonly id: string;
  readonly partition: string;
  readonly alias: string | undefined;
  readonly root: RootRecord;
  readonly groups: readonly GroupRecord[];
  readonly roles: readonly RoleRecord[];
  readonly policies: readonly ManagedPolicyRecord[];
  /** Days after which passwords expire; undefined: never. */
  readonly passwordMaxAgeDays: number | undefined;
  readonly quotas: { readonly users: number; readonly accessKeysPerUser: number };
  /** Uses of keys and passwords. */
  readonly usage: KeyUsage;
  readonly #parts: AccountParts;
  readonly #users = new Map<string, UserRecord>();
  readonly #owners = new Map<string, { readonly owner: KeyOwner; readonly key: AccessKeyRecord }>();
  #sorted: readonly UserRecord[] | undefined;

  constructor(seed: AccountSeed, parts: AccountParts) {
    this.id = seed.id;
    this.partition = seed.partition ?? 'aws';
    this.alias = seed.alias;
    this.passwordMaxAgeDays = seed.passwordMaxAgeDays;
    this.quotas = { users: 5000, accessKeysPerUser: 2, ...seed.quotas };
    this.#parts = parts;
    const context = this.#context();
    this.root = buildRoot(seed.root, seed, context);
    this.groups = buildGroups(seed, context);
    this.roles = (seed.roles ?? []).map((role) => buildRole(role, context));
    this.policies = buildPolicies(seed, context);
    this.usage = new KeyUsage(this, parts);
    this.#adoptKeys(this.root);
    for (const user of seed.users) {
      this.#addUser(buildUser(user, context));
    }
    this.usage.recordSeededUses();
  }

  /** Every user, sorted by name without regard to case. */
  users(): readonly UserRecord[] {
    this.#sorted ??= [...this.#users.values()].sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1));
    return this.#sorted;
  }

  /** @throws AwsError NoSuchEntity */
  user(name: string): UserRecord {
    const user = this.#users.get(name.toLowerCase());
    if (user?.name !== name) {
      throw noSuchEntity(`The user with name ${name} cannot be found.`);
    }
    return user;
  }

  /** A key of the root user or of any user. */
  findAccessKey(id: string): { readonly owner: KeyOwner; readonly key: AccessKeyRecord } | undefined {
    return this.#owners.get(id);
  }

  /** @throws AwsError NoSuchEntity */
  accessKey(id: string): AccessKeyRecord {
    return this.#ownedKey(id).key;
  }

  createUser(
    name: string,
    options: { path?: string; tags?: Readonly<Record<string, string>> } = {},
    actor: Actor = person,
  ): UserRecord {
    checkUserName(name, 'userName');
    if (this.#users.has(name.toLowerCase())) {
      throw awsError('EntityAlreadyExists', `User with name ${name} already exists.`);
    }
    if (this.#users.size >= this.quotas.users) {
      throw awsError('LimitExceeded', `Cannot exceed quota for UsersPerAccount: ${this.quotas.users}`);
    }
    const user = buildUser({ name, path: options.path ?? '/', tags: options.tags ?? {} }, this.#context());
    this.#addUser(user);
    this.#journal('CreateUser', user, actor);
    return user;
  }

  /** Deletes a user with all credentials, as the console does. */
  deleteUser(name: string, actor: Actor = person): void {
    const user = this.user(name);
    for (const key of [...user.accessKeys]) {
      this.deleteAccessKey(key.id, actor);
    }
    this.#users.delete(user.sortKey);
    this.#sorted = undefined;
    this.#journal('DeleteUser', user, actor);
  }

  /** Gives a user another name or path: its id, keys, tags and groups stay, and its ARN follows. */
  updateUser(name: string, change: { readonly name?: string; readonly path?: string }, actor: Actor = person): void {
    const user = this.user(name);
    const newName = change.name ?? user.name;
    checkUserName(newName, 'newUserName');
    const holder = this.#users.get(newName.toLowerCase());
    if (holder !== undefined && holder !== user) {
      throw awsError('EntityAlreadyExists', `User with name ${newName} already exists.`);
    }
    this.#users.delete(user.sortKey);
    user.name = newName;
    user.sortKey = newName.toLowerCase();
    user.path = change.path ?? user.path;
    user.arn = `arn:${this.partition}:iam::${this.id}:user${user.path}${newName}`;
    this.#users.set(user.sortKey, user);
    this.#sorted = undefined;
    this.#journal('UpdateUser', user, actor);
  }

  tagUser(name: string, tags: Readonly<Record<string, string>>, actor: Actor = person): void {
    const user = this.user(name);
    for (const [key, value] of Object.entries(tags)) {
      user.tags.set(key, value);
    }
    this.#journal('TagUser', user, actor);
  }

  untagUser(name: string, keys: readonly string[], actor: Actor = person): void {
    const user = this.user(name);
    for (const key of keys) {
      user.tags.delete(key);
    }
    this.#journal('UntagUser', user, actor);
  }

  /** @param policy an ARN, or the name of an AWS managed policy. */
  attachPolicy(name: string, policy: string, actor: Actor = person): void {
    const user = this.user(name);
    const ref = policyRef(policy, this);
    if (!user.attachedPolicies.some((attached) => attached.arn === ref.arn)) {
      user.attachedPolicies.push(ref);
    }
    this.#journal('AttachUserPolicy', user, actor);
  }

  createAccessKey(userName: string, actor: Actor = person): AccessKeyRecord {
    const user = this.user(userName);
    const quota = this.quotas.accessKeysPerUser;
    if (user.accessKeys.length >= quota) {
      throw awsError('LimitExceeded', `Cannot exceed quota for AccessKeysPerUser: ${quota}`);
    }
    const taken = new Set(user.accessKeys.map((key) => key.slot));
    const slot = Array.from({ length: quota }, (_, index) => index + 1).find((candidate) => !taken.has(candidate)) ?? 1;
    const { ids } = this.#parts;
    const createdAt = this.#now();
    const key: AccessKeyRecord = {
      id: ids.next('AKIA'),
      secret: ids.secret(),
      createdAt,
      slot,
      status: 'Active',
      uses: new UseHistory(),
    };
    user.accessKeys.push(key);
    this.#owners.set(key.id, { owner: user, key });
    this.#journal('CreateAccessKey', user, actor, key);
    return key;
  }

  setAccessKeyStatus(id: string, status: 'Active' | 'Inactive', actor: Actor = person): void {
    const { owner, key } = this.#ownedKey(id);
    const before = key.status;
    key.status = status;
    this.#journal('UpdateAccessKey', owner, actor, key, before);
  }

  deleteAccessKey(id: string, actor: Actor = person): void {
    const { owner, key } = this.#ownedKey(id);
    owner.accessKeys.splice(owner.accessKeys.indexOf(key), 1);
    this.#owners.delete(id);
    this.#journal('DeleteAccessKey', owner, actor, key, key.status);
  }

  /**
   * Someone signs a request with an access key. False when AWS refuses: the key is inactive or deleted. An unknown
   * service or one without regions is fine: the region is then `N/A`.
   */
  useAccessKey(id: string, at: Date = this.#parts.clock.now(), service = 'sts', region?: string): boolean {
    return this.usage.useAccessKey(id, at.getTime(), service, region);
  }

  /** Someone signs in to the console: a user, or `<root_account>`. False when there is no password. */
  usePassword(userName: string, at: Date = this.#parts.clock.now()): boolean {
    return this.usage.usePassword(userName, at.getTime());
  }

  /** Gives a user a password for the console, or a new one. */
  setPassword(userName: string, actor: Actor = person): void {
    const user = this.user(userName);
    const now = this.#now();
    const action = user.password === undefined ? 'CreateLoginProfile' : 'UpdateLoginProfile';
    user.password ??= { createdAt: now, changedAt: now, uses: new UseHistory() };
    user.password.changedAt = now;
    this.#journal(action, user, actor);
  }

  deletePassword(userName: string, actor: Actor = person): void {
    const user = this.user(userName);
    if (user.password === undefined) {
      throw noSuchEntity(`Login Profile for User ${userName} cannot be found.`);
    }
    user.password = undefined;
    this.#journal('DeleteLoginProfile', user, actor);
  }

  /** @param userName a user, or `<root_account>`. */
  setMfa(userName: string, active: boolean, actor: Actor = person): void {
    const owner = userName === '<root_account>' ? this.root : this.user(userName);
    owner.mfa = active;
    this.#journal(active ? 'EnableMFADevice' : 'DeactivateMFADevice', owner, actor);
  }

  #ownedKey(id: string): { readonly owner: KeyOwner; readonly key: AccessKeyRecord } {
    const found = this.#owners.get(id);
    if (found === undefined) {
      throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
    }
    return found;
  }

  #addUser(user: UserRecord): void {
    this.#users.set(user.sortKey, user);
    this.#sorted = undefined;
    this.#adoptKeys(user);
  }

  #adoptKeys(owner: KeyOwner): void {
    for (const key of owner.accessKeys) {
      this.#owners.set(key.id, { owner, key });
    }
  }

  #journal(action: string, owner: KeyOwner, actor: Actor, key?: AccessKeyRecord, before?: KeyStatus): void {
    this.#parts.journal.record({
      at: new Date(this.#now()),
      action: `iam:${action}`,
      actor,
      userName: ownerName(owner),
      userArn: owner.arn,
      key,
      before,
      deleted: action === 'DeleteAccessKey',
      tags: isUser(owner) ? owner.tags : undefined,
    });
  }

  #now(): number {
    return wholeSeconds(this.#parts.clock.now().getTime());
  }

  #context(): BuildContext {
    return {
      accountId: this.id,
      partition: this.partition,
      ids: this.#parts.ids,
      now: this.#parts.clock.now().getTime(),
    };
  }
}

function checkUserName(name: string, field: 'userName' | 'newUserName'): void {
  if (/^[\w+=,.@-]{1,64}$/.test(name)) return;
  throw constraintError(name, field, 'Member must satisfy regular expression pattern: [\\w+=,.@-]+');
}
