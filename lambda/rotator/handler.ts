/** The rotator's Lambda handler: wires the ports. The only function whose role may write to IAM. */
import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { createDynamoDbLedger } from '../../aws/dynamodb-ledger.ts';
import { createEventBus } from '../../aws/event-bus.ts';
import { createIamCredentialActions } from '../../aws/iam-credential-actions.ts';
import { createIamCredentialSource } from '../../aws/iam-credential-source.ts';
import { type AwsSession, connect } from '../../aws/session.ts';
import { createSnsNotifier } from '../../aws/sns-notifier.ts';
import { systemTiming } from '../../aws/timing.ts';
import { MINUTE, SECOND } from '../../core/duration.ts';
import { KeysweepError } from '../../core/error.ts';
import type { Ledger, LedgerEntry } from '../../core/lifecycle/ledger.ts';
import type { SweepResult } from '../../core/lifecycle/sweep-result.ts';
import { sweepMetrics } from '../../core/metrics.ts';
import type { Forwarder, ReportStore, SnapshotStore } from '../../core/ports.ts';
import { describeFailure } from '../../engine/run-log.ts';
import { runNightlySweep } from '../../engine/sweep/nightly-sweep.ts';
import { sweepId } from '../../engine/sweep/ports.ts';
import { requireVariable } from '../environment.ts';
import { createMetricsEmitter } from '../metrics.ts';
import { forwarderArn } from '../open-forwarder.ts';
import { confirmAccount, functionAccount } from '../own-account.ts';
import { readPolicyAsset } from '../policy-asset.ts';

/** Nothing new begins with less time left than this, in milliseconds: one user may take that long if AWS throttles. */
const timeToFinish = MINUTE;

/** Live reads are abandoned this long before the end, in milliseconds. */
const timeAfterReads = 30 * SECOND;

const logger = new Logger({ serviceName: 'keysweep-rotator' });
const emitMetrics = createMetricsEmitter('rotator');

/** The result of an invocation: how the sweep went, without any credential. */
export type RotatorResult = Pick<SweepResult, 'sweep' | 'account' | 'mode' | 'startedAt' | 'outcome' | 'stats'>;

/** Where snapshots are read, and full digests are stored. */
export interface Evidence {
  readonly snapshots: SnapshotStore;
  readonly reports?: ReportStore;
  /** The forwarder, whose receipts are stored there as well. */
  readonly forwarder?: Forwarder | undefined;
}

/**
 * Creates the handler for a place where the evidence is stored. Its event is the bus's `Audit Completed`, whose detail
 * names the snapshot. Environment: KEYSWEEP_INSTALLATION, KEYSWEEP_LEDGER_TABLE, KEYSWEEP_DIGEST_TOPIC_ARN,
 * KEYSWEEP_EVENT_BUS.
 */
export function createRotatorHandler(openEvidence: (session: AwsSession) => Evidence) {
  return async (event: unknown, context: Context): Promise<RotatorResult> => {
    const startedAtMs = performance.now();
    logger.resetKeys();
    logger.addContext(context);
    const snapshot = snapshotKeyOf(event);
    const policy = readPolicyAsset(process.env.LAMBDA_TASK_ROOT ?? process.cwd());
    const clock = { now: () => new Date() };
    const session = connect({ account: functionAccount(context) });
    try {
      const readTimeLimit = context.getRemainingTimeInMillis() - timeAfterReads;
      const table = requireVariable('KEYSWEEP_LEDGER_TABLE');
      const topicArn = requireVariable('KEYSWEEP_DIGEST_TOPIC_ARN');
      const bus = requireVariable('KEYSWEEP_EVENT_BUS');
      const installation = requireVariable('KEYSWEEP_INSTALLATION');
      await confirmAccount(session, { event, places: [topicArn, bus, forwarderArn()] });
      const ledger = createDynamoDbLedger(session, table);
      const { forwarder, ...evidence } = openEvidence(session);
      const ports = {
        source: createIamCredentialSource(session, { readTimeLimit }),
        // The role has the permission in this mode only.
        actions: policy.mode === 'enforce' ? createIamCredentialActions(session) : undefined,
        ledger,
        notifier: createSnsNotifier(session, topicArn, forwarder),
        events: createEventBus(session, bus),
        ...evidence,
        clock,
        timing: systemTiming,
        log: logger,
      };
      const result = await runNightlySweep(ports, policy, snapshot, {
        // Not the request's id: a retry of the same request has the same one.
        sweep: sweepId(clock.now(), randomUUID()),
        enforce: true,
        remainingTime: () => context.getRemainingTimeInMillis(),
        timeToFinish,
      });
      const { sweep, account, mode, startedAt, outcome, stats } = result;
      const entries = await readForMetrics(ledger, account.id);
      const { counter } = session;
      const duration = performance.now() - startedAtMs;
      const cost = { requests: counter.counts(), throttles: counter.throttles(), duration };
      emitMetrics(sweepMetrics(result, entries, cost), installation);
      return { sweep, account, mode, startedAt, outcome, stats };
    } finally {
      session.close();
    }
  };
}

/** A completed sweep must not be retried because its metrics cannot be read. */
async function readForMetrics(ledger: Ledger, account: string): Promise<readonly LedgerEntry[] | undefined> {
  try {
    return (await ledger.entries(account)).entries;
  } catch (error) {
    logger.warn('the ledger could not be read for the metrics: keys by stage are missing tonight', {
      failure: describeFailure(error),
    });
    return undefined;
  }
}

/** From an EventBridge event, or from the detail alone. */
function snapshotKeyOf(event: unknown): string {
  const { detail = event } = (event ?? {}) as { readonly detail?: unknown };
  const { snapshot } = (detail ?? {}) as { readonly snapshot?: unknown };
  if (typeof snapshot === 'string' && snapshot !== '') return snapshot;
  throw new KeysweepError('EventInvalid', 'the event does not name a snapshot', {
    hint: 'Send {"detail": {"snapshot": "KEY"}}, with the key from the auditor.',
  });
}
