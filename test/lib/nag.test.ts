import { Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { KeysweepStack } from '../../lib/keysweep-stack.ts';
import { policyWith, quickApp } from './synth.ts';

/** Synthesises the stack with cdk-nag as bin/app.ts does, after `change`. */
function check(change: (stack: KeysweepStack) => void = () => {}, env?: { account: string; region: string }): void {
  const app = quickApp();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const policy = policyWith({ email: ['security@example.com'] });
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
