import { randomUUID } from 'node:crypto';
import { summarize } from '../../core/audit.ts';
import { KeysweepError } from '../../core/error.ts';
import { type Snapshot, takeSnapshot } from '../../core/lifecycle/snapshot.ts';
import type { Account, Audit, Observation, ObservedPrincipal } from '../../core/model.ts';
import { observeReport } from '../../core/observe.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { CredentialSource } from '../../core/ports.ts';
import { parseReport } from '../../core/report/parse.ts';
import {
  keysNeedingLastUse,
  usersNeedingKeyList,
  usersNeedingTags,
  withAccessKeys,
  withLastUse,
  withTags,
} from '../../core/triage.ts';

/** How far an audit has come. `total` grows where one answer leads to another question. */
export interface AuditProgress {
  readonly phase: 'report' | 'tags' | 'access-keys' | 'last-use';
  readonly done: number;
  readonly total: number;
}

/** What an audit needs from outside. */
export interface AuditPorts {
  /** Bounds its own concurrency: the audit asks for everything it needs at once. */
  readonly source: CredentialSource;
  readonly onProgress?: (progress: AuditProgress) => void;
}

/**
 * Audits the account behind the source: report, triage, live reads only where the triage leaves something to decide or
 * to name, findings. Reads only.
 *
 * A live read that fails makes a finding of status `error`; the others go on.
 *
 * @param now the moment the findings speak of; a later or earlier one than the clock's shifts every age
 * @throws KeysweepError where there is no report to judge, or it is of another account than the caller's
 */
export async function audit(ports: AuditPorts, policy: Policy, now: Date): Promise<Audit> {
  return (await auditAccount(ports, policy, now)).audit;
}

/** The same, with everything that was seen: what a rotation builds on. */
export async function auditAccount(ports: AuditPorts, policy: Policy, now: Date): Promise<Snapshot> {
  const { source, onProgress = () => {} } = ports;
  const startedAt = performance.now();
  const account = await source.account();
  onProgress({ phase: 'report', done: 0, total: 1 });
  const { content, ...about } = await source.credentialReport();
  const reported = observeReport(parseReport(content), {
    ...about,
    ...(account.alias === undefined ? {} : { alias: account.alias }),
  });
  refuseOtherAccount(account, reported.account);
  onProgress({ phase: 'report', done: 1, total: 1 });

  // Tags first: they may lift findings, and with them the need for other reads. What the other reads bring to light may
  // hang on tags again; where it does not, asking again costs nothing.
  const tagged = await readTags(reported, policy, now, ports);
  const listed = await readTags(await readAccessKeys(tagged, policy, now, ports), policy, now, ports);
  const observation = await readTags(await readLastUses(listed, policy, now, ports), policy, now, ports);
  const durationMs = Math.round(performance.now() - startedAt);
  const summed = summarize(observation, policy, now, { requests: source.requests(), durationMs });
  return takeSnapshot(observation, summed, randomUUID());
}

function refuseOtherAccount(account: Account, reported: Account): void {
  if (account.id === reported.id) return;
  throw new KeysweepError(
    'AccountMismatch',
    `the credential report is of account ${reported.id}, the caller of account ${account.id}`,
    {
      hint: 'Check the endpoint, the profile and the role.',
    },
  );
}

async function readTags(
  observation: Observation,
  policy: Policy,
  now: Date,
  { source, onProgress }: AuditPorts,
): Promise<Observation> {
  const names = usersNeedingTags(observation, policy, now);
  if (names.length === 0) return observation;
  onProgress?.({ phase: 'tags', done: 0, total: names.length });
  const answers = await source.userTags(names, observation.users.length);
  onProgress?.({ phase: 'tags', done: names.length, total: names.length });
  return mapUsers(observation, (user) => {
    const answer = answers.get(user.principal.name);
    if (answer === undefined) return user;
    // Deleted or renamed since the report was made: under this name there is nothing left to judge.
    return !answer.ok && answer.problem.code === 'not-found' ? undefined : withTags(user, answer);
  });
}

async function readAccessKeys(
  observation: Observation,
  policy: Policy,
  now: Date,
  { source, onProgress }: AuditPorts,
): Promise<Observation> {
  const names = usersNeedingKeyList(observation, policy, now);
  let done = 0;
  const answers = new Map(
    await Promise.all(
      names.map(async (name) => {
        const answer = await source.credentials('access-key', name);
        onProgress?.({ phase: 'access-keys', done: ++done, total: names.length });
        return [name, answer] as const;
      }),
    ),
  );
  return mapUsers(observation, (user) => {
    const answer = answers.get(user.principal.name);
    return answer === undefined ? user : withAccessKeys(user, answer, observation.report.generatedAt);
  });
}

async function readLastUses(
  observation: Observation,
  policy: Policy,
  now: Date,
  { source, onProgress }: AuditPorts,
): Promise<Observation> {
  const reads = keysNeedingLastUse(observation, policy, now);
  let done = 0;
  const answers = await Promise.all(
    reads.map(async ({ userName, accessKeyId }) => {
      const answer = await source.lastUse(userName, { kind: 'access-key', id: accessKeyId });
      onProgress?.({ phase: 'last-use', done: ++done, total: reads.length });
      return { userName, accessKeyId, answer };
    }),
  );
  const byUser = new Map<string, typeof answers>();
  for (const answer of answers) byUser.set(answer.userName, [...(byUser.get(answer.userName) ?? []), answer]);
  return mapUsers(observation, (user) => {
    const own = byUser.get(user.principal.name) ?? [];
    return own.reduce((known, { accessKeyId, answer }) => withLastUse(known, accessKeyId, answer), user);
  });
}

/** `change`: undefined where the user no longer exists in IAM under this name. */
function mapUsers(
  observation: Observation,
  change: (user: ObservedPrincipal) => ObservedPrincipal | undefined,
): Observation {
  const gone: string[] = [];
  const users = observation.users.flatMap((user) => {
    const changed = change(user);
    if (changed === undefined) gone.push(user.principal.name);
    return changed ?? [];
  });
  return gone.length === 0
    ? observed(users)
    : { ...observed(users), goneUsers: [...(observation.goneUsers ?? []), ...gone] };

  function observed(all: readonly ObservedPrincipal[]): Observation {
    return { ...observation, users: all };
  }
}
