/**
 * One account of the sandbox with keysweep's ports right on top of it, without HTTP: fast enough for many thousand
 * histories. Ports fail as they are set to, and all at once where the process is killed.
 */

import { HOUR } from '../../core/duration.ts';
import { KeysweepError } from '../../core/error.ts';
import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import { observeListed } from '../../core/observe.ts';
import type {
  AttachedPolicies,
  CredentialActions,
  CredentialSource,
  LiveRead,
  LiveUser,
  Notice,
  Notifier,
  ReadProblem,
  WriteOutcome,
} from '../../core/ports.ts';
import { createClock, type SandboxClock } from '../../sandbox/clock.ts';
import { SandboxAccount } from '../../sandbox/state/account.ts';
import { renderCredentialReport } from '../../sandbox/state/credential-report.ts';
import { IdSource } from '../../sandbox/state/ids.ts';
import { type Actor, Journal } from '../../sandbox/state/journal.ts';
import {
  type AccessKeyRecord,
  type GroupRecord,
  isUser,
  type KeyOwner,
  ownerName,
} from '../../sandbox/state/records.ts';
import type { AccountSeed } from '../../sandbox/state/seed.ts';
import { Trail } from '../../sandbox/state/trail.ts';
import { createMemoryLedger, type MemoryLedger } from '../support/memory-ledger.ts';
import { type Audience, listeningOf, reaches } from './audience.ts';
import type { NightFaults, PersonAct } from './history.ts';

/** The process was killed: nothing after this happens. */
export class Killed extends Error {}

/** A write of keysweep to IAM, with what was true at that moment, as the sandbox knows it. */
export interface ObservedWrite {
  readonly night: number;
  /** By keysweep's clock. */
  readonly at: Date;
  readonly action: 'deactivate' | 'reactivate' | 'delete';
  readonly accessKeyId: string;
  /** What the user is called and where it stands at that moment. */
  readonly userName: string;
  readonly userArn: string;
  readonly statusBefore: string;
  readonly createdAt: Date;
  /** What IAM showed of its last use at that moment, and the truth. */
  readonly shownLastUse: Date | undefined;
  readonly lastUse: Date | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** When the report of that night was generated. */
  readonly reportAt: Date | undefined;
  /** How many messages had been published before it. */
  readonly messagesBefore: number;
  /** The rules that the ledger has as its reason. */
  readonly rules: readonly string[];
}

/** An attempt that AWS denied. */
export interface ObservedDenial {
  readonly night: number;
  /** By keysweep's clock. */
  readonly at: Date;
  readonly action: ObservedWrite['action'];
  readonly accessKeyId: string;
  readonly messagesBefore: number;
  /** Something else went wrong in that night, so that it may not have been recorded. */
  readonly isForgotten: boolean;
}

export interface PublishedNotice extends Notice {
  readonly night: number;
  readonly at: Date;
  /** People read it. */
  readonly isDelivered: boolean;
}

export interface World {
  readonly account: SandboxAccount;
  readonly clock: SandboxClock;
  readonly journal: Journal;
  readonly ledger: MemoryLedger;
  readonly writes: ObservedWrite[];
  readonly notices: PublishedNotice[];
  /** Since when (by keysweep's clock, in ms) each key has been inactive at the end of every night that saw it; see {@link noteInactiveKeys}. */
  readonly seenInactive: Map<string, number>;
  /** What `keysweep restore` reactivated, and when by keysweep's clock. */
  readonly restorations: { readonly accessKeyId: string; readonly at: Date; readonly messagesBefore: number }[];
  /** Keys that this night's sweep was shown as active, after they had been seen inactive: by IAM's list, or by a report. */
  readonly shownActive: Set<string>;
  /** Of every audit so far, the last one last; `isSwept`: a sweep by it came to its end. */
  readonly snapshots: { readonly snapshot: Snapshot; isSwept: boolean }[];
  /** Users whose lists IAM refused to this night's sweep. */
  readonly refused: Set<string>;
  /** Users that this night's audit asked for in vain: they are no longer there. */
  readonly missing: Set<string>;
  /** Attempts of sweeps to change a key that AWS denied. */
  readonly denials: ObservedDenial[];
  /** Who listens to the topic in this night. */
  audience: Audience | undefined;
  night: number;
  /** The night since which nothing has come between a notice and what it names; undefined while no one can say so. */
  stretch: number | undefined;
  /** In ms: until then records of a wrong clock may lie ahead. */
  wrongClockUntil: number;
  /** Difference of keysweep's clock to the account's, in ms. */
  skew: number;
  report: ShownReport | undefined;
}

