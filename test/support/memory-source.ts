/** A CredentialSource from plain data that remembers what it was asked. */
import type { LastUse, Tags } from '../../core/model.ts';
import type { AttachedPolicies, CredentialSource, LiveAccessKey, LiveRead, ReadProblem } from '../../core/ports.ts';
import { account, type Row, reportBytes, rootRow } from './report-builder.ts';

export interface MemoryAccount {
  readonly rows: readonly Row[];
  readonly generatedAt?: Date;
  /** Live access keys by user; a user without an entry has none. */
  readonly keys?: Readonly<Record<string, readonly LiveAccessKey[] | ReadProblem>>;
  /** Live last use by key id; a key without an entry was never used. */
  readonly lastUses?: Readonly<Record<string, LastUse | ReadProblem>>;
  readonly tags?: Readonly<Record<string, Tags | ReadProblem>>;
  /** Of the users who have any. */
  readonly policies?: Readonly<Record<string, AttachedPolicies>>;
}

export interface MemorySource extends CredentialSource {
  /** What was asked, in order: `accessKeys alice`, `accessKeyLastUse AKIA1`, `userTags alice,bob`. */
  readonly asked: string[];
}

export function memorySource(given: MemoryAccount): MemorySource {
  const { rows, generatedAt, keys = {}, lastUses = {}, tags = {}, policies = {} } = given;
  const asked: string[] = [];
  return {
    asked,
    account: async () => ({ id: account, partition: 'aws', alias: 'acme' }),
    accountId: async () => account,
    credentialReport: async () => ({
      content: reportBytes([rootRow(), ...rows]),
      ...(generatedAt === undefined ? {} : { generatedAt }),
    }),
    accessKeys: async (userName) => {
      asked.push(`accessKeys ${userName}`);
      return answer(keys[userName] ?? []);
    },
    accessKeyLastUse: async (_userName, accessKeyId) => {
      asked.push(`accessKeyLastUse ${accessKeyId}`);
      return answer(lastUses[accessKeyId] ?? ({ kind: 'never' } as const));
    },
    accessKeyOwner: async (accessKeyId) => {
      asked.push(`accessKeyOwner ${accessKeyId}`);
      const owner = Object.keys(keys).find((name) => {
        const held = keys[name];
        return held !== undefined && !('code' in held) && held.some(({ id }) => id === accessKeyId);
      });
      return owner === undefined ? { ok: false, problem: denied } : { ok: true, value: owner };
    },
    user: async (userName) => {
      asked.push(`user ${userName}`);
      const held = tags[userName] ?? {};
      if (isProblem(held)) return { ok: false, problem: held };
      const principal = { kind: 'user', name: userName, arn: `arn:aws:iam::${account}:user/${userName}` } as const;
      return { ok: true, value: { principal, userId: `AIDA${userName.toUpperCase()}`, tags: held } };
    },
    userTags: async (userNames) => {
      asked.push(`userTags ${userNames.join(',')}`);
      return new Map(userNames.map((name) => [name, answer(tags[name] ?? {})]));
    },
    attachedPolicies: async (userNames) => {
      asked.push(`attachedPolicies ${userNames.join(',')}`);
      return answer(new Map(userNames.map((name) => [name, policies[name] ?? { direct: [], viaGroups: [] }])));
    },
    requests: () => ({ 'iam:Test': asked.length }),
  };
}

export const denied: ReadProblem = { code: 'access-denied', message: 'AccessDenied: the caller lacks iam:Something' };
export const notFound: ReadProblem = { code: 'not-found', message: 'NoSuchEntity' };

function answer<T extends object>(value: T | ReadProblem): LiveRead<T> {
  return isProblem(value) ? { ok: false, problem: value } : { ok: true, value };
}

function isProblem(value: object): value is ReadProblem {
  return 'code' in value && 'message' in value;
}
