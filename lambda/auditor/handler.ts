/** The auditor's Lambda handler: wires the ports. Reads only; never writes to IAM. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { createEventBus } from '../../aws/event-bus.ts';
import { createIamCredentialSource } from '../../aws/iam-credential-source.ts';
import { createS3OpenFindingsStore } from '../../aws/s3-open-findings-store.ts';
import { createS3ReportStore } from '../../aws/s3-report-store.ts';
import { createS3SnapshotStore } from '../../aws/s3-snapshot-store.ts';
import { connect } from '../../aws/session.ts';
import { createSnsNotifier } from '../../aws/sns-notifier.ts';
import { SECOND } from '../../core/duration.ts';
import { auditMetrics, firstAuditMetrics, noSweepYet } from '../../core/metrics.ts';
import type { Audit } from '../../core/model.ts';
import { runAuditor } from '../../engine/audit/nightly-audit.ts';
import { requireVariable } from '../environment.ts';
import { createMetricsEmitter } from '../metrics.ts';
import { forwarderArn, openForwarder } from '../open-forwarder.ts';
import { confirmAccount, functionAccount } from '../own-account.ts';
import { readPolicyAsset } from '../policy-asset.ts';

/** Reserved for evaluation, logging, notifying and storing after the last live read, in milliseconds. */
const timeToFinish = 60 * SECOND;

const logger = new Logger({ serviceName: 'keysweep-auditor' });
const emitMetrics = createMetricsEmitter('auditor');
const emitForRotator = createMetricsEmitter('rotator');

/** The result of an invocation: how the audit went, without any finding. */
export type AuditorResult = Pick<Audit, 'account' | 'asOf' | 'summary' | 'stats'> & {
  /** An alert about critical findings was published. */
  readonly alerted: boolean;
  /** A message about new or resolved findings was published. */
  readonly newsPublished: boolean;
};

/**
 * Audits the function's own account, and thereby starts a sweep. Every event means the same, except one that says
 * `trigger: deployment`, which the stack sends when it has been created or updated: that starts no sweep, and is followed by
 * an audit only with `audit: true`. Environment: KEYSWEEP_INSTALLATION, KEYSWEEP_ALERT_TOPIC_ARN, KEYSWEEP_DIGEST_TOPIC_ARN,
 * KEYSWEEP_BUCKET, KEYSWEEP_EVENT_BUS; KEYSWEEP_FORWARDER_ARN if there is a forwarder.
 */
export async function handler(event: unknown, context: Context): Promise<AuditorResult | undefined> {
  const startedAt = performance.now();
  logger.resetKeys();
  logger.addContext(context);
  const installation = requireVariable('KEYSWEEP_INSTALLATION');
  const { trigger, audit } = (event ?? {}) as { readonly trigger?: unknown; readonly audit?: unknown };
  const isFirst = trigger === 'deployment';
  if (isFirst) {
    emitForRotator(noSweepYet, installation);
    if (audit !== true) return undefined;
  }
  const policy = readPolicyAsset(process.env.LAMBDA_TASK_ROOT ?? process.cwd());
  const bucket = requireVariable('KEYSWEEP_BUCKET');
  const alertTopic = requireVariable('KEYSWEEP_ALERT_TOPIC_ARN');
  const digestTopic = requireVariable('KEYSWEEP_DIGEST_TOPIC_ARN');
  const bus = requireVariable('KEYSWEEP_EVENT_BUS');
  // A new session for each invocation, so that `stats.requests` counts this audit only.
  const session = connect({ account: functionAccount(context) });
  try {
    await confirmAccount(session, { event: undefined, places: [alertTopic, digestTopic, bus, forwarderArn()] });
    const readTimeLimit = context.getRemainingTimeInMillis() - timeToFinish;
    const forwarder = openForwarder(session, bucket);
    const ports = {
      source: createIamCredentialSource(session, { readTimeLimit }),
      notifier: createSnsNotifier(session, alertTopic, forwarder),
      clock: { now: () => new Date() },
      log: logger,
      handover: {
        reports: createS3ReportStore(session, bucket),
        // Without it no sweep follows: nothing may be changed before the first night.
        ...(!isFirst && { snapshots: createS3SnapshotStore(session, bucket) }),
        findings: createS3OpenFindingsStore(session, bucket),
        events: createEventBus(session, bus),
        news: createSnsNotifier(session, digestTopic, forwarder),
      },
    };
    const { snapshot, alert, news, audience } = await runAuditor(ports, policy);
    const { counter } = session;
    const duration = performance.now() - startedAt;
    const cost = { requests: counter.counts(), throttles: counter.throttles(), duration };
    emitMetrics(isFirst ? firstAuditMetrics(snapshot, cost) : auditMetrics(snapshot, cost, audience), installation);
    const { account, asOf, summary, stats } = snapshot.audit;
    return { account, asOf, summary, stats, alerted: alert !== undefined, newsPublished: news !== undefined };
  } finally {
    session.close();
  }
}