/** A credential report, and which keys it shows as active beyond doubt: no other key of the user is of the same second. */
interface ShownReport {
  readonly content: Uint8Array;
  readonly generatedAt: Date;
  readonly active: readonly string[];
}

const api: Actor = { kind: 'api', callerArn: 'arn:aws:sts::111122223333:assumed-role/rotator/keysweep', requestSeq: 0 };

export function createWorld(seed: AccountSeed, start: Date): World {
  const clock = createClock({ start, running: false, timeSource: () => 0 });
  const trail = new Trail(1000);
  const journal = new Journal(trail);
  const account = new SandboxAccount(seed, {
    clock,
    ids: new IdSource(seed.id),
    trail,
    journal,
    lastUsedLagMs: 10 * 60_000,
  });
  return {
    account,
    clock,
    journal,
    ledger: createMemoryLedger(),
    writes: [],
    denials: [],
    notices: [],
    seenInactive: new Map(),
    restorations: [],
    shownActive: new Set(),
    snapshots: [],
    refused: new Set(),
    missing: new Set(),
    audience: undefined,
    night: 0,
    stretch: undefined,
    wrongClockUntil: 0,
    skew: 0,
    report: undefined,
  };
}

export function keysweepNow({ clock, skew }: World): Date {
  return new Date(clock.now().getTime() + skew);
}

/** A count of calls after which the process is dead. */
export interface Lifeline {
  step(): void;
  /** It is dead: whatever the code still logs, no one sees it. */
  readonly isKilled: boolean;
}

export function lifeline(calls: number | undefined): Lifeline {
  let skipped = calls ?? Number.POSITIVE_INFINITY;
  let isKilled = false;
  return {
    step() {
      if (skipped <= 0) {
        isKilled = true;
        throw new Killed('killed');
      }
      skipped--;
    },
    get isKilled() {
      return isKilled;
    },
  };
}

const problems: Readonly<Record<string, ReadProblem>> = {
  denied: { code: 'access-denied', message: 'AccessDenied: the caller lacks it' },
  throttled: { code: 'throttled', message: 'Throttled: Rate exceeded' },
  unavailable: { code: 'unavailable', message: 'TimedOut: no answer' },
};

