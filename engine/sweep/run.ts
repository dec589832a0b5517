import pLimit from 'p-limit';
import { MINUTE } from '../../core/duration.ts';
import { addTo } from '../../core/lifecycle/decision.ts';
import type { SweepRecord } from '../../core/lifecycle/ledger.ts';
import { sweepRetention } from '../../core/lifecycle/pending.ts';
import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import type { Account, Audit } from '../../core/model.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { CommandOptions } from '../../reports/notices/commands.ts';
import { type Inspector, openInspector } from '../inspector.ts';
import type { SweepOptions, SweepPorts } from './ports.ts';

/** What every phase of one sweep shares. */
export interface Run {
  readonly ports: SweepPorts;
  readonly policy: Policy;
  /** Reads what plans rest on; what justifies a change is read again, see guard.ts. */
  readonly inspector: Inspector;
  readonly account: Account;
  /** Id of the snapshot that the sweep is based on. */
  readonly snapshot: string;
  readonly sweep: string;
  readonly startedAt: Date;
  readonly commandOptions: CommandOptions | undefined;
  /** Whether something new may still be begun. */
  hasTime(): boolean;
  /** Runs tasks concurrently, up to a limit, and returns their results in order. */
  each<T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<readonly R[]>;
}

const defaultConcurrency = 8;

/** The snapshot that is swept. `users`: their credentials can show whether AWS names the user of a key; none in later phases. */
export type SnapshotOfRun = Pick<Snapshot, 'id' | 'users'> & { readonly audit: Pick<Audit, 'account'> };

export function openRun(
  ports: SweepPorts,
  policy: Policy,
  { id, audit, users }: SnapshotOfRun,
  options: SweepOptions,
): Run {
  const { sweep, remainingTime = () => Number.POSITIVE_INFINITY, timeToFinish = MINUTE } = options;
  const limit = pLimit(options.concurrency ?? defaultConcurrency);
  return {
    ports,
    policy,
    inspector: openInspector(ports.source, { users }),
    account: audit.account,
    snapshot: id,
    sweep,
    startedAt: options.startedAt ?? ports.clock.now(),
    commandOptions: options.commandOptions,
    hasTime: () => remainingTime() > timeToFinish,
    each: (items, task) => Promise.all(items.map((item) => limit(() => task(item)))),
  };
}

/**
 * Notices about changes that were announced in the sweep's digest and did not happen have an id of their own: after a crash
 * they must not seem to have been delivered with the digest.
 */
export function correctionsId(sweep: string): string {
  return `${sweep}/corrections`;
}

/** Writes the record of a sweep, or of its corrections, with what is known by now. */
export function writeRecord(
  { ports, account, startedAt }: Run,
  id: string,
  known: Partial<SweepRecord> = {},
): Promise<void> {
  return ports.ledger.writeSweep({
    account: account.id,
    id,
    startedAt,
    expiresAt: addTo(startedAt, sweepRetention),
    ...(ports.notifier === undefined && { notifiedBy: 'operator' as const }),
    ...known,
  });
}
