import { addTo } from '../../core/lifecycle/decision.ts';
import type { SweepRecord } from '../../core/lifecycle/ledger.ts';
import { sweepRetention } from '../../core/lifecycle/pending.ts';
import type { Run } from './run.ts';

/**
 * Notices about changes that were announced in the sweep's own digest, and did not happen, go out under an id of their
 * own: a crash before they do must not look as if they had gone out with the first one.
 */
export function correctionsId(sweep: string): string {
  return `${sweep}/corrections`;
}

/** Writes the record of a sweep, or of its corrections, with what is known of it by now. */
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
