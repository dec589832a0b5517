import { KeysweepError, messageOf } from '../../core/error.ts';
import { auditCompleted } from '../../core/events.ts';
import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import type { Audit } from '../../core/model.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type {
  Clock,
  CredentialSource,
  EventPublisher,
  Notice,
  Notifier,
  ReportStore,
  SnapshotStore,
} from '../../core/ports.ts';
import { criticalAlert, fullAlert } from '../../reports/alert.ts';
import { renderJson } from '../../reports/json.ts';
import { renderTable } from '../../reports/table.ts';
import { describeFailure, type RunLog } from '../log.ts';
import { auditAccount } from './audit.ts';

/** Where an audit goes beside the people it wakes. */
export interface Handover {
  readonly reports: ReportStore;
  readonly snapshots: SnapshotStore;
  readonly events: EventPublisher;
}

export interface AuditorPorts {
  readonly source: CredentialSource;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly log: RunLog;
  /** Undefined where the caller goes on with the snapshot itself. */
  readonly handover?: Handover;
}

export interface AuditorRun {
  readonly snapshot: Snapshot;
  /** What people were told; undefined where nothing was critical. */
  readonly alert: Notice | undefined;
}

/** Columns of the text report. */
const reportWidth = 110;

/**
 * One nightly audit: judges the account, logs each finding as one line, keeps the report, alerts people about critical
 * findings, and hands what it saw to the rotation: the snapshot first, then the event that says so.
 *
 * Whatever fails of these does not stop the others: nobody is to miss an alert because a bucket is closed.
 *
 * @throws KeysweepError where the account could not be judged, or anything could not be handed over, so that the
 *   invocation fails, is tried again and ends in the dead-letter queue: a failure is never an empty success. What
 *   was handed over may be handed over again then
 */
export async function runAuditor(ports: AuditorPorts, policy: Policy): Promise<AuditorRun> {
  const { source, clock, log, handover } = ports;
  try {
    const snapshot = await auditAccount({ source }, policy, clock.now());
    const { account, asOf, report, summary, stats, findings } = snapshot.audit;
    for (const finding of findings) log[finding.status === 'error' ? 'warn' : 'info']('finding', { finding });
    const kept = handover === undefined ? undefined : await attempt(keepReports(handover.reports, snapshot.audit));
    const fullReport = kept?.ok ? kept.value : undefined;
    const alert = criticalAlert(snapshot.audit, fullReport === undefined ? {} : { fullReport });
    const sent = await Promise.all([
      attempt(alert === undefined ? Promise.resolve() : ports.notifier.publish(alert)),
      attempt(handover === undefined ? Promise.resolve() : handOver(handover, snapshot)),
    ]);
    refuseFailures([...(kept === undefined ? [] : [kept]), ...sent]);
    log.info('audit completed', { account, asOf, report, summary, stats, alerted: alert !== undefined });
    return { snapshot, alert };
  } catch (error) {
    log.error('audit failed', { failure: describeFailure(error), requests: source.requests() });
    throw error;
  }
}

/** As data for whoever must prove something, as text for whoever follows the link of an alert; the link of that. */
async function keepReports(reports: ReportStore, audit: Audit): Promise<string> {
  const { account, asOf: at } = audit;
  const text = fullAlert(audit) ?? renderTable(audit, { color: false, width: reportWidth });
  await reports.write({ account, at, name: 'audit.json', text: renderJson(audit), contentType: 'application/json' });
  return reports.write({ account, at, name: 'audit.txt', text, contentType: 'text/plain; charset=utf-8' });
}

async function handOver({ snapshots, events }: Handover, snapshot: Snapshot): Promise<void> {
  const key = await snapshots.write(snapshot);
  await events.publish([auditCompleted(snapshot.audit, key)]);
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

async function attempt<T>(work: Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    return { ok: false, error };
  }
}

function refuseFailures(attempts: readonly Attempt<unknown>[]): void {
  const errors = attempts.flatMap((one) => (one.ok ? [] : [one.error]));
  if (errors.length <= 1) {
    for (const error of errors) throw error;
    return;
  }
  throw new KeysweepError('HandoverFailed', errors.map(messageOf).join('; '), { cause: errors[0] });
}
