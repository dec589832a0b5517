/** The mark of the one installation in an account: what a second one fails at, before it has made anything that lasts. */
import { expect, it } from 'vitest';
import { installationLedgerPolicy, installationRole } from '../../core/installation.ts';
import { policyWith, secret, templateOf } from './synth.ts';

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

it('comes before all that outlives a stack, and all that writes to people', () => {
  const lasting = Object.entries(resources).filter(
    ([, { DeletionPolicy, Properties }]) =>
      DeletionPolicy === 'RetainExceptOnCreate' || Properties.Protocol === 'email',
  );
  expect(lasting.length).toBeGreaterThan(6);
  for (const [id, { DependsOn }] of lasting)
    expect({ id, after: DependsOn }).toMatchObject({ after: expect.arrayContaining([markId]) });
});
