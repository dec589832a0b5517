/** The entry point of the deployed forwarder: wires the ports, and keeps the secret and the pace between invocations. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { createS3ReceiptStore } from '../../aws/s3-receipt-store.ts';
import { openSecret, type SecretText } from '../../aws/secret.ts';
import { type AwsSession, connect } from '../../aws/session.ts';
import { systemTiming } from '../../aws/timing.ts';
import { SECOND } from '../../core/duration.ts';
import type { ReceiptStore } from '../../core/ports.ts';
import { requireVariable } from '../environment.ts';
import { forward } from './forward.ts';
import type { Pace } from './ports.ts';
import { postJson } from './post-json.ts';

const logger = new Logger({ serviceName: 'keysweep-forwarder' });
const pace: Pace = { lastPostAt: undefined };
let session: AwsSession | undefined;
let webhook: SecretText | undefined;
let receipts: ReceiptStore | undefined;

/**
 * Forwards the messages of an SNS event to Slack. Environment: KEYSWEEP_SLACK_WEBHOOK_SECRET, the ARN of
 * the secret, and KEYSWEEP_BUCKET, where it records what it has posted.
 */
export async function handler(event: unknown, context: Context): Promise<{ readonly forwarded: number }> {
  logger.resetKeys();
  logger.addContext(context);
  // It reads one secret and writes one receipt: a few quick attempts leave time for Slack.
  session ??= connect({ maxAttempts: 3, requestTimeout: 5 * SECOND });
  webhook ??= openSecret(session, requireVariable('KEYSWEEP_SLACK_WEBHOOK_SECRET'));
  receipts ??= createS3ReceiptStore(session, requireVariable('KEYSWEEP_BUCKET'));
  return forward(
    {
      webhook,
      post: postJson,
      timing: systemTiming,
      remainingTime: () => context.getRemainingTimeInMillis(),
      log: logger,
      pace,
      receipts,
    },
    event,
  );
}
