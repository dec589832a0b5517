import type { AccessKeySeed, AccountSeed, UserSeed } from './seed.ts';

/** A seed that describes no possible account. `problems` holds one line each: where, what was found, what is allowed. */
export class SeedError extends Error {
  readonly code = 'SeedInvalid';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super(`the account seed has ${count}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'SeedError';
    this.problems = problems;
  }
}

type Report = (where: string, what: string) => void;

/**
 * Checks a seed as a whole, with `now` (milliseconds since 1970) as the present.
 * @throws SeedError that lists every problem.
 */
export function validateSeed(seed: AccountSeed, now: number): void {
  const problems: string[] = [];
  const report: Report = (where, what) => problems.push(`${where}: ${what}`);
  if (!/^\d{12}$/.test(seed.id)) {
    report('id', `found ${show(seed.id)}; an account id has 12 digits`);
  }
  checkTimes(seed, 'seed', now, report);
  checkUsers(seed, report);
  for (const [index, role] of (seed.roles ?? []).entries()) {
    const seconds = role.maxSessionDuration ?? 3600;
    if (!(seconds >= 3600 && seconds <= 43_200)) {
      report(`roles[${index}].maxSessionDuration`, `found ${seconds}; allowed are 3600 to 43200 seconds`);
    }
  }
  for (const [index, topic] of (seed.topics ?? []).entries()) {
    if (!/^[\w-]{1,256}$/.test(topic.name)) {
      report(`topics[${index}].name`, `found ${show(topic.name)}; allowed are 1 to 256 of A-Z a-z 0-9 - _`);
    }
  }
  if (problems.length > 0) {
    throw new SeedError(problems);
  }
}

function checkUsers(seed: AccountSeed, report: Report): void {
  const names = new Map<string, number>();
  const keyIds = new Map<string, string>();
  checkKeys(seed.root?.accessKeys, 'root', 2, keyIds, report);
  for (const [index, user] of seed.users.entries()) {
    const where = `users[${index}]`;
    if (!/^[\w+=,.@-]{1,64}$/.test(user.name)) {
      report(`${where}.name`, `found ${show(user.name)}; allowed are 1 to 64 letters, digits and + = , . @ - _`);
    }
    const earlier = names.get(user.name.toLowerCase());
    if (earlier !== undefined) {
      report(`${where}.name`, `${show(user.name)} is the name of users[${earlier}] already (names ignore case)`);
    }
    names.set(user.name.toLowerCase(), index);
    if (user.path !== undefined && !/^\/([\x21-\x7e]+\/)?$/.test(user.path)) {
      report(`${where}.path`, `found ${show(user.path)}; a path starts and ends with /`);
    }
    checkKeys(user.accessKeys, where, seed.quotas?.accessKeysPerUser ?? 2, keyIds, report);
    checkOrder(user, where, report);
  }
}

function checkKeys(
  keys: readonly AccessKeySeed[] | undefined,
  owner: string,
  quota: number,
  keyIds: Map<string, string>,
  report: Report,
): void {
  if (keys === undefined) {
    return;
  }
  if (keys.length > quota) {
    report(`${owner}.accessKeys`, `found ${keys.length} access keys; allowed are ${quota} (quotas.accessKeysPerUser)`);
  }
  for (const [index, key] of keys.entries()) {
    const where = `${owner}.accessKeys[${index}]`;
    if (key.id !== undefined) {
      if (!/^AKIA[A-Z2-7]{12,16}$/.test(key.id)) {
        report(`${where}.id`, `found ${show(key.id)}; an access key id is AKIA and 16 of A-Z 2-7`);
      }
      const earlier = keyIds.get(key.id);
      if (earlier !== undefined) {
        report(`${where}.id`, `${show(key.id)} is the id of ${earlier} already`);
      }
      keyIds.set(key.id, where);
    }
    if (key.lastUsed !== undefined && isBefore(key.lastUsed.at, key.createdAt)) {
      report(`${where}.lastUsed.at`, `found ${show(key.lastUsed.at)}, before the key was created at ${key.createdAt}`);
    }
  }
}

function checkOrder(user: UserSeed, where: string, report: Report): void {
  const createdAt = user.createdAt;
  if (createdAt === undefined) {
    return;
  }
  for (const [index, key] of (user.accessKeys ?? []).entries()) {
    if (isBefore(key.createdAt, createdAt)) {
      const found = `found ${show(key.createdAt)}, before the user was created at ${createdAt}`;
      report(`${where}.accessKeys[${index}].createdAt`, found);
    }
  }
}

const timeFields = new Set([
  'now',
  'createdAt',
  'lastUsed',
  'lastChanged',
  'passwordLastUsed',
  'passwordLastChanged',
  'at',
]);

/** Every time, wherever it stands, must be readable and not lie ahead. */
function checkTimes(value: object, where: string, now: number, report: Report): void {
  for (const [key, field] of Object.entries(value)) {
    const path = where === 'seed' ? key : Array.isArray(value) ? `${where}[${key}]` : `${where}.${key}`;
    if (key === 'tags' || key === 'policies' || key === 'document') {
      continue;
    }
    if (typeof field === 'object' && field !== null) {
      checkTimes(field, path, now, report);
    } else if (timeFields.has(key) && field !== undefined) {
      checkTime(field, path, now, report);
    }
  }
}

function checkTime(text: unknown, path: string, now: number, report: Report): void {
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    report(path, `found ${show(text)}; a time is ISO 8601, such as 2026-09-11T13:14:52Z`);
  } else if (time > now) {
    report(path, `found ${show(text)}, which lies after the present of the sandbox, ${new Date(now).toISOString()}`);
  }
}

function isBefore(text: string, other: string): boolean {
  return Date.parse(text) < Date.parse(other);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
