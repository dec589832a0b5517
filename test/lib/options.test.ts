/** What deployment settings add to the stack, each of them off unless it is set. */
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { keyUses } from '../../core/key-policy/uses.ts';
import type { Mode } from '../../core/policy/policy.ts';
import { KeysweepStack } from '../../lib/keysweep-stack.ts';
import { roleStatements } from '../support/template-roles.ts';
import { policyWith, quickApp, secret, templateOf } from './synth.ts';

const topicIds = [
  'CredentialHygieneAlertTopicE1D584C8',
  'CredentialHygieneDigestTopic01C7084F',
  'CredentialHygieneAlarmTopic4B4AB7B4',
];
const key = 'arn:aws:kms:eu-central-1:111122223333:key/0b1c2d3e-0000-4000-8000-000000000000';
const boundary = 'arn:aws:iam::111122223333:policy/boundary';
const slack = { workspace: 'T0123456789', channel: 'C0123456789' };
const logicalId = (id: string, attribute?: string) => (attribute === undefined ? id : `${id}.${attribute}`);
const plain = templateOf(policyWith({}));

describe('slack', () => {
  const template = templateOf(policyWith({ slack }));

  it('shows all three topics in the channel, and logs errors', () => {
    plain.resourceCountIs('AWS::Chatbot::SlackChannelConfiguration', 0);
    template.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
      SlackWorkspaceId: 'T0123456789',
      SlackChannelId: 'C0123456789',
      SnsTopicArns: topicIds.map((Ref) => ({ Ref })),
      LoggingLevel: 'ERROR',
    });
  });

  it('lets no one do anything from there but look at alarms: neither the role nor the guardrail', () => {
    const allowed = [
      {
        Sid: 'DrawAlarms',
        Effect: 'Allow',
        Action: ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData', 'cloudwatch:GetMetricWidgetImage'],
        Resource: '*',
      },
    ];
    const [guardrailId = ''] = Object.keys(template.findResources('AWS::IAM::ManagedPolicy'));
    template.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
      GuardrailPolicies: [{ Ref: guardrailId }],
    });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: allowed } });
    expect(roleStatements(template, 'CredentialHygieneSlackChannelRole77012FCE', logicalId)).toEqual(allowed);
    // That of the installation's mark.
    template.resourceCountIs('AWS::IAM::Policy', 1);
    expect(JSON.stringify(template.toJSON())).not.toContain('AdministratorAccess');
  });

  it('is someone who is notified', () => {
    const stack = new KeysweepStack(quickApp(), 'Keysweep', { policy: policyWith({ slack }) });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('slackWebhookSecret', () => {
  const template = templateOf(policyWith({ slackWebhookSecret: secret }));

  it('gives the ARN of the forwarder to `keysweep channels`', () => {
    template.hasOutput('ForwarderFunctionArn', {});
    expect(plain.findOutputs('ForwarderFunctionArn')).toEqual({});
  });
  const functionId = 'CredentialHygieneSlackForwarderFunctionB6E135DD';
  const queueId = 'CredentialHygieneSlackForwarderDeadLetters3DB3B1D9';

  it('subscribes a small function to all three topics, with a queue for what SNS cannot hand over', () => {
    plain.resourceCountIs('AWS::SNS::Subscription', 0);
    for (const topic of topicIds) {
      template.hasResourceProperties('AWS::SNS::Subscription', {
        Protocol: 'lambda',
        TopicArn: { Ref: topic },
        Endpoint: { 'Fn::GetAtt': [functionId, 'Arn'] },
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [queueId, 'Arn'] } },
      });
      template.hasResourceProperties('AWS::Lambda::Permission', {
        Principal: 'sns.amazonaws.com',
        SourceArn: { Ref: topic },
        FunctionName: { 'Fn::GetAtt': [functionId, 'Arn'] },
      });
    }
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { KEYSWEEP_SLACK_WEBHOOK_SECRET: secret, KEYSWEEP_BUCKET: Match.anyValue() } },
      Timeout: 60,
      MemorySize: 256,
    });
  });

  it('is known to auditor and rotator, which count what it has posted', () => {
    for (const description of ['audits the', 'notifies owners']) {
      template.hasResourceProperties('AWS::Lambda::Function', {
        Description: Match.stringLikeRegexp(description),
        Environment: { Variables: { KEYSWEEP_FORWARDER_ARN: { 'Fn::GetAtt': [functionId, 'Arn'] } } },
      });
    }
    expect(JSON.stringify(plain.toJSON())).not.toContain('KEYSWEEP_FORWARDER_ARN');
  });

  it('holds the URL nowhere: the function reads that one secret, and keeps its receipts', () => {
    const statements = roleStatements(template, 'CredentialHygieneSlackForwarderRole13090809', logicalId);
    expect(statements.flatMap(({ Action, Resource }) => [Action].flat().map((action) => [action, Resource]))).toEqual([
      ['logs:CreateLogStream', 'CredentialHygieneSlackForwarderLogs6A819C35.Arn'],
      ['logs:PutLogEvents', 'CredentialHygieneSlackForwarderLogs6A819C35.Arn'],
      ['sqs:SendMessage', `${queueId}.Arn`],
      ['xray:PutTelemetryRecords', '*'],
      ['xray:PutTraceSegments', '*'],
      ['secretsmanager:GetSecretValue', secret],
      ['s3:PutObject', expect.anything()],
    ]);
  });

  it('has an alarm of its own, and keeps the ids of what holds state', () => {
    template.resourceCountIs('AWS::CloudWatch::Alarm', 13);
    expect(Object.keys(template.findResources('AWS::Logs::LogGroup'))).toContain(
      'CredentialHygieneSlackForwarderLogs6A819C35',
    );
    expect(Object.keys(template.findResources('AWS::SQS::Queue'))).toContain(queueId);
  });
});

