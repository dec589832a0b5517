import pLimit from 'p-limit';
import { MINUTE } from '../../core/duration.ts';
import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Timing } from '../../core/ports.ts';
import type { CommandOptions } from '../../reports/notices/commands.ts';
import type { RotationOptions, RotatorPorts } from './ports.ts';

/** What every step of one rotation shares. */
export interface Run {
  readonly ports: RotatorPorts;
  readonly policy: Policy;
  readonly snapshot: Snapshot;
  readonly sweep: string;
  readonly startedAt: Date;
  readonly commandOptions: CommandOptions | undefined;
  readonly timing: Timing;
  /** Whether something new may still be begun. */
  hasTime(): boolean;
  /** Runs tasks side by side, so many at once, and gives their results in order. */
  each<T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<readonly R[]>;
}

const defaultConcurrency = 8;

export function openRun(ports: RotatorPorts, policy: Policy, snapshot: Snapshot, options: RotationOptions): Run {
  const { sweep, remainingTime = () => Number.POSITIVE_INFINITY, timeToFinish = MINUTE } = options;
  const limit = pLimit(options.concurrency ?? defaultConcurrency);
  return {
    ports,
    policy,
    snapshot,
    sweep,
    startedAt: ports.clock.now(),
    commandOptions: options.commandOptions,
    timing: ports.timing,
    hasTime: () => remainingTime() > timeToFinish,
    each: (items, task) => Promise.all(items.map((item) => limit(() => task(item)))),
  };
}
