import { Tags } from 'aws-cdk-lib';
import type { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { given } from '../core/given.ts';
import { longestSilence } from '../core/policy/clock-changes.ts';
import { defaultPolicy } from '../core/policy/defaults.ts';
import type { Deployment, Policy, RoleNaming, VpcPlacement } from '../core/policy/policy.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { Alarms, type DeadLetterQueues } from './alarms.ts';
import { ArchiveBucket } from './archive-bucket.ts';
import { AuditCompletedRule } from './audit-completed-rule.ts';
import { Auditor } from './auditor.ts';
import { EventBusGuard } from './event-bus-guard.ts';
import { FirstDay } from './first-day.ts';
import type { HandlerPlatform } from './handler-function.ts';
import { HygieneDashboard } from './hygiene-dashboard.ts';
import { Installation } from './installation.ts';
import { existingLedgerTable, LedgerTable } from './ledger-table.ts';
import { NightlySchedule } from './nightly-schedule.ts';
import { NoticeTopic } from './notice-topic.ts';
import { checkPolicy } from './policy-checks.ts';
import { describePolicy } from './policy-metadata.ts';
import { nameRoles } from './role-names.ts';
import { Rotator } from './rotator.ts';
import { SlackChannel } from './slack-channel.ts';
import { SlackForwarder } from './slack-forwarder.ts';

/** Everything has a default: `new CredentialHygiene(this, id)` audits every night. */
export interface CredentialHygieneProps {
  /**
   * What to look for, when, and whom to notify. `loadPolicy` creates one from the text of a keysweep.yaml.
   *
   * @default - mode `audit` with the thresholds of CIS (age 90 days, unused 45 days), every night at 04:30 UTC
   */
  readonly policy?: Policy;
  /** @default - `deployment.architecture` of the policy, otherwise what fits the partition */
  readonly architecture?: Architecture;
  /** Subnets and security groups of one VPC, such as `vpc.privateSubnets`. @default - `deployment.vpc` of the policy */
  readonly vpc?: VpcPlacement;
  /** @default - `deployment.roles` of the policy, otherwise names by CloudFormation */
  readonly roles?: RoleNaming;
}

/**
 * keysweep for the account that it is deployed to: every night it audits the long-lived credentials, sends an alert about
 * critical findings, and notifies owners, deactivates and deletes as the policy says.
 *
 * One per account is enough, in any region, because IAM is global; the deployment of a second one fails.
 */
export class CredentialHygiene extends Construct {
  /** Makes a second installation in the same account fail. */
  readonly installation: Installation;
  /** Urgent alerts for people. Subscribe further endpoints to it. */
  readonly alertTopic: NoticeTopic;
  /** New and resolved findings, and the digest of each sweep, for people. */
  readonly digestTopic: NoticeTopic;
  /** Alarms about keysweep itself. */
  readonly alarmTopic: AlarmTopic;
  /** What was done to which credential: a {@link LedgerTable} that outlives the stack, or the table of `deployment.ledgerTable`. */
  readonly ledger: LedgerTable | ITable;
  /** Snapshots of audits, and full reports. Outlives the stack. */
  readonly archive: ArchiveBucket;
  readonly auditor: Auditor;
  readonly rotator: Rotator;
  readonly schedule: NightlySchedule;
  readonly auditCompleted: AuditCompletedRule;
  readonly alarms: Alarms;
  readonly firstDay: FirstDay;
  readonly dashboard: HygieneDashboard | undefined;
  readonly slackChannel: SlackChannel | undefined;
  readonly slackForwarder: SlackForwarder | undefined;

  constructor(scope: Construct, id: string, { policy = defaultPolicy, ...props }: CredentialHygieneProps = {}) {
    super(scope, id);
    const { deployment } = policy;
    checkPolicy(this, policy);
    const encryption = this.encryption(deployment);
    const topic = { email: deployment.email, ...encryption };
    // The ids below are a contract: a new id is a new logical id, and replaces the resource at the next deployment.
    this.installation = new Installation(this, 'OneInstallationForAnAccount');
    this.alertTopic = new NoticeTopic(this, 'AlertTopic', topic);
    this.digestTopic = new NoticeTopic(this, 'DigestTopic', topic);
    this.alarmTopic = new AlarmTopic(this, 'AlarmTopic', topic);
    this.ledger =
      deployment.ledgerTable === undefined
        ? new LedgerTable(this, 'Ledger', encryption)
        : existingLedgerTable(this, 'ExistingLedger', deployment.ledgerTable);
    this.archive = new ArchiveBucket(this, 'Archive', { retention: deployment.snapshotRetention, ...encryption });
    const { alertTopic, digestTopic, ledger, archive } = this;
    const platform = platformOf(deployment, props);
    this.slackForwarder = this.addSlackForwarder(deployment, { ...encryption, ...platform });
    const shared = {
      archive,
      ...platform,
      ...(this.slackForwarder && { forwarder: this.slackForwarder.function }),
      ...encryption,
    };
    this.auditor = new Auditor(this, 'Auditor', { policy, alertTopic, digestTopic, ...shared });
    this.rotator = new Rotator(this, 'Rotator', { policy, digestTopic, ledger, ...shared });
    this.schedule = new NightlySchedule(this, 'Schedule', {
      when: deployment.schedule,
      target: this.auditor.function,
      ...encryption,
    });
    this.auditCompleted = new AuditCompletedRule(this, 'AuditCompleted', {
      target: this.rotator.function,
      ...encryption,
    });
    archive.acceptWritesFrom({
      auditor: this.auditor.role,
      rotator: this.rotator.role,
      ...(this.slackForwarder && { forwarder: this.slackForwarder.role }),
    });
    new EventBusGuard(this, 'EventBusGuard', { auditor: this.auditor.role, rotator: this.rotator.role });
    this.slackChannel = this.addSlackChannel(deployment);
    const deadLetters = this.deadLetterQueues();
    this.installFirst();
    this.alarms = new Alarms(this, 'Alarms', {
      topic: this.alarmTopic,
      deadLetters,
      notices: { alerts: this.alertTopic, digests: this.digestTopic, alarms: this.alarmTopic },
      longestSilence: longestSilence(deployment.schedule, new Date()),
    });
    this.firstDay = this.beginLast(deployment);
    this.dashboard = deployment.dashboard
      ? new HygieneDashboard(this, 'Dashboard', { alarms: this.alarms.all, deadLetters })
      : undefined;
    describePolicy(this, policy);
    this.applyBoundary(deployment);
    this.nameRoles(props.roles ?? deployment.roles);
    for (const [key, value] of Object.entries(deployment.tags)) Tags.of(this).add(key, value);
    Tags.of(this).add('application', 'keysweep');
  }

  /** A failed second installation leaves nothing behind that outlives its stack, and sends no e-mail. */
  private installFirst(): void {
    const lasting = [this.ledger, this.archive, this.auditor.logGroup, this.rotator.logGroup, ...this.topics()];
    for (const part of lasting) part.node.addDependency(this.installation.mark);
    this.slackForwarder?.logGroup.node.addDependency(this.installation.mark);
    // Deletion protection keeps the table even if the deployment that created it is rolled back. So what most often fails
    // comes first: Slack, subscriptions, a permission that the deployer lacks.
    const { slackChannel, slackForwarder, schedule, auditor } = this;
    for (const part of [...this.topics(), schedule, auditor, slackChannel, slackForwarder]) {
      if (part !== undefined) this.ledger.node.addDependency(part);
    }
    const { ledger, digestTopic, alertTopic, alarmTopic } = this;
    const forwarder = slackForwarder && { forwarder: slackForwarder.function };
    this.installation.record({ ledger, digestTopic, alertTopic, alarmTopic, ...forwarder });
  }

  /** The first audit uses what all the others do: so the installation begins when everything else exists. */
  private beginLast({ firstAudit }: Deployment): FirstDay {
    const begins = this.alarms.sweepMissing.node.defaultChild as CfnAlarm;
    const { auditor, rotator, archive, ledger, auditCompleted } = this;
    for (const part of [auditor, rotator, archive, ledger, auditCompleted]) begins.node.addDependency(part);
    return new FirstDay(this, 'FirstDay', { auditor: auditor.function, begins, audit: firstAudit });
  }

  private encryption({ encryptionKey }: Deployment): { readonly encryptionKey?: IKey } {
    if (encryptionKey === undefined) return {};
    return { encryptionKey: Key.fromKeyArn(this, 'EncryptionKey', encryptionKey) };
  }

  private addSlackChannel({ slack }: Deployment): SlackChannel | undefined {
    return slack && new SlackChannel(this, 'SlackChannel', { slack, topics: this.topics() });
  }

  private addSlackForwarder(
    { slackWebhookSecret, logRetention }: Deployment,
    settings: HandlerPlatform & { readonly encryptionKey?: IKey },
  ): SlackForwarder | undefined {
    if (slackWebhookSecret === undefined) return undefined;
    return new SlackForwarder(this, 'SlackForwarder', {
      webhookSecretArn: slackWebhookSecret,
      topics: this.topics(),
      archive: this.archive,
      logRetention,
      ...settings,
    });
  }

  private topics() {
    return [this.alertTopic, this.digestTopic, this.alarmTopic];
  }

  private deadLetterQueues(): DeadLetterQueues {
    return {
      schedule: this.schedule.deadLetters,
      auditor: this.auditor.deadLetters,
      rule: this.auditCompleted.deadLetters,
      rotator: this.rotator.deadLetters,
      ...(this.slackForwarder && { forwarder: this.slackForwarder.deadLetters }),
    };
  }

  private nameRoles(naming: RoleNaming | undefined): void {
    if (naming === undefined) return;
    const { auditor, rotator, schedule, slackForwarder, slackChannel, installation } = this;
    const roles = {
      auditor: auditor.role,
      rotator: rotator.role,
      schedule: schedule.role,
      ...given({ forwarder: slackForwarder?.role, 'slack-channel': slackChannel?.role }),
    };
    const policies = given({ 'slack-guardrail': slackChannel?.guardrail });
    nameRoles({ roles, policies, mark: installation.mark }, naming);
  }

  private applyBoundary({ permissionsBoundary }: Deployment): void {
    if (permissionsBoundary === undefined) return;
    PermissionsBoundary.of(this).apply(
      ManagedPolicy.fromManagedPolicyArn(this, 'PermissionsBoundary', permissionsBoundary),
    );
  }
}

/** The properties of the construct win over the policy. */
function platformOf({ architecture, vpc }: Deployment, props: HandlerPlatform): HandlerPlatform {
  return given({
    architecture: props.architecture ?? (architecture && lambdaArchitecture(architecture)),
    vpc: props.vpc ?? vpc,
  });
}

function lambdaArchitecture(name: NonNullable<Deployment['architecture']>): Architecture {
  return name === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64;
}
