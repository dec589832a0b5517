import { describe, expect, it } from 'vitest';
import { auditMetrics, sweepMetrics } from '../../core/metrics.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { readPage } from '../support/doc-page.ts';
import { mixedSweep } from '../support/sweep-fixture.ts';
import { openSweepWorld } from '../support/sweep-world.ts';
import { policyWith, templateOf } from './synth.ts';

const template = templateOf(policyWith({}));
const topic = { Ref: 'CredentialHygieneAlarmTopic4B4AB7B4' };

interface AlarmProperties {
  readonly AlarmName: { readonly 'Fn::Join': readonly [string, readonly unknown[]] };
  readonly AlarmDescription: string;
  readonly AlarmActions: unknown;
  readonly OKActions?: unknown;
}

const alarms: readonly AlarmProperties[] = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
  ({ Properties }) => Properties,
);
const nameOf = ({ AlarmName }: AlarmProperties) => String(AlarmName['Fn::Join'][1].at(-1));

/** Metrics of keysweep's own that a part of the template mentions. */
function metricsIn(value: unknown): readonly string[] {
  const text = JSON.stringify(value).replaceAll('\\"', '"');
  const found = [
    ...text.matchAll(/"MetricName":"(\w+)","Namespace":"Keysweep"/g),
    ...text.matchAll(
      /"Keysweep","(\w+)","installation","",{"Ref":"AWS::StackName"},"","service","(?:auditor|rotator)"/g,
    ),
  ];
  return [...new Set(found.map(([, name = '']) => name))].toSorted();
}

const dimensionsOf = (service: string) => [
  { Name: 'installation', Value: { Ref: 'AWS::StackName' } },
  { Name: 'service', Value: service },
];

describe('alarms', () => {
  it('are twelve, ten of which are free', () => {
    expect(alarms.map(nameOf)).toEqual([
      '-SweepMissing',
      '-ScheduleFailed',
      '-AuditFailed',
      '-HandoverFailed',
      '-SweepFailed',
      '-AuditPartial',
      '-SweepPartial',
      '-CapReached',
      '-NoOneReached',
      '-AlertUndeliverable',
      '-DigestUndeliverable',
      '-AlarmUndeliverable',
    ]);
  });

  it('notify people by the topic of their own, and say what to do and where to read on', () => {
    for (const alarm of alarms) {
      expect(alarm.AlarmActions).toEqual([topic]);
      expect(alarm.AlarmDescription).toMatch(/^[A-Z].{60,}\. See docs\/operations\.md#[a-z-]+$/);
    }
  });

  it('have each a section in the runbook', () => {
    const secret = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keysweep-slack-AbCdEf';
    const all = Object.values(
      templateOf(policyWith({ slackWebhookSecret: secret })).findResources('AWS::CloudWatch::Alarm'),
    );
    const anchors = all.map(({ Properties }) => /#([a-z-]+)$/.exec(Properties.AlarmDescription)?.[1]);
    expect(anchors).toHaveLength(13);
    const sections = [...readPage('docs/operations.md').matchAll(/^### ([a-z-]+)$/gm)].map(([, section]) => section);
    expect([...new Set(anchors)].toSorted()).toEqual(sections.toSorted());
  });

  it('notify people when it is over where that is news', () => {
    const notifying = alarms.filter(({ OKActions }) => OKActions !== undefined).map(nameOf);
    expect(notifying).toEqual([
      '-SweepMissing',
      '-ScheduleFailed',
      '-AuditFailed',
      '-HandoverFailed',
      '-SweepFailed',
      '-NoOneReached',
    ]);
  });

  it('watch every dead-letter queue', () => {
    const queues = Object.keys(template.findResources('AWS::SQS::Queue'));
    for (const queue of queues) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        Threshold: 1,
        TreatMissingData: 'notBreaching',
      });
    }
    expect(queues).toHaveLength(4);
  });

  it.each([
    ['AuditPartial', 'PartialRuns', 'auditor'],
    ['SweepPartial', 'PartialRuns', 'rotator'],
    ['CapReached', 'DeferredByCap', 'rotator'],
  ])('%s goes off with the first %s of the %s', (name, MetricName, service) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: { 'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, `-${name}`]] },
      Namespace: 'Keysweep',
      MetricName,
      Dimensions: dimensionsOf(service),
      Statistic: 'Sum',
      Period: 3600,
      EvaluationPeriods: 1,
      Threshold: 1,
      TreatMissingData: 'notBreaching',
    });
  });
});

describe('who is reached', () => {
  it('is watched by an alarm that keeps its state from one night to the next', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: { 'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, '-NoOneReached']] },
      Namespace: 'Keysweep',
      MetricName: 'UnreachedTopics',
      Dimensions: dimensionsOf('auditor'),
      Threshold: 1,
      TreatMissingData: 'ignore',
    });
  });

  it('is watched for each topic, of which SNS counts what it could not deliver', () => {
    for (const [name, topicId] of [
      ['AlertUndeliverable', 'CredentialHygieneAlertTopicE1D584C8'],
      ['DigestUndeliverable', 'CredentialHygieneDigestTopic01C7084F'],
      ['AlarmUndeliverable', 'CredentialHygieneAlarmTopic4B4AB7B4'],
    ]) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: { 'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, `-${name}`]] },
        Namespace: 'AWS/SNS',
        MetricName: 'NumberOfNotificationsFailed',
        Dimensions: [{ Name: 'TopicName', Value: { 'Fn::GetAtt': [topicId, 'TopicName'] } }],
        Statistic: 'Sum',
        Threshold: 1,
        TreatMissingData: 'notBreaching',
      });
    }
  });
});

describe('metrics', () => {
  const cost = { requests: {}, throttles: 0, duration: 1 };

  it('on the dashboard are all that the functions write', async () => {
    const world = await openSweepWorld();
    const written = [...auditMetrics(await world.auditNow(defaultPolicy), cost), ...sweepMetrics(mixedSweep, [], cost)];
    const dashboard = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
    expect(metricsIn(dashboard)).toEqual([...new Set(written.map(({ name }) => name))].toSorted());
  });

  it('of the alarms are written by the functions', () => {
    expect(metricsIn(template.findResources('AWS::CloudWatch::Alarm'))).toEqual([
      'CompletedRuns',
      'DeferredByCap',
      'PartialRuns',
      'UnreachedTopics',
    ]);
  });
});
