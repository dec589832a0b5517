import { KeysweepError } from '../../core/error.ts';
import { undecided } from '../../core/lifecycle/decision.ts';
import type { Rotation } from '../../core/lifecycle/sweep-result.ts';
import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import { accountInArn } from '../../core/meant-account.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { EventPublisher, SnapshotStore } from '../../core/ports.ts';
import type { RunLog } from '../run-log.ts';
import type { SweepOptions, SweepPorts } from './ports.ts';
import { sweepAccount } from './sweep.ts';
import { tellMachines } from './publish-events.ts';

/** What one nightly rotation needs from outside. */
export interface InvocationPorts extends SweepPorts {
  readonly snapshots: SnapshotStore;
  readonly log: RunLog;
  /** Undefined where no machine listens. */
  readonly events?: EventPublisher;
}

/**
 * One nightly rotation: takes the audit's snapshot, rotates, logs what was done and what could not be, one line each, and
 * tells machines. Events are sent once: what could not be sent is in the log, as everything that was done.
 *
 * @throws KeysweepError where the snapshot cannot be read or is of another account, and SweepFailed where people could
 *   not be told or the ledger could not be kept, so that the invocation is tried again: a later run takes up the rest.
 *   A partial rotation is no error: trying again at once would meet the same denials
 */
export async function runRotation(
  ports: InvocationPorts,
  policy: Policy,
  snapshotKey: string,
  options: SweepOptions,
): Promise<Rotation> {
  const { snapshots, log } = ports;
  const snapshot = await snapshots.read(snapshotKey);
  await refuseOtherAccount(ports, snapshot);
  const rotated = await sweepAccount(ports, policy, snapshot, options);
  for (const problem of rotated.problems) log.warn('problem', { sweep: rotated.sweep, problem });
  // Before anything else that may end the process: what it did is in the log then, whoever else hears of it.
  for (const action of rotated.actions) {
    log[action.outcome === 'failed' || action.unjudged !== undefined ? 'warn' : 'info']('action', {
      sweep: rotated.sweep,
      action,
    });
  }
  for (const one of rotated.left) {
    if (undecided.has(one.hold) || one.unjudged !== undefined)
      log.warn('left alone', { sweep: rotated.sweep, left: one });
  }
  const { goneUsers = [] } = rotated;
  if (goneUsers.length > 0) log.info('users that no longer exist in IAM under their names', { goneUsers });
  for (const problem of rotated.notices?.channels ?? []) log.warn('channel', { sweep: rotated.sweep, problem });
  const rotation = await tellMachines(ports.events, rotated);
  const { sweep, account, mode, outcome, problems, notices, actions, left, stats } = rotation;
  const { alreadySwept } = rotation;
  if (alreadySwept !== undefined) log.info('nothing was done', { sweep, account, why: alreadySwept });
  const summary = {
    sweep,
    account,
    mode,
    outcome,
    problems,
    notices,
    actions: actions.length,
    left: countHolds(left),
    stats,
  };
  if (outcome !== 'failed') {
    log.info('rotation completed', summary);
    return rotation;
  }
  log.error('rotation failed', summary);
  throw new KeysweepError('SweepFailed', problems.join('; '), {
    hint: 'Nothing was switched off or deleted. The next sweep takes up what was recorded.',
  });
}

/** How many credentials were left alone for each reason. */
function countHolds(left: Rotation['left']): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { hold } of left) counts.set(hold, (counts.get(hold) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** Its users may have the same names: their keys would look as if they had been deleted. */
async function refuseOtherAccount({ source }: SweepPorts, { audit, users }: Snapshot): Promise<void> {
  const id = await source.accountId();
  const others = [audit.account.id, ...users.map(({ principal }) => accountInArn(principal.arn))];
  const other = others.find((account) => account !== id);
  if (other === undefined) return;
  throw new KeysweepError('AccountMismatch', `the snapshot is of account ${other}, the caller of ${id}`, {
    hint: 'Give the rotator the snapshot of its own account.',
  });
}
