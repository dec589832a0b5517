import { KeysweepError } from '../../core/error.ts';
import type { Rotation } from '../../core/lifecycle/rotation.ts';
import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { SnapshotStore } from '../../core/ports.ts';
import type { RotationOptions, RotatorPorts } from './ports.ts';
import { rotate } from './rotate.ts';

/** Structured logging as the rotator needs it; Powertools' Logger fits. */
export interface RotationLog {
  info(message: string, facts: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts: Readonly<Record<string, unknown>>): void;
  error(message: string, facts: Readonly<Record<string, unknown>>): void;
}

export interface InvocationPorts extends RotatorPorts {
  readonly snapshots: SnapshotStore;
  readonly log: RotationLog;
}

/**
 * One nightly rotation: takes the audit's snapshot, rotates, and logs what was done and what could not be, one line each.
 *
 * @throws KeysweepError where the snapshot cannot be read or is of another account, and SweepFailed where people could
 *   not be told or the ledger could not be kept, so that the invocation is tried again: a later run takes up the rest.
 *   A partial rotation is no error: trying again at once would meet the same denials
 */
export async function runRotation(
  ports: InvocationPorts,
  policy: Policy,
  snapshotKey: string,
  options: RotationOptions,
): Promise<Rotation> {
  const { snapshots, log } = ports;
  const snapshot = await snapshots.read(snapshotKey);
  await refuseOtherAccount(ports, snapshot);
  const rotation = await rotate(ports, policy, snapshot, options);
  const { sweep, account, mode, outcome, problems, actions, left, stats } = rotation;
  for (const action of actions) log[action.outcome === 'failed' ? 'warn' : 'info']('action', { sweep, action });
  for (const one of left) {
    if (one.hold === 'unknown' || one.hold === 'no-time') log.warn('left alone', { sweep, left: one });
  }
  const summary = { sweep, account, mode, outcome, problems, actions: actions.length, left: left.length, stats };
  if (outcome !== 'failed') {
    log.info('rotation completed', summary);
    return rotation;
  }
  log.error('rotation failed', summary);
  throw new KeysweepError('SweepFailed', problems.join('; '), {
    hint: 'Nothing was switched off or deleted. The next sweep takes up what was recorded.',
  });
}

/** Its users may have the same names: their keys would look as if they had been deleted. */
async function refuseOtherAccount({ source }: RotatorPorts, { audit }: Snapshot): Promise<void> {
  const { id } = await source.account();
  if (id === audit.account.id) return;
  throw new KeysweepError('AccountMismatch', `the snapshot is of account ${audit.account.id}, the caller of ${id}`, {
    hint: 'Give the rotator the snapshot of its own account.',
  });
}
