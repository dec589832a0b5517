import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { KeysweepStack } from '../../lib/keysweep-stack.ts';
import { permissionsOf } from './permissions.ts';
import { policyWith, quickApp, templateOf } from './synth.ts';

const policy = policyWith({
  schedule: { at: '03:05', timezone: 'Europe/Berlin', flexibleWindow: 45 * 60_000 },
  email: ['security@example.com', 'platform@example.com', 'security@example.com'],
  logRetention: 100 * 24 * 3_600_000,
});
const topicId = 'CredentialHygieneAlertTopicE1D584C8';
const logGroupId = 'CredentialHygieneAuditorLogs2E0CD7CA';
const auditorRoleId = 'CredentialHygieneAuditorRoleFB2D4206';
const functionId = 'CredentialHygieneAuditorFunctionCAF32004';

let template: Template;
beforeAll(() => {
  template = templateOf(policy);
});

describe('permissions', () => {
  const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

  it('let the auditor read IAM, publish alerts, write its log, traces and dead letters, and nothing else', () => {
    const user = {
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':user/*']],
    };
    expect(permissionsOf(template, auditorRoleId)).toEqual({
      'iam:GenerateCredentialReport': '*',
      'iam:GetAccessKeyLastUsed': user,
      'iam:GetAccountAuthorizationDetails': '*',
      'iam:GetCredentialReport': '*',
      'iam:ListAccessKeys': user,
      'iam:ListAccountAliases': '*',
      'iam:ListUserTags': user,
      'logs:CreateLogStream': arnOf(logGroupId),
      'logs:PutLogEvents': arnOf(logGroupId),
      'sns:Publish': { Ref: topicId },
      'sqs:SendMessage': arnOf('CredentialHygieneAuditorDeadLettersA66377FF'),
      'xray:PutTelemetryRecords': '*',
      'xray:PutTraceSegments': '*',
    });
  });

  it('let the schedule start the auditor and keep what failed, and nothing else', () => {
    expect(permissionsOf(template, 'CredentialHygieneScheduleRole08044501')).toEqual({
      'lambda:InvokeFunction': arnOf(functionId),
      'sqs:SendMessage': arnOf('CredentialHygieneScheduleDeadLettersA568B375'),
    });
  });

  it('are all in the two roles: no other role, no separate, managed or resource policy that allows anything', () => {
    template.resourceCountIs('AWS::IAM::Role', 2);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    template.resourceCountIs('AWS::Lambda::Permission', 0);
    const resourcePolicies = ['AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy'].flatMap((type) =>
      Object.values(template.findResources(type)),
    );
    expect(resourcePolicies).toHaveLength(3);
    for (const { Properties } of resourcePolicies) {
      expect(Properties.PolicyDocument.Statement.map((statement: { Effect: string }) => statement.Effect)).toEqual([
        'Deny',
      ]);
    }
  });

  it('cannot be borrowed: each role is for one service, and the schedule’s for this group of schedules', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: {
              StringEquals: {
                'aws:SourceAccount': { Ref: 'AWS::AccountId' },
                'aws:SourceArn': arnOf('CredentialHygieneScheduleGroupF4DD6557'),
              },
            },
          },
        ],
      },
    });
  });
});

describe('auditor', () => {
  it('runs on Node.js 24 on arm64, traced, with the topic it publishes to', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 900,
      MemorySize: 512,
      TracingConfig: { Mode: 'Active' },
      Environment: {
        Variables: { KEYSWEEP_ALERT_TOPIC_ARN: { Ref: topicId }, NODE_OPTIONS: '--enable-source-maps' },
      },
    });
  });

  it('can be deployed to an account whose concurrency is 10', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: Match.absent() });
  });

  it('logs JSON to its own group, kept for the next period that CloudWatch offers, and beyond the stack', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: logGroupId } },
    });
    template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 120 }, DeletionPolicy: 'Retain' });
    template.resourceCountIs('AWS::Logs::LogGroup', 1);
  });

  it('keeps an event that failed three times', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: functionId },
      MaximumRetryAttempts: 2,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': ['CredentialHygieneAuditorDeadLettersA66377FF', 'Arn'] } },
      },
    });
  });
});

describe('schedule', () => {
  it('starts the auditor at the time, zone and window of the policy, with retries and a dead-letter queue', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(5 3 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 45 },
      State: 'ENABLED',
      Target: {
        Arn: { 'Fn::GetAtt': [functionId, 'Arn'] },
        RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 7200 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['CredentialHygieneScheduleDeadLettersA568B375', 'Arn'] } },
        Input: Match.serializedJson({
          trigger: 'schedule',
          scheduledTime: '<aws.scheduler.scheduled-time>',
          executionId: '<aws.scheduler.execution-id>',
        }),
      },
    });
  });
});

describe('dead-letter queues', () => {
  it('are encrypted and keep their messages for 14 days', () => {
    template.allResourcesProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
    });
    template.resourceCountIs('AWS::SQS::Queue', 2);
  });
});

describe('alert topic', () => {
  it('is encrypted and refuses requests without TLS', () => {
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: 'alias/aws/sns', DisplayName: 'keysweep' });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Action: 'sns:Publish',
            Principal: '*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
  });

  it('has each address of the policy as a subscriber once', () => {
    const endpoints = Object.values(template.findResources('AWS::SNS::Subscription')).map(
      ({ Properties }) => Properties,
    );
    expect(endpoints).toEqual([
      { Protocol: 'email', Endpoint: 'security@example.com', TopicArn: { Ref: topicId } },
      { Protocol: 'email', Endpoint: 'platform@example.com', TopicArn: { Ref: topicId } },
    ]);
  });

  it('without a subscriber warns that nobody would be told', () => {
    const stack = new KeysweepStack(quickApp(), 'Keysweep', { policy: policyWith({ email: [] }) });
    Annotations.fromStack(stack).hasWarning('/Keysweep/CredentialHygiene/AlertTopic', Match.stringLikeRegexp('nobody'));
  });
});

describe('stack', () => {
  it('keeps the logical ids of what holds state: another id would replace the resource', () => {
    expect(Object.keys(template.findResources('AWS::SNS::Topic'))).toEqual([topicId]);
    expect(Object.keys(template.findResources('AWS::Logs::LogGroup'))).toEqual([logGroupId]);
  });

  it('tags all that can be tagged', () => {
    const taggable = Object.values(
      template.toJSON().Resources as Record<string, { Type: string; Properties: { Tags?: unknown } }>,
    ).filter(({ Type }) =>
      ['Topic', 'Queue', 'LogGroup', 'Role', 'Function', 'ScheduleGroup'].includes(Type.split('::')[2] ?? ''),
    );
    expect(taggable).toHaveLength(8);
    for (const { Properties } of taggable) expect(Properties.Tags).toEqual([{ Key: 'application', Value: 'keysweep' }]);
  });

  it('without a policy of its own has the default one', () => {
    const bare = Template.fromStack(new KeysweepStack(quickApp(), 'Keysweep'));
    expect(bare.toJSON()).toEqual(templateOf(defaultPolicy).toJSON());
  });

  it('equals the reviewed template', async () => {
    const masked = JSON.stringify(template.toJSON(), null, 2).replace(/"S3Key": "[^"]+"/, '"S3Key": "<asset>.zip"');
    await expect(`${masked}\n`).toMatchFileSnapshot('__snapshots__/keysweep-stack.template.snap');
  });
});