describe('recipients', () => {
  const policyOf = (mode: Mode, deployment = {}) => ({ ...policyWith(deployment), mode });

  it.each(['warn', 'enforce'] as const)(
    'mode %s without any fails at synth, unless that is said on purpose',
    (mode) => {
      expect(() => templateOf(policyOf(mode))).toThrow(
        expect.objectContaining({ code: 'RecipientsMissing', hint: expect.stringContaining('noRecipients: accepted') }),
      );
      for (const deployment of [
        { noRecipients: 'accepted' as const },
        { email: ['a@example.com'] },
        { slack },
        { slackWebhookSecret: secret },
      ]) {
        expect(() => templateOf(policyOf(mode, deployment))).not.toThrow();
      }
    },
  );

  it('mode audit without any is only warned of', () => {
    const stack = new KeysweepStack(quickApp(), 'Keysweep', { policy: policyOf('audit') });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('no one is subscribed'));
  });
});

describe('dashboard', () => {
  it('is there unless it is disabled', () => {
    plain.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
    plain.hasOutput('DashboardName', {});
    const without = templateOf(policyWith({ dashboard: false }));
    without.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
    expect(without.findOutputs('DashboardName')).toEqual({});
  });
});

describe('permissionsBoundary', () => {
  it('bounds every role', () => {
    const template = templateOf(policyWith({ permissionsBoundary: boundary, slack, slackWebhookSecret: secret }));
    template.resourceCountIs('AWS::IAM::Role', 6);
    template.allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: boundary });
    plain.allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: Match.absent() });
  });
});

describe('tags', () => {
  it('are on every resource that can have any, beside keysweep’s own', () => {
    const template = templateOf(policyWith({ tags: { team: 'security', 'cost-center': '4711' } }));
    const Tags = [
      { Key: 'application', Value: 'keysweep' },
      { Key: 'cost-center', Value: '4711' },
      { Key: 'team', Value: 'security' },
    ];
    for (const type of ['DynamoDB::Table', 'S3::Bucket', 'SNS::Topic', 'SQS::Queue', 'IAM::Role', 'Lambda::Function']) {
      template.allResourcesProperties(`AWS::${type}`, { Tags });
    }
  });

  it('cannot take the place of keysweep’s own', () => {
    const template = templateOf(policyWith({ tags: { application: 'another' } }));
    template.allResourcesProperties('AWS::SNS::Topic', { Tags: [{ Key: 'application', Value: 'keysweep' }] });
  });
});

