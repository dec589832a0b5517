import { createIamCredentialSource } from '../../aws/iam-credential-source.ts';
import { connect } from '../../aws/session.ts';
import { createSnsNotifier } from '../../aws/sns-notifier.ts';
import { systemTiming } from '../../aws/timing.ts';
import type { Audit } from '../../core/model.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Timing } from '../../core/ports.ts';
import { runAuditor } from '../../engine/audit/nightly-audit.ts';
import { acmeAccount, acmeNow, type PublishedMessage, startSandbox } from '../../sandbox/index.ts';

/** What one night in the sandbox left behind. */
export interface DemoNight {
  readonly audit: Audit;
  readonly users: number;
  /** Every request that arrived at the sandbox, by action. */
  readonly requests: Readonly<Record<string, number>>;
  /** Changes that the night made in IAM, by the sandbox's own record. */
  readonly writes: number;
  /** The alert as SNS handed it on. */
  readonly message: PublishedMessage | undefined;
}

/** Asks for the report again at once: in the sandbox it is ready, and 120 nights of good manners take minutes. */
export const impatient: Timing = { ...systemTiming, sleep: async () => {} };

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** Runs the nightly auditor on the acme account: real clients, real HTTP, real SNS message. */
export async function runDemoNight(policy: Policy): Promise<DemoNight> {
  const sandbox = await startSandbox({ seed: acmeAccount, now: acmeNow });
  const session = connect({ endpointUrl: sandbox.url, region: sandbox.region, credentials: sandbox.credentials });
  try {
    const ports = {
      source: createIamCredentialSource(session, { timing: impatient }),
      notifier: createSnsNotifier(session, sandbox.topicArn('keysweep-alerts')),
      clock: sandbox.clock,
      log: silent,
    };
    const { audit } = (await runAuditor(ports, policy)).snapshot;
    return {
      audit,
      users: sandbox.account.users().length,
      requests: sandbox.requestCounts(),
      writes: sandbox.writes.length,
      message: sandbox.messages.at(-1),
    };
  } finally {
    session.close();
    await sandbox.close();
  }
}
