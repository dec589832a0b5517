/** A CredentialSource from plain data that remembers what it was asked. */
import { accessKey } from '../../core/kinds/access-key.ts';
import { kindOf, type RetirableKind } from '../../core/kinds/kinds.ts';
import type { CredentialStatus, LastUse, Tags } from '../../core/model.ts';
import { observeListed } from '../../core/observe.ts';
import type {
  AttachedPolicies,
  CredentialSource,
  ListedUser,
  LiveRead,
  ReadProblem,
  RootFacts,
} from '../../core/ports.ts';
import { requiredColumns } from '../../core/report/columns.ts';
import { account, type Row, reportBytes, rootRow } from './report-builder.ts';

/** What a list of IAM says of one credential. */
export interface ListedCredential {
  readonly id: string;
  readonly status: CredentialStatus;
  readonly createdAt: Date;
}

export interface MemoryAccount {
  readonly rows: readonly Row[];
  readonly generatedAt?: Date;
  /** Live access keys by user; a user without an entry has none. */
  readonly keys?: Readonly<Record<string, readonly ListedCredential[] | ReadProblem>>;
  /** The same of other kinds of credential, by kind. */
  readonly others?: Readonly<Record<string, Readonly<Record<string, readonly ListedCredential[] | ReadProblem>>>>;
  /** Live last use by id; a credential without an entry was never used, as far as its use is tracked. */
  readonly lastUses?: Readonly<Record<string, LastUse | ReadProblem>>;
  readonly tags?: Readonly<Record<string, Tags | ReadProblem>>;
  /** Users by AWS managed policy. */
  readonly usersWithPolicy?: Readonly<Record<string, readonly string[] | ReadProblem>>;
  /** Of the root user now; undefined facts if absent. */
  readonly rootFacts?: RootFacts | ReadProblem;
  /** All users as IAM lists them now; those of the report, without a sign-in, if absent. */
  readonly users?: readonly ListedUser[] | ReadProblem;
  readonly root?: Row;
  /** Of the users who have any. */
  readonly policies?: Readonly<Record<string, AttachedPolicies>>;
}

export interface MemorySource extends CredentialSource {
  /** What was asked, in order: `access-key alice`, `lastUse AKIA1`, `userTags alice,bob`. */
  readonly asked: string[];
}

export function memorySource(given: MemoryAccount): MemorySource {
  const {
    rows,
    generatedAt,
    keys = {},
    others = {},
    lastUses = {},
    tags = {},
    policies = {},
    usersWithPolicy = {},
  } = given;
  const { rootFacts = {}, users = rows.map(listedUser), root = rootRow() } = given;
  const asked: string[] = [];
  const credentialsOf = (kind: RetirableKind) => (kind === accessKey.kind ? keys : (others[kind] ?? {}));
  return {
    asked,
    account: async () => ({ id: account, partition: 'aws', alias: 'acme' }),
    accountId: async () => account,
    credentialReport: async () => ({
      content: reportBytes([root, ...rows], [...new Set([...requiredColumns, ...rows.flatMap(Object.keys)])]),
      ...(generatedAt === undefined ? {} : { generatedAt }),
    }),
    rootFacts: async () => {
      asked.push('rootFacts');
      return answer(rootFacts);
    },
    users: async () => {
      asked.push('users');
      return answer(users);
    },
    credentials: async (kind, userName) => {
      asked.push(`${kind} ${userName}`);
      const found = credentialsOf(kind)[userName] ?? [];
      if (isProblem(found)) return { ok: false, problem: found };
      return answer(found.map(({ id, status, createdAt }) => observeListed({ kind, id }, status, createdAt)));
    },
    lastUse: async (_userName, { kind, id }) => {
      if (kindOf(kind).use === 'untracked') return answer({ kind: 'untracked' as const });
      asked.push(`lastUse ${id}`);
      return answer(lastUses[id] ?? ({ kind: 'never' } as const));
    },
    ownerOf: async ({ kind, id: wanted }) => {
      asked.push(`ownerOf ${wanted}`);
      const ofKind = credentialsOf(kind);
      const owner = Object.keys(ofKind).find((name) => {
        const found = ofKind[name];
        return found !== undefined && !('code' in found) && found.some(({ id }) => id === wanted);
      });
      return owner === undefined ? { ok: false, problem: denied } : { ok: true, value: owner };
    },
    user: async (userName) => {
      asked.push(`user ${userName}`);
      const found = tags[userName] ?? {};
      if (isProblem(found)) return { ok: false, problem: found };
      const principal = { kind: 'user', name: userName, arn: `arn:aws:iam::${account}:user/${userName}` } as const;
      return { ok: true, value: { principal, userId: `AIDA${userName.toUpperCase().padEnd(16, 'X')}`, tags: found } };
    },
    userTags: async (userNames) => {
      asked.push(`userTags ${userNames.join(',')}`);
      return new Map(userNames.map((name) => [name, answer(tags[name] ?? {})]));
    },
    attachedPolicies: async (userNames) => {
      asked.push(`attachedPolicies ${userNames.join(',')}`);
      return answer(new Map(userNames.map((name) => [name, policies[name] ?? { direct: [], viaGroups: [] }])));
    },
    // Not noted: the same for every account.
    usersWithPolicy: async (name) => answer(usersWithPolicy[name] ?? []),
    requests: () => ({ 'iam:Test': asked.length }),
  };
}

/** A user of the report as IAM lists it. */
function listedUser({ user: name = '', arn = '', user_creation_time = '' }: Row): ListedUser {
  return { principal: { kind: 'user', name, arn }, createdAt: new Date(user_creation_time) };
}

export const denied: ReadProblem = { code: 'access-denied', message: 'AccessDenied: the caller lacks iam:Something' };
export const notFound: ReadProblem = { code: 'not-found', message: 'NoSuchEntity' };

function answer<T extends object>(value: T | ReadProblem): LiveRead<T> {
  return isProblem(value) ? { ok: false, problem: value } : { ok: true, value };
}

function isProblem(value: object): value is ReadProblem {
  return 'code' in value && 'message' in value;
}
