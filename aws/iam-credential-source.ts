import type { IAMClient } from '@aws-sdk/client-iam';
import pLimit from 'p-limit';
import { MINUTE } from '../core/duration.ts';
import { accessKey } from '../core/kinds/access-key.ts';
import type { RetirableKind } from '../core/kinds/kinds.ts';
import type { Duration, LastUse, ObservedCredential } from '../core/model.ts';
import type { CredentialSource, LiveRead, Timing } from '../core/ports.ts';
import { readAccessKeyOwner } from './access-key-owner.ts';
import { getAccessKeyLastUse, listAccessKeys } from './access-keys.ts';
import { readAccount } from './account.ts';
import { readAttachedPolicies } from './attached-policies.ts';
import { acquireReport } from './credential-report.ts';
import { openIam, openIamWithoutRetries } from './iam-client.ts';
import { listPolicyUsers } from './policy-users.ts';
import { createReadBudget } from './read-budget.ts';
import { readRootFacts } from './root-facts.ts';
import type { AwsSession } from './session.ts';
import { systemTiming } from './timing.ts';
import { readUser } from './user.ts';
import { readUserTags } from './user-tags.ts';
import { listUsers } from './users.ts';

export interface IamCredentialSourceOptions {
  /** How long to wait for the credential report, in milliseconds. @default 5 minutes */
  readonly reportPatience?: Duration;
  /**
   * When live reads are abandoned, in milliseconds from now: a read without an answer by then is a problem.
   * @default never
   */
  readonly readTimeLimit?: Duration;
  /**
   * Concurrent live reads; further calls wait for their turn, so callers may ask for everything at once.
   * @default 8
   */
  readonly concurrency?: number;
  /** @default the system's */
  readonly timing?: Timing;
}

/** How credentials of one kind are read. */
interface KindReads {
  readonly list: (iam: IAMClient, userName: string) => Promise<LiveRead<readonly ObservedCredential[]>>;
  readonly lastUse: (iam: IAMClient, userName: string, id: string) => Promise<LiveRead<LastUse>>;
  readonly owner: (iam: IAMClient, id: string) => Promise<LiveRead<string>>;
}

const readsByKind: Readonly<Record<RetirableKind, KindReads>> = {
  [accessKey.kind]: { list: listAccessKeys, lastUse: getAccessKeyLastUse, owner: readAccessKeyOwner },
};

const defaultPatience = 5 * MINUTE;
const defaultConcurrency = 8;

/** Reads the credentials of the session's account from IAM. */
export function createIamCredentialSource(
  session: AwsSession,
  options: IamCredentialSourceOptions = {},
): CredentialSource {
  const { reportPatience = defaultPatience, concurrency = defaultConcurrency, timing = systemTiming } = options;
  const iam = openIam(session);
  const patientIam = openIamWithoutRetries(session);
  // An alias is worth a second, not the minute that ten throttled attempts take.
  const hastyIam = openIam(session, { maxAttempts: 3 });
  const limit = pLimit(concurrency);
  const inTime = createReadBudget(options.readTimeLimit ?? Number.POSITIVE_INFINITY, timing);
  const read = <T>(send: () => Promise<LiveRead<T>>) => limit(() => inTime(send));

  return {
    account: async () => readAccount(await session.caller(), hastyIam),
    accountId: async () => (await session.caller()).id,
    credentialReport: () => acquireReport(patientIam, reportPatience, timing),
    rootFacts: () => read(() => readRootFacts(iam)),
    credentials: (kind, userName) => read(() => readsByKind[kind].list(iam, userName)),
    lastUse: (userName, { kind, id }) => read(() => readsByKind[kind].lastUse(iam, userName, id)),
    ownerOf: ({ kind, id }) => read(() => readsByKind[kind].owner(iam, id)),
    user: (userName) => read(() => readUser(iam, userName)),
    users: () => read(() => listUsers(iam)),
    userTags: (userNames, accountUsers) => readUserTags(iam, read, userNames, accountUsers),
    attachedPolicies: (userNames) => read(() => readAttachedPolicies(iam, userNames)),
    usersWithPolicy: (name) => read(async () => listPolicyUsers(iam, (await session.caller()).partition, name)),
    requests: () => session.counter.counts(),
  };
}
