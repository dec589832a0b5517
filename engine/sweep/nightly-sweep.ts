import { KeysweepError } from '../../core/error.ts';
import { accountInArn } from '../../core/expected-account.ts';
import { undecided } from '../../core/lifecycle/decision.ts';
import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import type { SweepResult } from '../../core/lifecycle/sweep-result.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { EventPublisher, SnapshotStore } from '../../core/ports.ts';
import type { RunLog } from '../run-log.ts';
import type { SweepOptions, SweepPorts } from './ports.ts';
import { publishEvents } from './publish-events.ts';
import { sweepAccount } from './sweep.ts';

/** What one nightly sweep needs from outside. */
export interface InvocationPorts extends SweepPorts {
  readonly snapshots: SnapshotStore;
  readonly log: RunLog;
  /** Undefined if there is no event bus. */
  readonly events?: EventPublisher;
}

/**
 * One nightly sweep: takes the audit's snapshot, sweeps, logs what was done and what could not be done, one line each, and
 * publishes events. Events are sent once: one that could not be sent is still in the log, like everything that was done.
 *
 * @throws KeysweepError if the snapshot cannot be read or belongs to another account, and SweepFailed if people could not be
 *   notified or the ledger could not be written, so that the invocation is retried: a later run does the rest. A partial
 *   sweep is not an error: an immediate retry would meet the same denials
 */
export async function runNightlySweep(
  ports: InvocationPorts,
  policy: Policy,
  snapshotKey: string,
  options: SweepOptions,
): Promise<SweepResult> {
  const { snapshots, log } = ports;
  const snapshot = await snapshots.read(snapshotKey);
  await refuseOtherAccount(ports, snapshot);
  const swept = await sweepAccount(ports, policy, snapshot, options);
  for (const problem of swept.problems) log.warn('problem', { sweep: swept.sweep, problem });
  // Before anything else that may end the process, so that everything that was done is in the log.
  for (const action of swept.actions) {
    log[action.outcome === 'failed' || action.unjudged !== undefined ? 'warn' : 'info']('action', {
      sweep: swept.sweep,
      action,
    });
  }
  for (const one of swept.skipped) {
    if (undecided.has(one.skipReason) || one.unjudged !== undefined)
      log.warn('skipped', { sweep: swept.sweep, skipped: one });
  }
  const { missingUsers = [] } = swept;
  if (missingUsers.length > 0) log.info('users that no longer exist in IAM under these names', { missingUsers });
  for (const problem of swept.notices?.channels ?? []) log.warn('channel', { sweep: swept.sweep, problem });
  const result = await publishEvents(ports.events, swept);
  const { sweep, account, mode, outcome, problems, notices, actions, skipped, stats } = result;
  const { alreadySwept } = result;
  if (alreadySwept !== undefined) log.info('nothing was done', { sweep, account, why: alreadySwept });
  const summary = {
    sweep,
    account,
    mode,
    outcome,
    problems,
    notices,
    actions: actions.length,
    skipped: countSkipReasons(skipped),
    stats,
  };
  if (outcome !== 'failed') {
    log.info('sweep completed', summary);
    return result;
  }
  log.error('sweep failed', summary);
  throw new KeysweepError('SweepFailed', problems.join('; '), {
    hint: 'Nothing was deactivated or deleted. The next sweep continues from what was recorded.',
  });
}

/** How many credentials were skipped for each reason. */
function countSkipReasons(skipped: SweepResult['skipped']): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { skipReason } of skipped) counts.set(skipReason, (counts.get(skipReason) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** Users of another account may have the same names: their keys would seem to be deleted. */
async function refuseOtherAccount({ source }: SweepPorts, { audit, users }: Snapshot): Promise<void> {
  const id = await source.accountId();
  const others = [audit.account.id, ...users.map(({ principal }) => accountInArn(principal.arn))];
  const other = others.find((account) => account !== id);
  if (other === undefined) return;
  throw new KeysweepError(
    'AccountMismatch',
    `the snapshot belongs to account ${other}, but the caller to account ${id}`,
    {
      hint: 'Give the rotator the snapshot of its own account.',
    },
  );
}
