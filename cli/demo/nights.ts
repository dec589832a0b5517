/** The real audit and sweep in the sandbox: one night in detail, then 120 with a real ledger file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIamCredentialActions } from '../../aws/iam-credential-actions.ts';
import { createIamCredentialSource } from '../../aws/iam-credential-source.ts';
import { type AwsSession, connect } from '../../aws/session.ts';
import { createSnsNotifier } from '../../aws/sns-notifier.ts';
import { systemTiming } from '../../aws/timing.ts';
import { DAY } from '../../core/duration.ts';
import { given } from '../../core/given.ts';
import type { SweepResult } from '../../core/lifecycle/sweep-result.ts';
import type { Audit } from '../../core/model.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { CredentialActions, Timing } from '../../core/ports.ts';
import { auditAccount } from '../../engine/audit/audit.ts';
import { runAuditor } from '../../engine/audit/nightly-audit.ts';
import { findRestoreCandidate, restore } from '../../engine/restore/restore.ts';
import { type SweepPorts, sweepId } from '../../engine/sweep/ports.ts';
import { sweepAccount } from '../../engine/sweep/sweep.ts';
import { type FileLedger, openFileLedger } from '../../files/file-ledger.ts';
import {
  type AccountSeed,
  acmeAccount,
  acmeNow,
  type PublishedMessage,
  type Sandbox,
  startSandbox,
  type WriteRecord,
} from '../../sandbox/index.ts';
import {
  crashedNight,
  DailyUse,
  endOfId,
  happenings,
  keyHoldersOf,
  oldestKey,
  quarterlyJob,
  throttledNight,
  youngestKey,
} from './life.ts';
import { nightCount } from './setting.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** What one night in the sandbox produced. */
export interface DemoNight {
  readonly audit: Audit;
  readonly users: number;
  /** Every request that arrived at the sandbox, by action. */
  readonly requests: Readonly<Record<string, number>>;
  /** Changes in IAM that night, by the sandbox's own record. */
  readonly writes: number;
  /** The alert as SNS delivered it. */
  readonly message: PublishedMessage | undefined;
  /** The account that the nights start from. */
  readonly keyHolders: AccountSeed;
}

/** Asks for the report again without waiting: in the sandbox it is ready, and 120 nights of waiting take minutes. */
const impatient: Timing = { ...systemTiming, sleep: async () => {} };

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** Runs the nightly auditor on the acme account: real clients, real HTTP, real SNS message. */
export async function runDemoNight(policy: Policy): Promise<DemoNight> {
  const sandbox = await startSandbox({ seed: acmeAccount, now: acmeNow });
  const session = connect({ endpointUrl: sandbox.url, region: sandbox.region, credentials: sandbox.credentials });
  try {
    const ports = {
      source: createIamCredentialSource(session, { timing: impatient }),
      notifier: createSnsNotifier(session, sandbox.topicArn('keysweep-alerts')),
      clock: sandbox.clock,
      log: silent,
    };
    const { audit } = (await runAuditor(ports, policy)).snapshot;
    return {
      audit,
      users: sandbox.account.users().length,
      requests: sandbox.requestCounts(),
      writes: sandbox.writes.length,
      message: sandbox.messages.at(-1),
      keyHolders: keyHoldersOf(sandbox),
    };
  } finally {
    session.close();
    await sandbox.close();
  }
}

/** What happened in one night. */
export interface Night {
  /** From 1. */
  readonly number: number;
  readonly at: Date;
  /** Absent if the sweep was killed. */
  readonly result?: SweepResult;
  readonly trouble?: 'throttled' | 'crashed';
  /** The only change of a sweep that was killed. */
  readonly change?: WriteRecord;
  /** What people did since the night before. */
  readonly happenings: readonly string[];
}

export interface DemoNights {
  readonly nights: readonly Night[];
  /** Every digest as SNS delivered it. */
  readonly digests: readonly PublishedMessage[];
  readonly requests: number;
  readonly verdict: Verdict;
}

