/** Nights of audit and sweep over the sandbox, through the real clients. */
import { createIamCredentialActions } from '../../aws/iam-credential-actions.ts';
import { DAY } from '../../core/duration.ts';
import type { CredentialThresholds } from '../../core/kinds/kind.ts';
import type { LedgerEntry } from '../../core/lifecycle/ledger.ts';
import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import type { SweepResult } from '../../core/lifecycle/sweep-result.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Notice } from '../../core/ports.ts';
import { auditAccount } from '../../engine/audit/audit.ts';
import { type SweepOptions, type SweepPorts, sweepId } from '../../engine/sweep/ports.ts';
import { sweepAccount } from '../../engine/sweep/sweep.ts';
import type { AccountSeed } from '../../sandbox/index.ts';
import { connectSandbox, type SandboxConnectionOptions } from './aws-sandbox.ts';
import { notifierTo } from './listeners.ts';
import { manualTiming } from './manual-timing.ts';
import { createMemoryLedger } from './memory-ledger.ts';

export const account = '111122223333';

/** Idle for 150 days. */
export const staleKey = 'AKIASTALEAAAAAAAAAAA';
/** Created in the same second as {@link staleKey}, by the same user, and used every day. */
export const busyKey = 'AKIABUSYAAAAAAAAAAAA';
/** Of bob, never used. */
export const unusedKey = 'AKIAUNUSEDAAAAAAAAAA';
/** Of carol: too old, and in use. */
export const oldKey = 'AKIAOLDAAAAAAAAAAAAA';

/** Monday. */
export const firstNight = new Date('2026-11-02T04:30:00Z');

export const fewKeys = {
  id: account,
  alias: 'acme',
  now: firstNight.toISOString(),
  users: [
    {
      name: 'alice',
      tags: { owner: 'alice@example.com' },
      accessKeys: [
        { id: busyKey, createdAt: '2026-09-01T00:00:00Z', lastUsed: { at: '2026-11-01T10:00:00Z' } },
        { id: staleKey, createdAt: '2026-09-01T00:00:00Z', lastUsed: { at: '2026-09-02T10:00:00Z' } },
      ],
    },
    { name: 'bob', accessKeys: [{ id: unusedKey, createdAt: '2026-09-15T00:00:00Z' }] },
    {
      name: 'carol',
      accessKeys: [{ id: oldKey, createdAt: '2025-01-01T00:00:00Z', lastUsed: { at: '2026-11-01T23:00:00Z' } }],
    },
    { name: 'dave' },
  ],
} satisfies AccountSeed;

/** An account of these users, on the first night. */
export function accountWith(users: AccountSeed['users']): AccountSeed {
  return { id: account, alias: 'acme', now: firstNight.toISOString(), users };
}

/** Enforces every day of the week: warned for 14 days, deleted 30 days after the deactivation. */
export function enforcePolicy(fields: Partial<Policy> = {}, accessKeys: Partial<CredentialThresholds> = {}): Policy {
  return {
    ...defaultPolicy,
    mode: 'enforce',
    calendar: { timezone: 'UTC', days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], freeze: [] },
    ...fields,
    accessKeys: { ...defaultPolicy.accessKeys, ...accessKeys },
  };
}

export type SweepWorld = Awaited<ReturnType<typeof openSweepWorld>>;

export interface SweepWorldOptions extends SandboxConnectionOptions {
  readonly seed?: AccountSeed;
}

/** A sandbox with everything that a rotator needs, with the ledger and the sent messages in memory. */
export async function openSweepWorld({ seed = fewKeys, ...options }: SweepWorldOptions = {}) {
  const connected = await connectSandbox({
    ...options,
    sandbox: { seed, ...options.sandbox },
    connect: { retryMode: 'standard', ...options.connect },
  });
  const { sandbox, session, source } = connected;
  const ledger = createMemoryLedger();
  const notices: Notice[] = [];
  const timing = manualTiming();
  const ports = {
    source,
    actions: createIamCredentialActions(session),
    ledger,
    notifier: notifierTo(async (notice) => void notices.push(notice)),
    clock: sandbox.clock,
    timing,
  } satisfies SweepPorts;
  let sweeps = 0;

  /** One sweep by a snapshot that was taken before. */
  function rotateBy(
    snapshot: Snapshot,
    policy: Policy,
    changes: Partial<SweepPorts> = {},
    more: Partial<SweepOptions> = {},
  ): Promise<SweepResult> {
    const sweep = sweepId(sandbox.clock.now(), String(++sweeps));
    return sweepAccount({ ...ports, ...changes }, policy, snapshot, { sweep, enforce: true, ...more });
  }

  const auditNow = (policy: Policy) => auditAccount({ source }, policy, sandbox.clock.now());

  /** Audit and sweep, as every night. */
  async function sweep(
    policy: Policy,
    changes: Partial<SweepPorts> = {},
    more: Partial<SweepOptions> = {},
  ): Promise<SweepResult> {
    return rotateBy(await auditNow(policy), policy, changes, more);
  }

  /** Moves on by days, and uses some keys just before. */
  function pass(days: number, inUse: readonly string[] = [busyKey, oldKey]): void {
    sandbox.clock.advance(days * DAY);
    for (const id of inUse) sandbox.account.useAccessKey(id, new Date(sandbox.clock.now().getTime() - DAY / 24));
  }

  return {
    ...connected,
    ledger,
    notices,
    ports,
    sweep,
    auditNow,
    rotateBy,
    pass,
    /** Sweeps every night for so many nights, the present one first. */
    nights: async (count: number, policy: Policy, inUse?: readonly string[]): Promise<readonly SweepResult[]> => {
      const sweeps: SweepResult[] = [];
      for (let night = 0; night < count; night++) {
        sweeps.push(await sweep(policy));
        pass(1, inUse);
      }
      return sweeps;
    },
    entry: (id: string): Promise<LedgerEntry | undefined> => ledger.entry(account, id),
    /** `Inactive KEY` and `deleted KEY` for each change that IAM was asked for, in order. */
    changes: (): readonly string[] =>
      sandbox.writes
        .filter(({ by }) => by === 'api')
        .map(({ accessKeyId, statusAfter }) => `${statusAfter ?? 'deleted'} ${accessKeyId}`),
  };
}

/** `type credential outcome` of each action. */
export function actionsOf({ actions }: SweepResult): readonly string[] {
  return actions.map(({ type, notice, change, credential, outcome }) =>
    [type, notice, change, credential.id, outcome].filter((part) => part !== undefined).join(' '),
  );
}
