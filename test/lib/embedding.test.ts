import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { describe, it } from 'vitest';
import { CredentialHygiene, loadPolicy } from '../../lib/index.ts';
import { quickApp } from './synth.ts';

/** A stack of someone else's app, with keysweep as one part of it. */
class SecurityBaseline extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const hygiene = new CredentialHygiene(this, 'Hygiene', {
      policy: loadPolicy('version: 1\ndeployment: { schedule: { at: "04:00" } }\n', 'keysweep.yaml'),
    });
    hygiene.alertTopic.addSubscription(new UrlSubscription('https://pager.example.com/keysweep'));
    hygiene.auditor.logGroup.applyRemovalPolicy(RemovalPolicy.DESTROY);
    hygiene.auditor.deadLetters.metricApproximateNumberOfMessagesVisible().createAlarm(this, 'AuditFailed', {
      threshold: 1,
      evaluationPeriods: 1,
    });
  }
}

describe('CredentialHygiene inside another app', () => {
  it('is one part of a stack, whose other parts use its topic, queue and logs, without any feature flag', () => {
    const app = quickApp({});
    const template = Template.fromStack(new SecurityBaseline(app, 'Baseline'));
    template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'cron(0 4 * * ? *)' });
    template.hasResourceProperties('AWS::SNS::Subscription', { Endpoint: 'https://pager.example.com/keysweep' });
    template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Dimensions: [
        { Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetters'), 'QueueName'] } },
      ],
    });
  });

  it('may be there for several stacks of one app', () => {
    const app = quickApp({});
    new SecurityBaseline(app, 'Test');
    Template.fromStack(new SecurityBaseline(app, 'Production')).resourceCountIs('AWS::Lambda::Function', 2);
  });
});
