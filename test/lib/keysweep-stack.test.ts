import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { KeysweepStack } from '../../lib/keysweep-stack.ts';
import { ledgerTableInput } from '../support/ledger-table.ts';
import { permissionsOf } from './permissions.ts';
import { policyWith, quickApp, templateOf } from './synth.ts';

const policy = policyWith({
  schedule: { at: '03:05', timezone: 'Europe/Berlin', flexibleWindow: 45 * 60_000 },
  email: ['security@example.com', 'platform@example.com', 'security@example.com'],
  logRetention: 100 * 24 * 3_600_000,
});
const topicId = 'CredentialHygieneAlertTopicE1D584C8';
const digestTopicId = 'CredentialHygieneDigestTopic01C7084F';
const alarmTopicId = 'CredentialHygieneAlarmTopic4B4AB7B4';
const ledgerId = 'CredentialHygieneLedger84CAF86A';
const archiveId = 'CredentialHygieneArchive1C49EFBF';
const logGroupId = 'CredentialHygieneAuditorLogs2E0CD7CA';
const rotatorLogGroupId = 'CredentialHygieneRotatorLogs6C95E202';
const rotatorFunctionId = 'CredentialHygieneRotatorFunction997C068F';
const ruleId = 'CredentialHygieneAuditCompletedRule64A5AC98';
const functionId = 'CredentialHygieneAuditorFunctionCAF32004';

let template: Template;
beforeAll(() => {
  template = templateOf(policy);
});

describe('permissions', () => {
  const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

  it('let the schedule start the auditor and keep what failed, and nothing else', () => {
    expect(permissionsOf(template, 'CredentialHygieneScheduleRole08044501')).toEqual({
      'lambda:InvokeFunction': arnOf(functionId),
      'sqs:SendMessage': arnOf('CredentialHygieneScheduleDeadLettersA568B375'),
    });
  });

  it('are all in three roles: no other role that anyone can assume, no separate or managed policy', () => {
    template.resourceCountIs('AWS::IAM::Role', 4);
    // Of the installation's mark: see installation.test.ts.
    template.resourceCountIs('AWS::IAM::Policy', 1);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
  });

  it('are given by resource policies to services alone: the rule to the rotator and its queue, alarms to their topic', () => {
    const types = ['AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy', 'AWS::S3::BucketPolicy'];
    const policies = types.flatMap((type) => Object.values(template.findResources(type)));
    expect(policies).toHaveLength(8);
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const allowed = statements.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
    expect(allowed.map(({ Principal, Condition }) => [Principal, Object.keys(Condition)])).toEqual([
      [{ Service: 'cloudwatch.amazonaws.com' }, ['StringEquals', 'ArnLike']],
      [{ Service: 'events.amazonaws.com' }, ['ArnEquals']],
    ]);
    const invocations = Object.values(template.findResources('AWS::Lambda::Permission'));
    expect(invocations.map(({ Properties }) => Properties)).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: arnOf(rotatorFunctionId),
        Principal: 'events.amazonaws.com',
        SourceArn: arnOf(ruleId),
      },
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: arnOf(functionId),
        Principal: 'events.amazonaws.com',
        SourceArn: arnOf('CredentialHygieneFirstDayRuleA9CE90C1'),
      },
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: arnOf(functionId),
        Principal: 'events.amazonaws.com',
        SourceArn: arnOf('CredentialHygieneFirstDayUpdateRule0CE6B7EF'),
      },
    ]);
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
        Variables: {
          KEYSWEEP_ALERT_TOPIC_ARN: { Ref: topicId },
          KEYSWEEP_DIGEST_TOPIC_ARN: { Ref: digestTopicId },
          KEYSWEEP_BUCKET: { Ref: archiveId },
          KEYSWEEP_EVENT_BUS: 'default',
          NODE_OPTIONS: '--enable-source-maps',
        },
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
    template.allResources('AWS::Logs::LogGroup', {
      Properties: { RetentionInDays: 120 },
      DeletionPolicy: 'RetainExceptOnCreate',
    });
    template.resourceCountIs('AWS::Logs::LogGroup', 2);
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

