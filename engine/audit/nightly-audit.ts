import { KeysweepError, messageOf } from '../../core/error.ts';
import { auditCompleted, findingEvents } from '../../core/events.ts';
import { findingHistories, findingsNews } from '../../core/findings/findings-news.ts';
import { given } from '../../core/given.ts';
import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import type { Audit } from '../../core/model.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type {
  Clock,
  CredentialSource,
  EventPublisher,
  Notice,
  Notifier,
  OpenFindingsStore,
  ReportStore,
  SnapshotStore,
} from '../../core/ports.ts';
import { type AlertOptions, criticalAlert, unnamedInAlert } from '../../reports/alert.ts';
import { auditText } from '../../reports/audit-text.ts';
import { findingsMessage, unnamedInMessage } from '../../reports/findings-message.ts';
import { renderJson } from '../../reports/json.ts';
import type { FindingsInput } from '../../reports/notices/findings-data.ts';
import type { Delivery } from '../delivery.ts';
import { describeFailure, type RunLog } from '../run-log.ts';
import { publish, readTopicAudience } from './audience.ts';
import { auditAccount } from './audit.ts';
import { type FindingsRecord, recordDelivery, recordFindings } from './findings-record.ts';

/** Where the results of an audit go, besides alerts. */
export interface Handover {
  readonly reports: ReportStore;
  /** Absent if no sweep follows. */
  readonly snapshots?: SnapshotStore;
  /** What is open, from one audit to the next. */
  readonly findings: OpenFindingsStore;
  readonly events: EventPublisher;
  /** People who are notified once of each change. Alerts about critical findings go to `notifier`, every night. */
  readonly news: Notifier;
}

/** What a nightly audit needs from outside. */
export interface AuditorPorts {
  readonly source: CredentialSource;
  /** People who are notified of critical findings. */
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly log: RunLog;
  /** Undefined if the caller uses the snapshot itself. */
  readonly handover?: Handover;
}

/** What a nightly audit saw, and its messages. */
export interface AuditorRun {
  readonly snapshot: Snapshot;
  /** The alert; undefined if nothing was critical. */
  readonly alert: Notice | undefined;
  /** The message about other changes; undefined if there were none. */
  readonly news: Notice | undefined;
  /** Absent without a handover. */
  readonly audience?: AuditAudience;
}

/** Whether the topics of an audit reach people. */
export interface AuditAudience {
  /** Topics without a channel that is known to reach people. */
  readonly unreached: number;
  /** Messages that were published, but that no one is known to have received. */
  readonly undelivered: number;
}

/**
 * One nightly audit: judges the account, logs each finding as one line, stores the report, alerts people about critical
 * findings, hands what it saw to the sweep (first the snapshot, then the event), and notifies the bus and people of new and
 * resolved findings. Those are recorded before anyone is notified: what was not delivered, or may not have been, the next
 * audit delivers again.
 *
 * If one of these steps fails, the others still run: no one should miss an alert because a bucket is not writable.
 *
 * @throws KeysweepError if the account could not be judged or a step failed, so that the invocation fails, is retried and
 *   ends in the dead-letter queue: a failure is never an empty success. A retry may repeat steps that succeeded
 */
export async function runAuditor(ports: AuditorPorts, policy: Policy): Promise<AuditorRun> {
  const { source, clock, log } = ports;
  try {
    const snapshot = await auditAccount({ source }, policy, clock.now());
    const { account, asOf, report, summary, stats, findings } = snapshot.audit;
    const { notRenewed } = report;
    if (notRenewed !== undefined) log.warn('AWS generated no newer credential report', { report, why: notRenewed });
    for (const finding of findings) log[finding.status === 'error' ? 'warn' : 'info']('finding', { finding });
    const messages = await notify(ports, snapshot, policy);
    const { alert, news, audience } = messages;
    log.info('audit completed', {
      ...{ account, asOf, report, summary, stats },
      alerted: alert !== undefined,
      newsPublished: news !== undefined,
      ...given({ audience }),
    });
    return { snapshot, ...messages };
  } catch (error) {
    log.error('audit failed', { failure: describeFailure(error), requests: source.requests() });
    throw error;
  }
}