describe('encryptionKey', () => {
  const template = templateOf(policyWith({ encryptionKey: key, slackWebhookSecret: secret }));

  it('encrypts topics, queues, logs, bucket and ledger', () => {
    template.allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: key });
    template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: key });
    template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: key });
    template.allResourcesProperties('AWS::DynamoDB::Table', {
      SSESpecification: { KMSMasterKeyId: key, SSEEnabled: true, SSEType: 'KMS' },
    });
    template.allResourcesProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
          },
        ],
      },
    });
  });

  it.each([
    ['Auditor', 'FB2D4206', ['sqs', 's3', 'sns']],
    ['Rotator', 'F8E1D78C', ['sqs', 'dynamodb', 's3', 'sns']],
    ['SlackForwarder', '13090809', ['sqs', 's3', 'secretsmanager']],
    ['Schedule', '08044501', ['sqs']],
  ])('may be used by the %s through the services that it calls, and no other way', (name, hash, services) => {
    const id = `CredentialHygiene${name}Role${hash}`;
    const words = (reference: string) => ({ 'AWS::Region': 'eu-central-1' })[reference] ?? reference;
    const [statement, ...others] = roleStatements(template, id, words).filter(({ Action }) =>
      [Action].flat().some((action) => action.startsWith('kms:')),
    );
    expect(others).toEqual([]);
    expect(statement).toEqual({
      Sid: 'UseKey',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: key,
      Condition: {
        StringLike: { 'kms:ViaService': services.map((service) => `${service}.eu-central-1.amazonaws.*`) },
      },
    });
  });

  it('has a policy of its own, whose statements synth prints for the account of the stack', () => {
    const of = { keyArn: key, account: '444455556666', forwarder: true };
    const policy = policyWith({ encryptionKey: key, slackWebhookSecret: secret });
    const env = { account: '444455556666', region: 'eu-central-1' };
    const stack = new KeysweepStack(quickApp(), 'Keysweep', { policy, env });
    const [info] = Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('must have these statements'));
    for (const { statement } of keyUses(of)) expect(String(info?.entry.data)).toContain(JSON.stringify(statement));
    Annotations.fromStack(new KeysweepStack(quickApp(), 'Keysweep')).hasNoInfo('*', Match.anyValue());
  });

  it('is needed by no one where it is not set', () => {
    expect(JSON.stringify(plain.toJSON())).not.toContain('kms:');
  });

  it('changes no logical id', () => {
    const idsOf = (of: Template) => Object.keys(of.toJSON().Resources);
    expect(idsOf(templateOf(policyWith({ encryptionKey: key })))).toEqual(idsOf(plain));
  });
});

describe('ledgerTable', () => {
  const policy = {
    ...policyWith({ ledgerTable: 'keysweep-restored', email: ['a@example.com'] }),
    mode: 'enforce' as const,
  };
  const stack = new KeysweepStack(quickApp(), 'Keysweep', { policy });
  const template = Template.fromStack(stack);
  const reference = (id: string) =>
    ({ 'AWS::Partition': 'aws', 'AWS::Region': 'eu-central-1', 'AWS::AccountId': '1' })[id] ?? id;
  const arn = 'arn:aws:dynamodb:eu-central-1:1:table/keysweep-restored';

  it('takes the place of the table that the stack would create, and nothing else', () => {
    plain.resourceCountIs('AWS::DynamoDB::Table', 1);
    template.resourceCountIs('AWS::DynamoDB::Table', 0);
    const idsOf = (of: Template) => Object.keys(of.toJSON().Resources);
    const others = idsOf(templateOf(policyWith({ email: ['a@example.com'] })));
    expect(idsOf(template)).toEqual(others.filter((id) => !id.startsWith('CredentialHygieneLedger')));
  });

  it('is what the rotator uses, what its role may use, and what the command line finds', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { KEYSWEEP_LEDGER_TABLE: 'keysweep-restored' } },
    });
    const statements = roleStatements(template, 'CredentialHygieneRotatorRoleF8E1D78C', reference);
    expect(statements.find(({ Sid }) => Sid === 'UseLedger')).toMatchObject({ Resource: arn });
    template.hasOutput('LedgerTableName', { Value: 'keysweep-restored' });
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).toContain(':table/keysweep-restored');
  });

  it('is warned of: what the stack cannot see to', () => {
    const warning = Match.stringLikeRegexp('keysweep-restored.*point-in-time recovery, deletion protection');
    Annotations.fromStack(stack).hasWarning('*', warning);
  });
});