describe('rotator', () => {
  it('has ledger, bucket, digest topic and bus', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          KEYSWEEP_DIGEST_TOPIC_ARN: { Ref: digestTopicId },
          KEYSWEEP_LEDGER_TABLE: { Ref: ledgerId },
          KEYSWEEP_BUCKET: { Ref: archiveId },
          KEYSWEEP_EVENT_BUS: 'default',
        },
      },
    });
  });

  it('is started by each completed audit of this account, with retries and a dead-letter queue', () => {
    template.resourceCountIs('AWS::Events::EventBus', 0);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.absent(),
      EventPattern: {
        source: ['keysweep'],
        'detail-type': ['Audit Completed'],
        account: [{ Ref: 'AWS::AccountId' }],
      },
      State: 'ENABLED',
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [rotatorFunctionId, 'Arn'] },
          RetryPolicy: { MaximumEventAgeInSeconds: 7200, MaximumRetryAttempts: 20 },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['CredentialHygieneAuditCompletedDeadLetters2EC7AD32', 'Arn'] } },
        }),
      ],
    });
  });
});

describe('ledger', () => {
  it('has the keys and the index that the rotator uses', async () => {
    const { TableName: _, ...input } = ledgerTableInput('ledger');
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      ...input,
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    });
  });

  it('can be restored to any second, cannot be deleted, and outlives the stack', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      Properties: {
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
      },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });
});

describe('archive', () => {
  it('is private, encrypted, versioned, and outlives the stack', () => {
    template.hasResource('AWS::S3::Bucket', {
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        VersioningConfiguration: { Status: 'Enabled' },
      },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  // Who may write: see record-guards.test.ts.
  const writers = ['OnlyTrustedRecords', 'OnlyReports', 'OnlyReceipts'].map((Sid) => Match.objectLike({ Sid }));

  it('takes TLS 1.2 and newer only', () => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({ Effect: 'Deny', Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } }),
          ...writers,
        ],
      },
    });
  });

  it.each([
    ['400 days by default', {}, 400],
    ['what the policy says', { snapshotRetention: 30 * 24 * 3_600_000 }, 30],
    ['no less than the policy says, in whole days', { snapshotRetention: 30.5 * 24 * 3_600_000 }, 31],
  ])('keeps snapshots and reports for %s, and older versions 30 days more', (_, settings, days) => {
    const archive = templateOf(policyWith(settings));
    const expired = { ExpirationInDays: days, NoncurrentVersionExpiration: { NoncurrentDays: 30 }, Status: 'Enabled' };
    archive.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          Match.objectLike({ ...expired, Prefix: 'snapshots/' }),
          Match.objectLike({ ...expired, Prefix: 'reports/' }),
          Match.objectLike({ ...expired, Prefix: 'findings/' }),
          Match.objectLike({ ...expired, Prefix: 'receipts/' }),
          Match.objectLike({
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            ExpiredObjectDeleteMarker: true,
          }),
        ],
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
    template.resourceCountIs('AWS::SQS::Queue', 4);
  });
});

