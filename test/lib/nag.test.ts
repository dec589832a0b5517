import { Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import type { Policy } from '../../core/policy/policy.ts';
import { KeysweepStack } from '../../lib/keysweep-stack.ts';
import { policyWith, quickApp } from './synth.ts';

const email = ['security@example.com'];

/** Synthesises the stack with cdk-nag as bin/app.ts does, after `change`. */
function check(
  change: (stack: KeysweepStack) => void = () => {},
  env?: { account: string; region: string },
  policy: Policy = policyWith({ email }),
): void {
  const app = quickApp();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  change(new KeysweepStack(app, 'Keysweep', { policy, ...(env && { env }) }));
  app.synth();
}

describe('cdk-nag', () => {
  it('finds nothing that is not acknowledged with a reason', () => {
    expect(() => check()).not.toThrow();
  });

  it('finds nothing where account and region are known', () => {
    expect(() => check(undefined, { account: '111122223333', region: 'eu-central-1' })).not.toThrow();
  });

  it.each(['audit', 'warn', 'enforce'] as const)('finds nothing in mode %s with every option on', (mode) => {
    const policy = policyWith({
      email,
      slack: { workspace: 'T0123456789', channel: 'C0123456789' },
      slackWebhookSecret: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:slack-AbCdEf',
      permissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary',
      encryptionKey: 'arn:aws:kms:eu-central-1:111122223333:key/0b1c2d3e-0000-4000-8000-000000000000',
      tags: { team: 'security' },
      firstAudit: true,
      architecture: 'x86_64',
      roles: { path: '/security/', prefix: 'keysweep-' },
      vpc: { subnets: ['subnet-0abc1234'], securityGroups: ['sg-0abc1234'] },
    });
    expect(() => check(undefined, undefined, { ...policy, mode })).not.toThrow();
  });

  it('fails the synthesis on a new resource that violates a rule', () => {
    expect(() => check((stack) => new Queue(stack, 'Queue'))).toThrow(/AwsSolutions-SQS3[\s\S]*AwsSolutions-SQS4/);
  });

  it.each([
    [
      'another wildcard of resources',
      'iam:GetUser',
      'arn:aws:iam::111122223333:role/*',
      /IAM5\[Resource::arn:aws:iam::111122223333:role\/\*\]/,
    ],
    ['a wildcard of actions', 'iam:List*', 'arn:aws:iam::111122223333:user/alice', /IAM5\[Action::iam:List\*\]/],
  ])('is not silenced by the acknowledgements of the auditor’s role for %s', (_, action, resource, violation) => {
    const grant = ({ hygiene }: KeysweepStack) =>
      hygiene.auditor.role.addToPolicy(new PolicyStatement({ actions: [action], resources: [resource] }));
    expect(() => check(grant)).toThrow(violation);
  });
});