type Messages = Omit<AuditorRun, 'snapshot'>;

async function notify(ports: AuditorPorts, snapshot: Snapshot, policy: Policy): Promise<Messages> {
  const { notifier, handover, clock, log } = ports;
  const { audit } = snapshot;
  if (handover === undefined) {
    const alert = criticalAlert(audit);
    if (alert !== undefined) await notifier.publish(alert);
    return { alert, news: undefined };
  }
  const { findings, events, reports } = handover;
  const [urgent, calm] = await Promise.all([
    readTopicAudience({ topic: 'alerts', kind: 'alert' }, notifier, audit, policy, log),
    readTopicAudience({ topic: 'digests', kind: 'findings' }, handover.news, audit, policy, log),
  ]);
  const recorded = await attempt(recordFindings(findings, audit, policy, log));
  const record = recorded.ok ? recorded.value : undefined;
  const history = historyOf(record);
  const changed = newsOf(record, audit, policy);
  const kept = await attempt(keepReports(reports, audit, history, changed));
  const link = kept.ok ? { fullReport: kept.value } : {};
  const alert = criticalAlert(audit, { ...history, ...link });
  const message = changed && { ...changed, ...link };
  const news = message && findingsMessage(message);
  const [ofCritical, ofNews, machines, handedOver] = await Promise.all([
    attempt(publish(notifier, urgent, alert)),
    attempt(publish(handover.news, calm, news)),
    attempt(record === undefined ? Promise.resolve() : events.publish(findingEvents(record.open))),
    attempt(handOver(handover, snapshot)),
  ]);
  const deliveredAt = clock.now();
  const deliveries = {
    ...(alert && isDelivered(ofCritical) ? { alerts: { deliveredAt, undelivered: unnamedInAlert(audit, alert) } } : {}),
    ...(message && news && isDelivered(ofNews)
      ? { digests: { deliveredAt, undelivered: unnamedInMessage(message, news) } }
      : {}),
    ...(machines.ok && { bus: { deliveredAt } }),
  };
  const noted = await attempt(
    record === undefined ? Promise.resolve() : recordDelivery(findings, record, audit, deliveries),
  );
  refuseFailures([recorded, kept, ofCritical, ofNews, machines, handedOver, noted]);
  const undelivered = [ofCritical, ofNews].flatMap((one) =>
    one.ok && one.value?.kind === 'undelivered' ? one.value : [],
  );
  for (const { notice, why } of undelivered)
    log.error('no one is known to have received the message', { subject: notice.subject, why });
  const unreached = [urgent, calm].filter(({ unreachable }) => unreachable !== undefined).length;
  return { alert, news, audience: { unreached, undelivered: undelivered.length } };
}

/** An undelivered message stays pending: the next audit delivers it again. */
function isDelivered(sent: Attempt<Delivery | undefined>): boolean {
  return sent.ok && sent.value?.kind !== 'undelivered';
}

/** What the alert may say about earlier audits. */
function historyOf(record: FindingsRecord | undefined): AlertOptions {
  if (record === undefined || record.isFirst) return {};
  return { history: findingHistories(record.open) };
}

/** People are notified only of what is recorded: otherwise they would be notified again every night. */
function newsOf(record: FindingsRecord | undefined, audit: Audit, { mode }: Policy): FindingsInput | undefined {
  const news = record && findingsNews(record.open, mode);
  return news && { audit, mode, news };
}

/** Stores the report as data, for auditors, and as text, for people who follow the link in a message. Returns that link. */
async function keepReports(
  reports: ReportStore,
  audit: Audit,
  history: AlertOptions,
  changed: FindingsInput | undefined,
): Promise<string> {
  const { account, asOf: at } = audit;
  const text = auditText(audit, history, changed);
  await reports.write({ account, at, name: 'audit.json', text: renderJson(audit), contentType: 'application/json' });
  return reports.write({ account, at, name: 'audit.txt', text, contentType: 'text/plain; charset=utf-8' });
}

async function handOver({ snapshots, events }: Handover, snapshot: Snapshot): Promise<void> {
  if (snapshots === undefined) return;
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
