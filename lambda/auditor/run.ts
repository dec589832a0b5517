import { KeysweepError, messageOf } from '../../core/error.ts';
import type { Audit } from '../../core/model.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Clock, CredentialSource, Notice, Notifier } from '../../core/ports.ts';
import { criticalAlert } from '../../reports/alert.ts';
import { audit } from './audit.ts';

/** Structured logging as the auditor needs it; Powertools' Logger fits. */
export interface AuditLog {
  info(message: string, facts: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts: Readonly<Record<string, unknown>>): void;
  error(message: string, facts: Readonly<Record<string, unknown>>): void;
}

export interface AuditorPorts {
  readonly source: CredentialSource;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly log: AuditLog;
}

export interface AuditorRun {
  readonly audit: Audit;
  /** What people were told; undefined where nothing was critical. */
  readonly alert: Notice | undefined;
}

/**
 * One nightly audit: judges the account, logs each finding as one line, and alerts people about critical ones.
 *
 * @throws KeysweepError where the account could not be judged or the alert not handed over, so that the invocation
 *   fails, is tried again and ends in the dead-letter queue: a failure is never an empty success
 */
export async function runAuditor({ source, notifier, clock, log }: AuditorPorts, policy: Policy): Promise<AuditorRun> {
  try {
    const result = await audit({ source }, policy, clock.now());
    const { account, asOf, report, summary, stats } = result;
    for (const finding of result.findings) {
      log[finding.status === 'error' ? 'warn' : 'info']('finding', { finding });
    }
    const alert = criticalAlert(result);
    if (alert !== undefined) await notifier.publish(alert);
    log.info('audit completed', { account, asOf, report, summary, stats, alerted: alert !== undefined });
    return { audit: result, alert };
  } catch (error) {
    log.error('audit failed', { failure: describeFailure(error), requests: source.requests() });
    throw error;
  }
}

/** What may be logged of an error. Its cause may not: the SDK's errors can hold parts of a signed request. */
function describeFailure(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof KeysweepError)) return { message: messageOf(error) };
  const { code, message, hint } = error;
  return { code, message, hint };
}
