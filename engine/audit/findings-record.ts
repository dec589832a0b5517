/** The record of what is open: written before anyone is notified, and again after the delivery. */
import { DAY } from '../../core/duration.ts';
import { KeysweepError } from '../../core/error.ts';
import { compareFindings } from '../../core/findings/compare.ts';
import { afterDelivery, type FindingsDeliveries } from '../../core/findings/findings-outbox.ts';
import type { OpenFindings } from '../../core/findings/open-findings.ts';
import type { Audit } from '../../core/model.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { KeptFindings, OpenFindingsStore } from '../../core/ports.ts';
import type { RunLog } from '../run-log.ts';

/** What an audit recorded before anyone was notified. */
export interface FindingsRecord {
  readonly open: OpenFindings;
  readonly version: string;
  /** There is no readable record of an earlier audit. */
  readonly isFirst: boolean;
}

/** How often a conflicting write is retried. */
const maxAttempts = 5;

/**
 * Compares an audit with what the last one left open, and stores the result. Undefined if a later audit has already been
 * recorded: that one notifies.
 *
 * @throws KeysweepError FindingsContested if others keep changing the record, or any error of the store
 */
export async function recordFindings(
  store: OpenFindingsStore,
  audit: Audit,
  policy: Policy,
  log: RunLog,
): Promise<FindingsRecord | undefined> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const kept = await store.read(audit.account.id);
    const before = understand(kept, log);
    if (before !== undefined && isLater(before, audit)) {
      log.warn('a later audit is already recorded; this one reports no changes', {
        asOf: audit.asOf,
        later: before.asOf,
      });
      return undefined;
    }
    const open = compareFindings(before, audit, policy);
    const written = await store.write(open, kept?.version);
    if (written !== 'conflict') return { open, version: written.version, isFirst: before === undefined };
  }
  throw new KeysweepError('FindingsContested', 'the record of open findings changes faster than it can be written', {
    hint: 'Run the audit again. If this happens every night, check that the function may read findings/ in its bucket.',
  });
}

/**
 * Records what was delivered. If another audit has written in the meantime, nothing is recorded: that audit delivers again.
 *
 * @throws KeysweepError as the store does
 */
export async function recordDelivery(
  store: OpenFindingsStore,
  record: FindingsRecord,
  audit: Audit,
  deliveries: FindingsDeliveries,
): Promise<void> {
  const after = afterDelivery(record.open, audit, deliveries);
  if (after !== record.open) await store.write(after, record.version);
}

/** A record that cannot be read is replaced, and everything counts as new: it could not be read tomorrow either. */
function understand(kept: KeptFindings | undefined, log: RunLog): OpenFindings | undefined {
  if (kept === undefined) {
    log.info('there is no record of an earlier audit: every finding counts as new', {});
    return undefined;
  }
  if (kept.open.known) return kept.open.value;
  log.error('the record of the previous audit cannot be read: every finding counts as new', { why: kept.open.why });
  return undefined;
}

/** A record further in the future was written by a wrong clock, and would block every audit until then. */
function isLater({ asOf }: OpenFindings, audit: Audit): boolean {
  const ahead = asOf.getTime() - audit.asOf.getTime();
  return ahead > 0 && ahead < DAY;
}
