/** The auditor's Lambda handler: wires the ports and keeps clients between invocations. Reads only; never writes to IAM. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { createIamCredentialSource } from '../../aws/iam-credential-source.ts';
import { connect } from '../../aws/session.ts';
import { createSnsNotifier } from '../../aws/sns-notifier.ts';
import { SECOND } from '../../core/duration.ts';
import type { Audit } from '../../core/model.ts';
import { requireVariable } from '../environment.ts';
import { readPolicyAsset } from '../policy-asset.ts';
import { runAuditor } from './run.ts';

/** Kept for judging, logging and alerting after the last live read, in milliseconds. */
const timeToFinish = 30 * SECOND;

const logger = new Logger({ serviceName: 'keysweep-auditor' });

/** What an invocation answers: how the audit went, without any finding in it. */
export type AuditorResult = Pick<Audit, 'account' | 'asOf' | 'summary' | 'stats'> & { readonly alerted: boolean };

/** Audits the function's own account. The event is not looked at: every invocation means the same. */
export async function handler(_event: unknown, context: Context): Promise<AuditorResult> {
  logger.resetKeys();
  logger.addContext(context);
  const policy = readPolicyAsset(process.env.LAMBDA_TASK_ROOT ?? process.cwd());
  // A session for each invocation: `stats.requests` then counts this audit alone.
  const session = connect();
  try {
    const readTimeLimit = context.getRemainingTimeInMillis() - timeToFinish;
    const source = createIamCredentialSource(session, { readTimeLimit });
    const notifier = createSnsNotifier(session, requireVariable('KEYSWEEP_ALERT_TOPIC_ARN'));
    const ports = { source, notifier, clock: { now: () => new Date() }, log: logger };
    const { audit, alert } = await runAuditor(ports, policy);
    const { account, asOf, summary, stats } = audit;
    return { account, asOf, summary, stats, alerted: alert !== undefined };
  } finally {
    session.close();
  }
}
