/** The mark of the one installation in an account: what a second one fails at, before it has made anything that lasts. */

import { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { readInstallation } from '../../core/installation/choose-installation.ts';
import { installationLedgerPolicy, installationRole, installationsPath } from '../../core/installation/installation.ts';
import { KeysweepStack } from '../../lib/keysweep-stack.ts';
import { policyWith, quickApp, secret, templateOf } from './synth.ts';

const markId = 'CredentialHygieneOneInstallationForAnAccountFA33DEC2';
const template = templateOf(policyWith({ email: ['a@example.com'], slackWebhookSecret: secret }));
const resources: Readonly<
  Record<
    string,
    {
      readonly Type: string;
      readonly DependsOn?: readonly string[];
      readonly DeletionPolicy?: string;
      readonly Properties: Readonly<Record<string, unknown>>;
    }
  >
> = template.toJSON().Resources;

it('is an IAM role of a fixed name, which goes with its stack', () => {
  expect(resources[markId]).toMatchObject({
    Type: 'AWS::IAM::Role',
    DeletionPolicy: 'Delete',
    Properties: { RoleName: installationRole },
  });
  expect(String(resources[markId]?.Properties.Description)).toMatch(/already installed, perhaps in another region/);
  // What IAM takes as a description.
  expect(String(resources[markId]?.Properties.Description)).toMatch(/^[ -~]{1,1000}$/);
});

it('lets no one in, and allows nothing', () => {
  expect(resources[markId]?.Properties.AssumeRolePolicyDocument).toMatchObject({
    Statement: [{ Effect: 'Deny', Action: 'sts:AssumeRole' }],
  });
  for (const { Properties } of Object.values(template.findResources('AWS::IAM::Policy'))) {
    expect(Properties.PolicyDocument.Statement.map(({ Effect }: { Effect: string }) => Effect)).toEqual(['Deny']);
  }
});

it('names the ledger, for the command line', () => {
  const [ledgerId] = Object.keys(template.findResources('AWS::DynamoDB::Table'));
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyName: installationLedgerPolicy,
    Roles: [{ Ref: markId }],
    PolicyDocument: { Statement: [{ Resource: { 'Fn::GetAtt': [ledgerId, 'Arn'] } }] },
  });
});

it('names its parts in a parameter, as the command line reads it, without a secret', () => {
  const inAccount = new KeysweepStack(quickApp(), 'Keysweep', {
    policy: policyWith({ email: ['a@example.com'], slackWebhookSecret: secret }),
    env: { account: '111122223333', region: 'eu-central-1' },
  });
  const [parameter, ...others] = Object.values(Template.fromStack(inAccount).findResources('AWS::SSM::Parameter'));
  expect(others).toEqual([]);
  const name = `${installationsPath}/Keysweep`;
  expect(parameter).toMatchObject({ DependsOn: [markId], Properties: { Name: name, Type: 'String' } });
  const value = textOf(parameter?.Properties.Value);
  expect(readInstallation({ name, value })).toEqual({
    schema: 'keysweep/installation/v1',
    stack: 'Keysweep',
    account: '111122223333',
    region: 'eu-central-1',
    ledger: expect.stringMatching(/^<.*Ledger\w+>$/),
    topicArn: expect.stringMatching(/^<.*DigestTopic\w+>$/),
    alertTopicArn: expect.stringMatching(/^<.*AlertTopic\w+>$/),
    alarmTopicArn: expect.stringMatching(/^<.*AlarmTopic\w+>$/),
    eventBus: 'default',
    forwarderArn: expect.stringMatching(/^<.*SlackForwarder\w+>$/),
  });
  expect(value).not.toContain(secret);
});

/** Joined as CloudFormation joins it, with `<LogicalId>` for what it fills in. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const intrinsic = value as { 'Fn::Join'?: [string, unknown[]]; Ref?: string; 'Fn::GetAtt'?: [string, string] };
  const join = intrinsic['Fn::Join'];
  if (join !== undefined) return join[1].map(textOf).join(join[0]);
  return `<${intrinsic.Ref ?? intrinsic['Fn::GetAtt']?.[0]}>`;
}

it('comes before all that outlives a stack, and all that writes to people', () => {
  const lasting = Object.entries(resources).filter(
    ([, { DeletionPolicy, Properties }]) =>
      DeletionPolicy === 'RetainExceptOnCreate' || Properties.Protocol === 'email',
  );
  expect(lasting.length).toBeGreaterThan(6);
  for (const [id, { DependsOn }] of lasting)
    expect({ id, after: DependsOn }).toMatchObject({ after: expect.arrayContaining([markId]) });
});
