import { Aws, Duration, RemovalPolicy, TimeZone } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleGroup,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { DAY, MINUTE } from '../core/duration.ts';
import { KeysweepError } from '../core/error.ts';
import type { Deployment } from '../core/policy/policy.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { keyUse } from './encryption.ts';

/** When a sweep starts, and its target. */
export interface NightlyScheduleProps {
  readonly when: Deployment['schedule'];
  /** Starts the sweep. */
  readonly target: IFunction;
  /** Encrypts the dead letters. @default - an SQS managed key */
  readonly encryptionKey?: IKey;
}

/** Starts a sweep every night. An invocation that fails four times ends in a queue. */
export class NightlySchedule extends Construct {
  readonly schedule: Schedule;
  /** Its own group: EventBridge Scheduler has metrics per group, and only groups can have tags. */
  readonly group: ScheduleGroup;
  readonly deadLetters: DeadLetterQueue;
  readonly role: Role;

  constructor(scope: Construct, id: string, { when, target, ...encryption }: NightlyScheduleProps) {
    super(scope, id);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', encryption);
    this.group = new ScheduleGroup(this, 'Group', { removalPolicy: RemovalPolicy.DESTROY });
    this.role = new Role(this, 'Role', {
      // Both conditions prevent other schedules from using this role (confused deputy).
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID, 'aws:SourceArn': this.group.scheduleGroupArn },
        },
      }),
      description: 'Lets EventBridge Scheduler start the nightly keysweep sweep',
      inlinePolicies: {
        Start: new PolicyDocument({
          statements: [
            new PolicyStatement({
              sid: 'StartSweep',
              actions: ['lambda:InvokeFunction'],
              resources: [target.functionArn],
            }),
            new PolicyStatement({
              sid: 'KeepFailedEvents',
              actions: ['sqs:SendMessage'],
              resources: [this.deadLetters.queueArn],
            }),
            ...keyUse(encryption.encryptionKey, ['sqs']),
          ],
        }),
      },
    });
    this.schedule = new Schedule(this, 'Schedule', {
      description: 'Starts the nightly keysweep sweep',
      scheduleGroup: this.group,
      schedule: nightly(when),
      timeWindow: timeWindow(when.flexibleWindow),
      target: new LambdaInvoke(target, {
        // Otherwise the target would grant itself every version and alias of the function as well.
        role: this.role.withoutPolicyUpdates(),
        deadLetterQueue: this.deadLetters,
        retryAttempts: 3,
        maxEventAge: Duration.hours(2),
        // Shows which night a dead letter belongs to.
        input: ScheduleTargetInput.fromObject({
          trigger: 'schedule',
          scheduledTime: ContextAttribute.scheduledTime,
          executionId: ContextAttribute.executionId,
        }),
      }),
    });
  }
}

/** Every day at local time `at`. If a clock change skips that time, EventBridge Scheduler skips the night. */
function nightly({ at, timezone }: Deployment['schedule']): ScheduleExpression {
  const time = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(at);
  if (time === null) {
    throw new KeysweepError('PolicyInvalid', `deployment.schedule.at is ${JSON.stringify(at)}`, {
      hint: 'Give a time of day such as 04:30.',
    });
  }
  return ScheduleExpression.cron({
    hour: String(Number(time[1])),
    minute: String(Number(time[2])),
    timeZone: TimeZone.of(timezone),
  });
}

/** EventBridge Scheduler accepts 1 to 1,440 whole minutes, or no window. */
function timeWindow(window: number): TimeWindow {
  if (window === 0) return TimeWindow.off();
  if (window % MINUTE === 0 && window > 0 && window <= DAY) return TimeWindow.flexible(Duration.millis(window));
  throw new KeysweepError('PolicyInvalid', `deployment.schedule.flexibleWindow is ${window / MINUTE} minutes`, {
    hint: 'Give whole minutes, at most 24 hours, or 0m for no window.',
  });
}
