/** The entry of the deployed forwarder: wires the ports, and keeps the secret and the pace between invocations. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { openSecret, type SecretText } from '../../aws/secret.ts';
import { connect } from '../../aws/session.ts';
import { systemTiming } from '../../aws/timing.ts';
import { SECOND } from '../../core/duration.ts';
import { requireVariable } from '../environment.ts';
import { forward } from './forward.ts';
import type { Pace } from './ports.ts';
import { postJson } from './post-json.ts';

const logger = new Logger({ serviceName: 'keysweep-forwarder' });
const pace: Pace = { lastPostAt: undefined };
let webhook: SecretText | undefined;

/** Forwards the messages of an SNS event to Slack. Environment: KEYSWEEP_SLACK_WEBHOOK_SECRET, the ARN of the secret. */
export async function handler(event: unknown, context: Context): Promise<{ readonly forwarded: number }> {
  logger.resetKeys();
  logger.addContext(context);
  // One secret is all that is read: a few quick attempts, and the time is left for Slack.
  webhook ??= openSecret(
    connect({ maxAttempts: 3, requestTimeout: 5 * SECOND }),
    requireVariable('KEYSWEEP_SLACK_WEBHOOK_SECRET'),
  );
  return forward(
    {
      webhook,
      post: postJson,
      timing: systemTiming,
      remainingTime: () => context.getRemainingTimeInMillis(),
      log: logger,
      pace,
    },
    event,
  );
}