export function directSource(world: World, faults: NightFaults, life: Lifeline): CredentialSource {
  const { account, clock } = world;
  const now = () => clock.now().getTime();
  async function read<T>(
    userName: string,
    failure: string | undefined,
    value: () => T | undefined,
  ): Promise<LiveRead<T>> {
    life.step();
    const problem = failure === undefined ? undefined : problems[failure];
    if (problem !== undefined && faults.users.includes(userName)) {
      return { ok: false, problem };
    }
    const found = value();
    if (found === undefined && userOf(userName) === undefined) world.missing.add(userName);
    return found === undefined
      ? { ok: false, problem: { code: 'not-found', message: 'NoSuchEntity' } }
      : { ok: true, value: found };
  }
  const userOf = (name: string) => account.users().find((user) => user.name === name);
  return {
    account: async () => ({ id: account.id, partition: 'aws' }),
    accountId: async () => account.id,
    async credentialReport() {
      life.step();
      const current = world.report;
      const age = current === undefined ? Number.POSITIVE_INFINITY : now() - current.generatedAt.getTime();
      if (current !== undefined && (age < 4 * HOUR || faults.staleReport)) return show(world, current);
      const content = renderCredentialReport(account, now(), { additionalCredentialsInfo: false });
      const generatedAt = new Date(Math.floor(now() / 1000) * 1000);
      world.report = { content, generatedAt, active: activeBeyondDoubt(world) };
      return show(world, world.report);
    },
    async rootFacts() {
      life.step();
      const { mfa, passwordEnabled, accessKeys, certificates } = account.root;
      return {
        ok: true,
        value: {
          hasMfa: mfa,
          hasPassword: passwordEnabled !== false,
          hasAccessKey: accessKeys.length > 0,
          hasSigningCertificate: certificates.length > 0,
        },
      };
    },
    async users() {
      life.step();
      if (faults.tags !== undefined) return { ok: false, problem: problems[faults.tags] as ReadProblem };
      return {
        ok: true,
        value: account.users().map(({ name, arn, createdAt }) => ({
          principal: { kind: 'user', name, arn },
          createdAt: new Date(createdAt),
        })),
      };
    },
    credentials: (kind, userName) => {
      if (faults.list !== undefined && faults.users.includes(userName)) world.refused.add(userName);
      return read(userName, faults.list, () =>
        userOf(userName)?.accessKeys.map(({ id, status, createdAt }) => {
          if (status === 'Active') world.shownActive.add(id);
          return observeListed({ kind, id }, status, new Date(createdAt));
        }),
      );
    },
    lastUse: (userName, { id: accessKeyId }) =>
      read(userName, faults.lastUse, () => {
        const found = account.findAccessKey(accessKeyId);
        if (found === undefined || ownerName(found.owner) !== userName) return undefined;
        const use = found.key.uses.shown(now());
        return use === undefined ? ({ kind: 'never' } as const) : ({ kind: 'used', at: new Date(use.at) } as const);
      }),
    async ownerOf({ id: accessKeyId }) {
      life.step();
      const owner = account.findAccessKey(accessKeyId)?.owner;
      if (owner === undefined) return { ok: false, problem: problems.denied as ReadProblem };
      return { ok: true, value: ownerName(owner) };
    },
    user: (userName) =>
      read<LiveUser>(userName, faults.user, () => {
        const user = userOf(userName);
        if (user === undefined) return undefined;
        const { name, arn, id: userId } = user;
        return { principal: { kind: 'user', name, arn }, userId, tags: Object.fromEntries(user.tags) };
      }),
    async userTags(names) {
      const reads = names.map(
        async (name) => [name, await read(name, faults.tags, () => tagsOf(userOf(name)))] as const,
      );
      return new Map(await Promise.all(reads));
    },
    async attachedPolicies(names) {
      life.step();
      const problem = faults.policies === undefined ? undefined : problems[faults.policies];
      if (problem !== undefined) return { ok: false, problem };
      return { ok: true, value: new Map(names.flatMap((name) => policiesOf(account, name))) };
    },
    async usersWithPolicy(policy) {
      const users = account
        .users()
        .filter(({ attachedPolicies }) => attachedPolicies.some(({ name }) => name === policy));
      return { ok: true, value: users.map(({ name }) => name) };
    },
    requests: () => ({}),
  };
}

function policiesOf(account: SandboxAccount, userName: string): [string, AttachedPolicies][] {
  const user = account.users().find(({ name }) => name === userName);
  if (user === undefined) return [];
  const arns = (policies: GroupRecord['attachedPolicies']) => policies.map(({ arn }) => arn);
  const groups = account.groups.filter(({ name }) => user.groups.includes(name));
  const viaGroups = groups.flatMap(({ attachedPolicies }) => arns(attachedPolicies));
  return [[userName, { direct: arns(user.attachedPolicies), viaGroups }]];
}

function show(world: World, report: ShownReport): ShownReport {
  for (const id of report.active) {
    const since = world.seenInactive.get(id);
    if (since !== undefined && report.generatedAt.getTime() > since) world.shownActive.add(id);
  }
  return report;
}

function activeBeyondDoubt({ account }: World): readonly string[] {
  const second = ({ createdAt }: AccessKeyRecord) => Math.floor(createdAt / 1000);
  return account
    .users()
    .flatMap(({ accessKeys }) =>
      accessKeys
        .filter(
          (key) =>
            key.status === 'Active' && accessKeys.every((other) => other === key || second(other) !== second(key)),
        )
        .map(({ id }) => id),
    );
}

function tagsOf(user: { readonly tags: ReadonlyMap<string, string> } | undefined) {
  return user === undefined ? undefined : Object.fromEntries(user.tags);
}