describe('topics', () => {
  it('of alerts and digests are encrypted with the key of AWS, that of the alarms is not: CloudWatch could not publish', () => {
    const keys = Object.entries(template.findResources('AWS::SNS::Topic')).map(([id, { Properties }]) => [
      id,
      Properties.KmsMasterKeyId,
    ]);
    expect(Object.fromEntries(keys)).toEqual({
      [topicId]: 'alias/aws/sns',
      [digestTopicId]: 'alias/aws/sns',
      [alarmTopicId]: undefined,
    });
  });

  it('refuse requests without TLS', () => {
    template.allResourcesProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Action: 'sns:Publish',
            Principal: '*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  });

  it('take alarms of this account alone from CloudWatch', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [{ Ref: alarmTopicId }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: { 'aws:SourceArn': Match.anyValue() },
            },
          }),
        ]),
      },
    });
  });

  it('have each address of the policy as a subscriber once', () => {
    const endpoints = Object.values(template.findResources('AWS::SNS::Subscription')).map(
      ({ Properties }) => Properties,
    );
    const of = (topic: string) => ({ Protocol: 'email', TopicArn: { Ref: topic } });
    expect(endpoints).toEqual(
      [topicId, digestTopicId, alarmTopicId].flatMap((topic) => [
        { ...of(topic), Endpoint: 'security@example.com' },
        { ...of(topic), Endpoint: 'platform@example.com' },
      ]),
    );
  });

  it('without a subscriber make a warning that no one would be notified', () => {
    const stack = new KeysweepStack(quickApp(), 'Keysweep', { policy: policyWith({ email: [] }) });
    Annotations.fromStack(stack).hasWarning(
      '/Keysweep/CredentialHygiene',
      Match.stringLikeRegexp('no one is subscribed'),
    );
  });
});

describe('stack', () => {
  it('keeps the logical ids of what holds state: another id would replace the resource', () => {
    const idsOf = (type: string) => Object.keys(template.findResources(type)).toSorted();
    expect(idsOf('AWS::DynamoDB::Table')).toEqual([ledgerId]);
    expect(idsOf('AWS::S3::Bucket')).toEqual([archiveId]);
    expect(idsOf('AWS::SNS::Topic')).toEqual([alarmTopicId, topicId, digestTopicId]);
    expect(idsOf('AWS::Logs::LogGroup')).toEqual([logGroupId, rotatorLogGroupId]);
    expect(idsOf('AWS::SQS::Queue')).toEqual([
      'CredentialHygieneAuditCompletedDeadLetters2EC7AD32',
      'CredentialHygieneAuditorDeadLettersA66377FF',
      'CredentialHygieneRotatorDeadLettersFC42B477',
      'CredentialHygieneScheduleDeadLettersA568B375',
    ]);
  });

  it('has nothing that bills by the hour', () => {
    const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => {
      return Type.split('::')[1];
    });
    expect([...new Set(types)].toSorted()).toEqual(
      ['CloudWatch', 'DynamoDB', 'Events', 'IAM', 'Lambda', 'Logs', 'S3', 'SNS', 'SQS', 'SSM', 'Scheduler'].toSorted(),
    );
    template.hasResourceProperties('AWS::DynamoDB::Table', { BillingMode: 'PAY_PER_REQUEST' });
  });

  it('tags all that can be tagged', () => {
    const taggable = Object.values(
      template.toJSON().Resources as Record<string, { Type: string; Properties: { Tags?: unknown } }>,
    ).filter(({ Type }) =>
      ['Topic', 'Queue', 'LogGroup', 'Role', 'Function', 'ScheduleGroup', 'Table', 'Bucket', 'Rule', 'Alarm'].includes(
        Type.split('::')[2] ?? '',
      ),
    );
    expect(taggable).toHaveLength(33);
    for (const { Properties } of taggable) expect(Properties.Tags).toEqual([{ Key: 'application', Value: 'keysweep' }]);
  });

  it('without a policy of its own has the default one', () => {
    const bare = Template.fromStack(new KeysweepStack(quickApp(), 'Keysweep'));
    expect(bare.toJSON()).toEqual(templateOf(defaultPolicy).toJSON());
  });

  it('equals the reviewed template', async () => {
    const masked = JSON.stringify(template.toJSON(), null, 2).replaceAll(/"S3Key": "[^"]+"/g, '"S3Key": "<asset>.zip"');
    await expect(`${masked}\n`).toMatchFileSnapshot('__snapshots__/keysweep-stack.template.snap');
  });
});
