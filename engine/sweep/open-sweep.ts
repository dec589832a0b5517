import { KeysweepError, messageOf } from '../../core/error.ts';
import { isInFuture } from '../../core/future-dates.ts';
import { given } from '../../core/given.ts';
import { type Opening, openBy } from '../../core/lifecycle/opening.ts';
import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import type { Account } from '../../core/model.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Night } from './night.ts';
import { withProblems } from './night.ts';
import { outcomeOf } from './report.ts';
import { type Run, writeRecord } from './run.ts';

/** How often other runs may overwrite the record before this one gives up. */
const maxAttempts = 5;

/**
 * Opens the sweep of this snapshot in the ledger, or finds that it is already open, or that there is none to open. If two
 * runs with one snapshot start together, both continue: the version of its entry protects each change and notice.
 *
 * @throws KeysweepError SnapshotInvalid for a snapshot from the future; LedgerEmpty if the policy says that an existing
 * ledger is continued, and this one knows no sweep of the account; if the ledger cannot be read or written
 */
export async function openSweep({ ports, policy, account, startedAt }: Run, { id, audit }: Snapshot): Promise<Opening> {
  const { asOf } = audit;
  if (isInFuture(asOf, startedAt)) {
    throw new KeysweepError('SnapshotInvalid', `the snapshot is of ${asOf.toISOString()}, which is in the future`, {
      hint: 'Nothing was done. Check the clocks, and who may write snapshots.',
    });
  }
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const last = await ports.ledger.sweptSnapshot(account.id);
    if (last === undefined) requireNewLedger(policy, account);
    const opening = openBy({ id, asOf, account: account.id }, last, startedAt);
    if (opening.kind !== 'opens' || (await ports.ledger.writeSweptSnapshot(opening.record)) === 'written')
      return opening;
  }
  throw new KeysweepError('LedgerBusy', 'other runs keep opening sweeps of this account', { hint: 'Try again later.' });
}

/** Without its history a ledger would promise every key a new date, and know no deactivation: never by mistake. */
function requireNewLedger({ deployment: { ledgerTable } }: Policy, account: Account): void {
  if (ledgerTable === undefined) return;
  throw new KeysweepError(
    'LedgerEmpty',
    `deployment.ledgerTable is ${ledgerTable}, an existing ledger, but this ledger has no sweep of account ${account.id}`,
    {
      hint: 'Nothing was done. Check that deployment.ledgerTable names the restored table, and that it contains the items. To start a new ledger on purpose, remove deployment.ledgerTable: the stack then creates one.',
    },
  );
}

/**
 * Records how the sweep ended, and closes it: from now on its snapshot leads to nothing. A failed sweep stays open: a retry
 * with the same snapshot continues it. Errors here become problems of the night.
 */
export async function closeSweep(
  run: Run,
  night: Night,
  opening: Exclude<Opening, { readonly kind: 'replayed' }>,
): Promise<Night> {
  const { ports, sweep } = run;
  const { at, unnamed = [] } = night.delivery ?? {};
  const known = {
    ...given({ deliveredAt: at }),
    ...(unnamed.length > 0 && { undelivered: unnamed }),
    outcome: outcomeOf(night),
  };
  const ended = await problemOf('the end of the sweep could not be recorded', () =>
    writeRecord(run, sweep, { ...known, endedAt: ports.clock.now() }),
  );
  const ahead = opening.kind === 'opens' ? opening.problem : undefined;
  // A conflict is fine: another run has closed it, or a newer snapshot has opened the next sweep.
  const { record } = opening;
  const open = night.isFailed
    ? undefined
    : await problemOf('the sweep could not be closed in the ledger', () =>
        ports.ledger.writeSweptSnapshot({ ...record, closedAt: ports.clock.now(), version: record.version + 1 }),
      );
  return withProblems(
    night,
    [ended, ahead, open].filter((problem) => problem !== undefined),
  );
}

async function problemOf(what: string, write: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await write();
    return undefined;
  } catch (error) {
    return `${what}: ${messageOf(error)}`;
  }
}
