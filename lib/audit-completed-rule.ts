import { Aws, Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { auditCompletedType, eventSource } from '../core/events.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';

export interface AuditCompletedRuleProps {
  /** Starts the sweep. */
  readonly target: IFunction;
  /** Encrypts the dead letters. @default - an SQS managed key */
  readonly encryptionKey?: IKey;
}

/**
 * Starts a sweep whenever an audit of this account completes: a rule on the account's default bus. An event that cannot
 * be delivered to the function within two hours ends in a queue.
 */
export class AuditCompletedRule extends Construct {
  readonly rule: Rule;
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, { target, ...encryption }: AuditCompletedRuleProps) {
    super(scope, id);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', encryption);
    this.rule = new Rule(this, 'Rule', {
      description: 'Starts the keysweep sweep when an audit has completed',
      eventPattern: {
        source: [eventSource],
        detailType: [auditCompletedType],
        // A sender in another account that may put events on this bus starts nothing here.
        account: [Aws.ACCOUNT_ID],
      },
      targets: [
        new LambdaFunction(target, {
          deadLetterQueue: this.deadLetters,
          retryAttempts: 20,
          maxEventAge: Duration.hours(2),
        }),
      ],
    });
  }
}