/** Runs the nights on an account. Calls `onNight` at the end of each. */
export async function runDemoNights(
  seed: AccountSeed,
  policy: Policy,
  onNight: (night: Night) => void | Promise<void> = () => {},
): Promise<DemoNights> {
  const folder = await mkdtemp(join(tmpdir(), 'keysweep-demo-'));
  const sandbox = await startSandbox({ seed, now: acmeNow, report: { generation: { polls: 0 } } });
  const { url: endpointUrl, region, credentials } = sandbox;
  // One attempt, standard mode: anything else would wait in real time on the throttled night.
  const session = connect({ endpointUrl, region, credentials, retryMode: 'standard', maxAttempts: 1 });
  const company = new Company(sandbox, session, policy, join(folder, 'ledger.jsonl'));
  try {
    const nights: Night[] = [];
    for (let number = 1; number <= nightCount; number++) {
      const night = await company.spendNight(number);
      nights.push(night);
      await onNight(night);
    }
    return {
      nights,
      digests: sandbox.messages,
      requests: Object.values(sandbox.requestCounts()).reduce((sum, count) => sum + count, 0),
      verdict: verdictOf(sandbox),
    };
  } finally {
    await company.end();
    session.close();
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The account, its users, and keysweep as it would be deployed. */
class Company {
  readonly #sandbox: Sandbox;
  readonly #session: AwsSession;
  readonly #policy: Policy;
  readonly #ledgerFile: string;
  readonly #use: DailyUse;
  #running: { readonly ports: SweepPorts; readonly ledger: FileLedger } | undefined;

  constructor(sandbox: Sandbox, session: AwsSession, policy: Policy, ledgerFile: string) {
    this.#sandbox = sandbox;
    this.#session = session;
    this.#policy = policy;
    this.#ledgerFile = ledgerFile;
    this.#use = new DailyUse(sandbox);
  }

  async spendNight(number: number): Promise<Night> {
    const { clock } = this.#sandbox;
    if (number > 1) clock.advance(DAY);
    const events = await this.#spendDay(number);
    const night = { number, at: clock.now(), happenings: events };
    if (number === crashedNight) {
      const change = await this.#sweepAndCrash(number);
      return { ...night, trouble: 'crashed', ...given({ change }) };
    }
    if (number !== throttledNight) return { ...night, result: await this.#sweep(number) };
    const fault = this.#sandbox.faults.add({ action: 'iam:GetAccessKeyLastUsed', kind: 'throttle' });
    const result = await this.#sweep(number);
    fault.remove();
    return { ...night, result, trouble: 'throttled' };
  }

  /** Ends as a process does: the ledger is unlocked for the next one. */
  async end(): Promise<void> {
    await this.#running?.ledger.close();
    this.#running = undefined;
  }

  async #spendDay(number: number): Promise<readonly string[]> {
    const texts = happenings.flatMap(({ night, user, text, act }) => {
      if (night !== number) return [];
      const key = oldestKey(this.#sandbox.account, user);
      act(key, this.#sandbox, this.#use);
      return [text(endOfId(key))];
    });
    this.#use.useAll(this.#sandbox);
    return number === quarterlyJob.night ? [...texts, ...(await this.#runQuarterlyJob())] : texts;
  }

  /** AWS rejects the job's key, and its owner restores the key with keysweep. */
  async #runQuarterlyJob(): Promise<readonly string[]> {
    const { account } = this.#sandbox;
    const { user } = quarterlyJob;
    const id = youngestKey(account, user);
    const works = account.useAccessKey(id, undefined, 'redshift', 'eu-central-1');
    const key = endOfId(id);
    const ran = `${user} (${key}) starts its quarterly run: ${works ? 'it works' : 'AWS rejects its key'}`;
    if (works) return [ran];
    const { ports } = await this.#process();
    const candidate = await findRestoreCandidate(ports, await ports.source.account(), id, user);
    const person = { who: 'team-data@acme.example', why: 'the quarterly load needs it' };
    await restore(ports, { candidate, ...person, id: sweepId(ports.clock.now(), 'restore') });
    account.useAccessKey(id, undefined, 'redshift', 'eu-central-1');
    this.#use.start(id);
    return [ran, `its owner restores the key (${key}) with keysweep restore, and makes the job daily`];
  }

  async #sweep(number: number): Promise<SweepResult> {
    const { ports } = await this.#process();
    return this.#auditAndSweep(number, ports);
  }

  async #auditAndSweep(number: number, ports: SweepPorts): Promise<SweepResult> {
    const snapshot = await auditAccount({ source: ports.source }, this.#policy, ports.clock.now());
    const sweep = sweepId(ports.clock.now(), `night-${number}`);
    return sweepAccount(ports, this.#policy, snapshot, { sweep, enforce: true });
  }

  /** The process dies right after the first change in IAM, before it can record the outcome. */
  async #sweepAndCrash(number: number): Promise<WriteRecord | undefined> {
    const { ports } = await this.#process();
    let crash = () => {};
    const crashed = new Promise<void>((resolve) => {
      crash = resolve;
    });
    const actions = dyingAfterOne(createIamCredentialActions(this.#session), crash);
    await Promise.race([crashed, this.#auditAndSweep(number, { ...ports, actions })]);
    await this.end();
    return this.#sandbox.writes.findLast(({ by }) => by === 'api');
  }

  /** What a process has: the clients, and the ledger as it is on disk. */
  async #process() {
    if (this.#running !== undefined) return this.#running;
    const { clock } = this.#sandbox;
    const ledger = await openFileLedger(this.#ledgerFile, { now: () => clock.now() });
    const ports = {
      source: createIamCredentialSource(this.#session, { timing: impatient }),
      actions: createIamCredentialActions(this.#session),
      ledger,
      notifier: createSnsNotifier(this.#session, this.#sandbox.topicArn('keysweep-alerts')),
      clock,
      timing: impatient,
    };
    this.#running = { ports, ledger };
    return this.#running;
  }
}

/** Makes one write, then never returns: what a killed process looks like from outside. */
function dyingAfterOne(actions: CredentialActions, crash: () => void): CredentialActions {
  const never = new Promise<never>(() => {});
  let isDead = false;
  const once = async (write: () => Promise<unknown>) => {
    if (isDead) return never;
    isDead = true;
    await write();
    crash();
    return never;
  };
  return {
    setStatus: (...args) => once(() => actions.setStatus(...args)),
    remove: (...args) => once(() => actions.remove(...args)),
  };
}