/** Writes as IAM does them; `lost` takes effect although its answer never arrives. */
export function directActions(world: World, faults: NightFaults, life: Lifeline): CredentialActions {
  const { account } = world;
  let throttled = typeof faults.write === 'number' ? faults.write : 0;
  async function write(
    userName: string,
    id: string,
    action: ObservedWrite['action'],
    effect: () => void,
  ): Promise<WriteOutcome> {
    life.step();
    const found = account.findAccessKey(id);
    if (faults.write === 'denied' && faults.users.includes(userName)) {
      const { night, denials, notices } = world;
      const isForgotten = faults.killAt !== undefined || faults.ledger !== undefined;
      const attempt = { night, at: keysweepNow(world), action, accessKeyId: id, isForgotten };
      denials.push({ ...attempt, messagesBefore: notices.length });
      return { kind: 'failed', problem: problems.denied as ReadProblem };
    }
    if (throttled > 0 && faults.users.includes(userName)) {
      throttled--;
      return { kind: 'failed', problem: problems.throttled as ReadProblem };
    }
    // IAM knows a key under the name that its user has now, and under no other.
    if (found === undefined || ownerName(found.owner) !== userName) return { kind: 'not-found' };
    note(world, found.owner, found.key, action);
    effect();
    life.step();
    if (faults.write === 'lost' && faults.users.includes(userName))
      return { kind: 'failed', problem: problems.unavailable as ReadProblem };
    return { kind: 'done' };
  }
  return {
    setStatus: (userName, { id }, status) =>
      write(userName, id, status === 'Inactive' ? 'deactivate' : 'reactivate', () =>
        account.setAccessKeyStatus(id, status, api),
      ),
    remove: (userName, { id }) => write(userName, id, 'delete', () => account.deleteAccessKey(id, api)),
  };
}

/** Writes of a person at the command line: not among those of the sweeps. */
export function personsActions({ account }: World, failure: PersonAct['failure'], life: Lifeline): CredentialActions {
  return {
    async setStatus(_, { id }, status) {
      life.step();
      if (failure === 'denied') return { kind: 'failed', problem: problems.denied as ReadProblem };
      if (account.findAccessKey(id) === undefined) return { kind: 'not-found' };
      account.setAccessKeyStatus(id, status);
      life.step();
      return failure === 'lost' ? { kind: 'failed', problem: problems.unavailable as ReadProblem } : { kind: 'done' };
    },
    async remove() {
      throw new Error('a restoration deletes nothing');
    },
  };
}

/** The ledger knows of it: the clock of a deletion starts again, and its grace begins. */
export function noteRestoration(world: World, accessKeyId: string): void {
  world.seenInactive.delete(accessKeyId);
  world.restorations.push({ accessKeyId, at: keysweepNow(world), messagesBefore: world.notices.length });
}

function note(world: World, owner: KeyOwner, key: AccessKeyRecord, action: ObservedWrite['action']): void {
  const shown = key.uses.shown(world.clock.now().getTime());
  const lastUse = key.uses.latest();
  world.writes.push({
    night: world.night,
    at: keysweepNow(world),
    action,
    accessKeyId: key.id,
    userName: ownerName(owner),
    userArn: owner.arn,
    statusBefore: key.status,
    createdAt: new Date(key.createdAt),
    shownLastUse: shown === undefined ? undefined : new Date(shown.at),
    lastUse: lastUse === undefined ? undefined : new Date(lastUse.at),
    tags: isUser(owner) ? Object.fromEntries(owner.tags) : {},
    reportAt: world.report?.generatedAt,
    messagesBefore: world.notices.length,
    rules: world.ledger.peek(world.account.id, key.id)?.rules ?? [],
  });
}

export function directNotifier(world: World, faults: NightFaults, life: Lifeline): Notifier {
  return {
    ...listeningOf(world.audience),
    async publish(notice) {
      life.step();
      if (faults.publish) throw new KeysweepError('TopicInvalid', 'the topic is missing');
      world.notices.push({
        ...notice,
        night: world.night,
        at: keysweepNow(world),
        isDelivered: reaches(world.audience),
      });
      life.step();
      return { messageId: String(world.notices.length) };
    },
  };
}

/**
 * Notes after each night which keys are inactive, and since which night without a break that keysweep could have known
 * of: a sweep that ended, and was shown the key as active.
 */
export function noteInactiveKeys(world: World, isEnded: boolean): void {
  const keys = world.account.users().flatMap(({ accessKeys }) => accessKeys);
  const inactive = new Set(keys.filter(({ status }) => status !== 'Active').map(({ id }) => id));
  const existing = new Set(keys.map(({ id }) => id));
  for (const id of world.seenInactive.keys()) {
    if (!existing.has(id) || (isEnded && world.shownActive.has(id) && !inactive.has(id))) world.seenInactive.delete(id);
  }
  // A clock that is far ahead makes a sweep do nothing: what counts is not later than the truth.
  const at = Math.min(keysweepNow(world).getTime(), world.clock.now().getTime());
  for (const id of inactive) if (!world.seenInactive.has(id)) world.seenInactive.set(id, at);
}
