import { Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { defaultPolicy } from '../core/policy/defaults.ts';
import type { Policy } from '../core/policy/policy.ts';
import { AlertTopic } from './alert-topic.ts';
import { Auditor } from './auditor.ts';
import { NightlySchedule } from './nightly-schedule.ts';

export interface CredentialHygieneProps {
  /**
   * What to look for, when, and whom to tell. `loadPolicy` makes one from the text of a keysweep.yaml.
   *
   * @default - mode `audit` with the thresholds of CIS (90 days of age, 45 days without use), each night at 04:30 UTC
   */
  readonly policy?: Policy;
}

/**
 * keysweep for the account it is deployed to: audits its long-lived credentials every night and raises an alert for
 * critical findings.
 *
 * One is enough for an account, in any region: IAM is global.
 */
export class CredentialHygiene extends Construct {
  /** Alerts for people. Subscribe further endpoints to it. */
  readonly alertTopic: AlertTopic;
  readonly auditor: Auditor;
  readonly schedule: NightlySchedule;

  constructor(scope: Construct, id: string, { policy = defaultPolicy }: CredentialHygieneProps = {}) {
    super(scope, id);
    // The ids below are a contract: another id is another logical id, and replaces the resource at the next deployment.
    this.alertTopic = new AlertTopic(this, 'AlertTopic', { email: policy.deployment.email });
    this.auditor = new Auditor(this, 'Auditor', { policy, alertTopic: this.alertTopic });
    this.schedule = new NightlySchedule(this, 'Schedule', {
      when: policy.deployment.schedule,
      target: this.auditor.function,
    });
    Tags.of(this).add('application', 'keysweep');
  }
}
