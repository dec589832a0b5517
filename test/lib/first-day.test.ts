/** What a stack does when it has been created, and when it has been updated. */
import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { CredentialHygiene } from '../../lib/index.ts';
import { policyWith, quickApp, templateOf } from './synth.ts';

const auditor = { 'Fn::GetAtt': ['CredentialHygieneAuditorFunctionCAF32004', 'Arn'] };

function rulesOf(template: Template, status?: string) {
  return Object.entries(template.findResources('AWS::Events::Rule')).filter(([, { Properties }]) => {
    const { source, detail } = Properties.EventPattern;
    return source[0] === 'aws.cloudformation' && [undefined, detail['status-details'].status[0]].includes(status);
  });
}

it.each([false, true])('informs the auditor, once, by CloudFormation’s own event; with firstAudit %s', (firstAudit) => {
  const template = templateOf(policyWith({ firstAudit }));
  const rules = rulesOf(template, 'CREATE_COMPLETE');
  expect(rules).toHaveLength(1);
  const [[ruleId, { Properties }] = ['', {}]] = rules;
  const [begins] = Properties.EventPattern.detail['logical-resource-id'];
  expect(Properties).toMatchObject({
    EventPattern: {
      'detail-type': ['CloudFormation Resource Status Change'],
      account: [{ Ref: 'AWS::AccountId' }],
      detail: { 'stack-id': [{ Ref: 'AWS::StackId' }], 'status-details': { status: ['CREATE_COMPLETE'] } },
    },
    Targets: [{ Arn: auditor, Input: JSON.stringify({ trigger: 'deployment', audit: firstAudit }) }],
  });
  // The event finds the rule, and the audit all that it uses.
  const { Type, DependsOn } = template.toJSON().Resources[begins];
  expect(Type).toBe('AWS::CloudWatch::Alarm');
  const earlier = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::Lambda::Function'];
  for (const id of earlier.flatMap((type) => Object.keys(template.findResources(type))))
    expect(DependsOn).toContain(id);
  expect(DependsOn).toContain(ruleId);
  template.hasResourceProperties('AWS::Lambda::Permission', {
    FunctionName: auditor,
    Principal: 'events.amazonaws.com',
    SourceArn: { 'Fn::GetAtt': [ruleId, 'Arn'] },
  });
});

it.each([false, true])('informs it of each update, which never starts an audit; with firstAudit %s', (firstAudit) => {
  const template = templateOf(policyWith({ firstAudit }));
  const rules = rulesOf(template, 'UPDATE_COMPLETE');
  expect(rules).toHaveLength(1);
  const [[ruleId, { Properties }] = ['', {}]] = rules;
  // Of the stack: a resource has such an event only if the update changed it.
  expect(Properties).toMatchObject({
    EventPattern: {
      source: ['aws.cloudformation'],
      'detail-type': ['CloudFormation Stack Status Change'],
      account: [{ Ref: 'AWS::AccountId' }],
      detail: { 'stack-id': [{ Ref: 'AWS::StackId' }], 'status-details': { status: ['UPDATE_COMPLETE'] } },
    },
    Targets: [{ Arn: auditor, Input: JSON.stringify({ trigger: 'deployment', audit: false }) }],
  });
  template.hasResourceProperties('AWS::Lambda::Permission', {
    FunctionName: auditor,
    Principal: 'events.amazonaws.com',
    SourceArn: { 'Fn::GetAtt': [ruleId, 'Arn'] },
  });
});

it('starts no sweep: no other rule or function gets the event', () => {
  const template = templateOf({ ...policyWith({ firstAudit: true, noRecipients: 'accepted' }), mode: 'enforce' });
  const targets = rulesOf(template).flatMap(([, { Properties }]) =>
    Properties.Targets.map(({ Arn }: { Arn: unknown }) => Arn),
  );
  expect(targets).toEqual([auditor, auditor]);
});

it('works where keysweep is added to a stack that exists: the event is that of its own resource', () => {
  const stack = new Stack(quickApp(), 'Baseline');
  new CredentialHygiene(stack, 'Hygiene');
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { detail: { 'logical-resource-id': [Match.stringLikeRegexp('^HygieneAlarmsSweepMissing')] } },
  });
});
