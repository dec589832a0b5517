import { KeysweepError, messageOf } from '../../core/error.ts';
import { isAhead } from '../../core/lies-ahead.ts';
import type { SweptSnapshot } from '../../core/lifecycle/ledger.ts';
import { type Opening, openBy } from '../../core/lifecycle/opening.ts';
import type { Run } from './run.ts';

/** How often the record may be overtaken by other runs before this one gives up. */
const maxAttempts = 5;

/**
 * Opens the sweep of this run's snapshot in the ledger, or finds that it is open, or that there is none to open. Where two
 * runs of one snapshot begin together, both go on: each change and notice is protected by the version of its entry.
 *
 * @throws KeysweepError SnapshotInvalid for a snapshot from the future; where the ledger cannot be read or written
 */
export async function openSweep({ ports, snapshot, startedAt }: Run): Promise<Opening> {
  const { account, asOf } = snapshot.audit;
  if (isAhead(asOf, startedAt)) {
    throw new KeysweepError('SnapshotInvalid', `the snapshot is of ${asOf.toISOString()}, which lies ahead`, {
      hint: 'Nothing was done. Look at the clocks, and who may write snapshots.',
    });
  }
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const opening = openBy(snapshot, await ports.ledger.sweptSnapshot(account.id), startedAt);
    if (opening.kind !== 'opens' || (await ports.ledger.writeSweptSnapshot(opening.record)) === 'written')
      return opening;
  }
  throw new KeysweepError('LedgerBusy', 'other runs keep opening sweeps of this account', { hint: 'Try again later.' });
}

/**
 * Closes the sweep: from now on its snapshot leads to nothing. A conflict is fine: another run has closed it, or a newer
 * snapshot has opened the next one. Returns what went wrong, for people.
 */
export async function closeSweep({ ports }: Run, record: SweptSnapshot): Promise<string | undefined> {
  const closed = { ...record, closedAt: ports.clock.now(), version: record.version + 1 };
  try {
    await ports.ledger.writeSweptSnapshot(closed);
    return undefined;
  } catch (error) {
    return `the sweep could not be closed in the ledger: ${messageOf(error)}`;
  }
}
