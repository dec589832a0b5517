/** The record of what is open: written before anybody is notified, and again once that is delivered. */
import { DAY } from '../../core/duration.ts';
import { KeysweepError } from '../../core/error.ts';
import { compareFindings } from '../../core/findings/compare.ts';
import { afterDelivery, type FindingsDeliveries } from '../../core/findings/findings-outbox.ts';
import type { OpenFindings } from '../../core/findings/open-findings.ts';
import type { Audit } from '../../core/model.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { KeptFindings, OpenFindingsStore } from '../../core/ports.ts';
import type { RunLog } from '../run-log.ts';

/** What an audit has put on record, before anybody was notified of it. */
export interface FindingsRecord {
  readonly open: OpenFindings;
  readonly version: string;
  /** Nothing is known of an audit before. */
  readonly isFirst: boolean;
}

/** So often is it tried to be the last one who wrote. */
const maxAttempts = 5;

/**
 * Compares an audit with what the last one left open, and keeps the outcome. Undefined where a later audit has been
 * here: that one notifies.
 *
 * @throws KeysweepError FindingsContested where others keep changing the record, or what the store says
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
      log.warn('a later audit has been here; this one tells no changes', { asOf: audit.asOf, later: before.asOf });
      return undefined;
    }
    const open = compareFindings(before, audit, policy);
    const written = await store.write(open, kept?.version);
    if (written !== 'conflict') return { open, version: written.version, isFirst: before === undefined };
  }
  throw new KeysweepError('FindingsContested', 'the record of open findings changes faster than it can be written', {
    hint: 'Audit again. Where it happens each night: may the function read findings/ in its bucket?',
  });
}

/**
 * Records what was delivered. Where another audit has written meanwhile, it is left to that one, which delivers again.
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

/** What cannot be understood will not be so tomorrow either: it is replaced, and everything counts as new. */
function understand(kept: KeptFindings | undefined, log: RunLog): OpenFindings | undefined {
  if (kept === undefined) {
    log.info('there is no record of an earlier audit: every finding counts as new', {});
    return undefined;
  }
  if (kept.open.known) return kept.open.value;
  log.error('the record of the audit before cannot be read: every finding counts as new', { why: kept.open.why });
  return undefined;
}

/** One that is further ahead was made by a clock that was wrong, and would silence every audit until then. */
function isLater({ asOf }: OpenFindings, audit: Audit): boolean {
  const ahead = asOf.getTime() - audit.asOf.getTime();
  return ahead > 0 && ahead < DAY;
}
