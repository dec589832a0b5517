import { Aws, Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { HOUR } from '../core/duration.ts';
import type { Duration as Milliseconds } from '../core/model.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { auditorMetric, rotatorMetric } from './metrics.ts';

/** The dead-letter queues of a deployment, by content. */
export interface DeadLetterQueues {
  /** Nights on which the schedule could not start the auditor. */
  readonly schedule: DeadLetterQueue;
  /** Audits that failed three times. */
  readonly auditor: DeadLetterQueue;
  /** Completed audits for which the bus could not start the rotator. */
  readonly rule: DeadLetterQueue;
  /** Sweeps that failed three times. */
  readonly rotator: DeadLetterQueue;
  /** Messages that could not be posted to Slack. */
  readonly forwarder?: DeadLetterQueue;
}

/** What is monitored, and who is notified. */
export interface AlarmsProps {
  /** Gets every change to ALARM. CloudWatch must be allowed to publish to it: see {@link AlarmTopic}. */
  readonly topic: ITopic;
  readonly deadLetters: DeadLetterQueues;
  /** The topics that people subscribe to. */
  readonly notices: NoticeTopics;
  /** The longest time between two sweeps if none is missed, in milliseconds; rounded up to whole hours. */
  readonly longestSilence: Milliseconds;
}

export interface NoticeTopics {
  readonly alerts: ITopic;
  readonly digests: ITopic;
  readonly alarms: ITopic;
}

/** The runbook with a section for each alarm. */
const runbook = 'docs/operations.md';

const hour = Duration.hours(1);

/**
 * What wakes people: no sweep since last night, a message in a dead-letter queue, a run that could not complete its work, a
 * cap that defers what is due. CloudWatch charges per alarm; the first ten of an account are free.
 */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];
  /** Counts from the rotator's first value: see {@link FirstDay}. */
  readonly sweepMissing: Alarm;
  readonly #action: SnsAction;

  constructor(scope: Construct, id: string, { topic, deadLetters, notices, longestSilence }: AlarmsProps) {
    super(scope, id);
    this.#action = new SnsAction(topic);
    const { schedule, auditor, rule, rotator, forwarder } = deadLetters;
    this.sweepMissing = this.noSweepFor(Math.ceil(longestSilence / HOUR));
    this.all = [
      this.sweepMissing,
      this.notEmpty('ScheduleFailed', schedule, 'The schedule could not start the audit.', 'schedule-failed'),
      this.notEmpty('AuditFailed', auditor, 'An audit failed three times.', 'audit-failed'),
      this.notEmpty('HandoverFailed', rule, 'A completed audit could not start the sweep.', 'handover-failed'),
      this.notEmpty('SweepFailed', rotator, 'A sweep failed three times.', 'sweep-failed'),
      ...(forwarder === undefined
        ? []
        : [this.notEmpty('SlackFailed', forwarder, 'A message could not be posted to Slack.', 'slack-failed')]),
      this.counted('AuditPartial', auditorMetric('PartialRuns'), {
        what: 'An audit could not judge everything: some findings have status error, and the keys concerned are skipped. Search the auditor log for status error.',
        anchor: 'audit-partial',
      }),
      this.counted('SweepPartial', rotatorMetric('PartialRuns'), {
        what: 'A sweep could not complete its plan. The next night continues with the rest. Search the rotator log for warnings.',
        anchor: 'sweep-partial',
      }),
      this.counted('CapReached', rotatorMetric('DeferredByCap'), {
        what: 'More keys are due than maxDeactivations or maxDeletions allow in one night. The rest are deferred to the next nights. Check that this number is expected, or raise the cap in keysweep.yaml.',
        anchor: 'cap-reached',
      }),
      this.noOneReached(),
      this.undeliverable('AlertUndeliverable', notices.alerts, 'An alert'),
      this.undeliverable('DigestUndeliverable', notices.digests, 'A digest'),
      this.undeliverable('AlarmUndeliverable', notices.alarms, 'An alarm'),
    ];
  }

  /**
   * Hours before the rotator's first value have no data, and the alarm keeps its first state, INSUFFICIENT_DATA: nothing
   * rings before a first night could have come. FILL with REPEAT has nothing to repeat there, so the sum has no value
   * either; afterwards an hour without a run counts as 0. When all values are older than what CloudWatch looks back to,
   * which is longer than the evaluated hours, the alarm keeps the state that it had: ALARM. The first value is a zero, which
   * each update of the stack writes again: see {@link FirstDay}.
   *
   * Source: the CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data" and "Metric math functions".
   */
  private noSweepFor(hours: number): Alarm {
    const runs = rotatorMetric('CompletedRuns', { statistic: Stats.SUM, period: hour });
    return this.alarm('SweepMissing', {
      what: `No sweep has completed for ${hours} hours: no one is notified, and nothing is deactivated.`,
      anchor: 'sweep-missing',
      metric: new MathExpression({
        expression: 'FILL(runs, 0) + 0 * FILL(runs, REPEAT)',
        label: 'completed sweeps',
        usingMetrics: { runs },
        period: hour,
      }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: hours,
      treatMissingData: TreatMissingData.IGNORE,
      isOkNotified: true,
    });
  }

  /** Keeps its state from one night to the next, so that it is visible even if no one gets its message. */
  private noOneReached(): Alarm {
    return this.alarm('NoOneReached', {
      what: 'No channel is known to reach people: no notice counts, no clock starts, and nothing is changed. The auditor log names each channel and what is wrong with it. Have someone confirm a subscription.',
      anchor: 'no-one-reached',
      metric: auditorMetric('UnreachedTopics', { statistic: Stats.MAXIMUM, period: hour }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.IGNORE,
      isOkNotified: true,
    });
  }

  private undeliverable(id: string, topic: ITopic, what: string): Alarm {
    return this.alarm(id, {
      what: `${what} could not be delivered to a subscriber, despite the retries of SNS. To list the subscribers, run aws sns list-subscriptions-by-topic.`,
      anchor: 'undeliverable',
      metric: topic.metricNumberOfNotificationsFailed({ statistic: Stats.SUM, period: Duration.minutes(5) }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  private notEmpty(id: string, queue: DeadLetterQueue, what: string, anchor: string): Alarm {
    return this.alarm(id, {
      what: `${what} The event is in its dead-letter queue for 14 days: read the error there and fix the cause.`,
      anchor,
      metric: queue.metricApproximateNumberOfMessagesVisible({
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(5),
      }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      isOkNotified: true,
    });
  }

  /** Returns to OK after an hour in any case, so that no one is notified of that. */
  private counted(
    id: string,
    metric: ReturnType<typeof rotatorMetric>,
    text: Pick<AlarmText, 'what' | 'anchor'>,
  ): Alarm {
    return this.alarm(id, {
      ...text,
      metric: metric.with({ statistic: Stats.SUM, period: hour }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  private alarm(id: string, { what, anchor, isOkNotified = false, ...props }: AlarmText & AlarmCondition): Alarm {
    const alarm = new Alarm(this, id, {
      ...props,
      // People read the name in the subject of an e-mail.
      alarmName: `${Aws.STACK_NAME}-${id}`,
      alarmDescription: `${what} See ${runbook}#${anchor}`,
    });
    alarm.addAlarmAction(this.#action);
    if (isOkNotified) alarm.addOkAction(this.#action);
    return alarm;
  }
}

interface AlarmText {
  /** What has happened, and what to do. */
  readonly what: string;
  /** The anchor of its section in the runbook. */
  readonly anchor: string;
  /** Whether people are notified when it is over. */
  readonly isOkNotified?: boolean;
}

interface AlarmCondition extends Pick<AlarmProps, 'threshold' | 'evaluationPeriods'> {
  readonly metric: IMetric;
  readonly comparisonOperator: ComparisonOperator;
  readonly treatMissingData: TreatMissingData;
}
