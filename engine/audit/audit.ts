import { randomUUID } from 'node:crypto';
import { summarize } from '../../core/audit.ts';
import { KeysweepError } from '../../core/error.ts';
import { given } from '../../core/given.ts';
import { type Snapshot, takeSnapshot } from '../../core/lifecycle/snapshot.ts';
import type { Account, Audit, Observation, ObservedPrincipal } from '../../core/model.ts';
import { observeReport } from '../../core/observe.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { CredentialSource } from '../../core/ports.ts';
import { parseReport } from '../../core/report/parse.ts';
import { createEvaluator, type Evaluator } from '../../core/rules/evaluate.ts';
import { lastUsesNeeded, listsNeeded, usersNeedingTags, withLastUse, withListed, withTags } from '../../core/triage.ts';
import { openInspector } from '../inspector.ts';
import { readQuarantine } from '../read-quarantine.ts';
import { type Confirming, confirmReport } from './confirm-report.ts';
import { mapUsers } from './map-users.ts';
import { readUnreported } from './read-unreported.ts';

/** The progress of an audit. `total` grows if one answer leads to another read. */
export interface AuditProgress {
  readonly phase: 'report' | 'tags' | 'credentials' | 'last-use';
  readonly done: number;
  readonly total: number;
}

/** What an audit needs from outside. */
export interface AuditPorts {
  /** Limits its own concurrency: the audit requests everything it needs at once. */
  readonly source: CredentialSource;
  readonly onProgress?: (progress: AuditProgress) => void;
}

/**
 * Audits the account of the source: report, triage, live reads only where the triage leaves something to decide or an id to
 * find, findings. Read-only.
 *
 * A live read that fails leads to a finding of status `error`; the others continue.
 *
 * @param now the moment the findings are judged for; if it is not the current time, all ages shift
 * @throws KeysweepError if there is no report to judge, or it belongs to another account than the caller
 */
export async function audit(ports: AuditPorts, policy: Policy, now: Date): Promise<Audit> {
  return (await auditAccount(ports, policy, now)).audit;
}

/** The same, with everything that was seen: what a sweep starts from. */
export async function auditAccount(ports: AuditPorts, policy: Policy, now: Date): Promise<Snapshot> {
  const { source, onProgress = () => {} } = ports;
  const startedAt = performance.now();
  const account = await source.account();
  onProgress({ phase: 'report', done: 0, total: 1 });
  const { content, ...about } = await source.credentialReport();
  const fromReport = observeReport(parseReport(content), {
    ...about,
    ...given({ alias: account.alias }),
  });
  refuseOtherAccount(account, fromReport.account);
  onProgress({ phase: 'report', done: 1, total: 1 });

  const quarantine = await readQuarantine(source, policy);
  const reported = { ...fromReport, ...given({ quarantine }) };
  const evaluator = createEvaluator(reported, policy, now);
  // Tags first: they may remove findings, and with them the need for other reads. What the other reads show may depend on
  // tags again; if it does not, reading them again costs nothing.
  const asking = { reads: openInspector(source, reported).reads, onProgress, shown: new Set<string>() };
  const tagged = await readTags(reported, evaluator, asking);
  const listed = await readTags(await readLists(tagged, evaluator, asking), evaluator, asking);
  const seen = await readTags(await readLastUses(listed, evaluator, asking), evaluator, asking);
  const { observation: confirmed, ...since } = await confirmReport(seen, evaluator, asking);
  const observation = await readUnreported(confirmed, evaluator, asking.reads);
  const durationMs = Math.round(performance.now() - startedAt);
  const summed = summarize(observation, evaluator, { requests: source.requests(), durationMs }, since);
  return takeSnapshot(observation, summed, randomUUID());
}

function refuseOtherAccount(account: Account, reported: Account): void {
  if (account.id === reported.id) return;
  throw new KeysweepError(
    'AccountMismatch',
    `the credential report belongs to account ${reported.id}, but the caller to account ${account.id}`,
    {
      hint: 'Check the endpoint, the profile and the role.',
    },
  );
}

/** How an audit reads. */
interface Asking extends Confirming {
  /** Names of users whom a list of their credentials has shown. */
  readonly shown: Set<string>;
  readonly onProgress: (progress: AuditProgress) => void;
}

async function readTags(
  observation: Observation,
  evaluator: Evaluator,
  { reads, onProgress }: Asking,
): Promise<Observation> {
  const names = usersNeedingTags(observation, evaluator);
  if (names.length === 0) return observation;
  onProgress({ phase: 'tags', done: 0, total: names.length });
  const answers = await reads.userTags(names, observation.users.length);
  onProgress({ phase: 'tags', done: names.length, total: names.length });
  return mapUsers(observation, (user) => {
    const answer = answers.get(user.principal.name);
    if (answer === undefined) return user;
    // Deleted or renamed since the report was generated: there is nothing left to judge under this name.
    return !answer.ok && answer.problem.code === 'not-found' ? undefined : withTags(user, answer);
  });
}

async function readLists(observation: Observation, evaluator: Evaluator, asking: Asking): Promise<Observation> {
  const { generatedAt } = observation.report;
  return askAll(
    observation,
    listsNeeded(observation, evaluator),
    async ({ kind, userName }) => {
      const read = await asking.reads.credentials(kind, userName);
      if (read.ok) asking.shown.add(userName);
      return read;
    },
    (user, { kind }, read) => withListed(user, kind, read, generatedAt),
    (done, total) => asking.onProgress({ phase: 'credentials', done, total }),
  );
}

async function readLastUses(observation: Observation, evaluator: Evaluator, asking: Asking): Promise<Observation> {
  return askAll(
    observation,
    lastUsesNeeded(observation, evaluator),
    ({ userName, credential }) => asking.reads.lastUse(userName, credential),
    (user, { credential }, read) => withLastUse(user, credential, read),
    (done, total) => asking.onProgress({ phase: 'last-use', done, total }),
  );
}

/** Reads everything at once, and merges each answer into its user. */
async function askAll<Q extends { readonly userName: string }, A>(
  observation: Observation,
  questions: readonly Q[],
  ask: (question: Q) => Promise<A>,
  takeIn: (user: ObservedPrincipal, question: Q, answer: A) => ObservedPrincipal | undefined,
  onAnswer: (done: number, total: number) => void,
): Promise<Observation> {
  let done = 0;
  const byUser = new Map<string, { readonly question: Q; readonly answer: A }[]>();
  const answers = questions.map(async (question) => {
    const answer = await ask(question);
    onAnswer(++done, questions.length);
    return { question, answer };
  });
  for (const one of await Promise.all(answers)) {
    const { userName } = one.question;
    byUser.set(userName, [...(byUser.get(userName) ?? []), one]);
  }
  return mapUsers(observation, (user) => {
    const own = byUser.get(user.principal.name) ?? [];
    return own.reduce<ObservedPrincipal | undefined>((known, { question, answer }) => {
      return known && takeIn(known, question, answer);
    }, user);
  });
}
