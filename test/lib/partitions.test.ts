import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../core/policy/policy.ts';
import { KeysweepStack } from '../../lib/keysweep-stack.ts';
import { policyWith, quickApp } from './synth.ts';

const account = '111122223333';

function stackIn(region: string, deployment: Partial<Deployment> = {}): KeysweepStack {
  return new KeysweepStack(quickApp(), 'Keysweep', { env: { account, region }, policy: policyWith(deployment) });
}

/** Everything that a policy can switch on outside of the partition aws. */
function everythingIn(region: string, partition: string) {
  const encryptionKey = `arn:${partition}:kms:${region}:${account}:key/12345678-1234-1234-1234-123456789012`;
  const slackWebhookSecret = `arn:${partition}:secretsmanager:${region}:${account}:secret:keysweep-slack-AbCdEf`;
  const permissionsBoundary = `arn:${partition}:iam::${account}:policy/boundary`;
  return Template.fromStack(stackIn(region, { encryptionKey, slackWebhookSecret, permissionsBoundary }));
}

const regions = [
  ['us-gov-west-1', 'aws-us-gov'],
  ['us-gov-east-1', 'aws-us-gov'],
  ['cn-north-1', 'aws-cn'],
  ['cn-northwest-1', 'aws-cn'],
] as const;

describe.each(regions)('a stack in %s', (region, partition) => {
  const template = everythingIn(region, partition);

  it('names no resource of another partition', () => {
    const text = JSON.stringify(template.toJSON());
    expect(new Set(text.match(/(?<=\barn:)[\w-]+(?=:)/g))).toEqual(new Set([partition]));
  });

  it('runs its functions on x86_64 and Node.js 24, which the CDK lists there', () => {
    template.allResourcesProperties('AWS::Lambda::Function', { Architectures: ['x86_64'], Runtime: 'nodejs24.x' });
    expect(Fact.find(region, FactName.LATEST_NODE_RUNTIME)).toBe('nodejs24.x');
  });

  it('trusts the services by the names that are the same in every partition', () => {
    const principals = JSON.stringify(template.toJSON()).match(/(?<="Service":")[^"]+/g);
    const services = ['cloudwatch', 'events', 'lambda', 'scheduler', 'sns'];
    expect(new Set(principals)).toEqual(new Set(services.map((service) => `${service}.amazonaws.com`)));
  });
});

describe('a stack in the partition aws', () => {
  it.each(['eu-central-1', 'us-east-1', 'ap-southeast-7'])('runs its functions on arm64 in %s', (region) => {
    Template.fromStack(stackIn(region)).allResourcesProperties('AWS::Lambda::Function', { Architectures: ['arm64'] });
  });
});

describe('a Slack channel of Amazon Q Developer', () => {
  const slack = { workspace: 'T0123ABCD', channel: 'C0123ABCD' };
  const warning = Match.stringLikeRegexp('Amazon Q Developer.*does not list.*slackWebhookSecret');

  it.each(regions)('is warned of in %s', (region) => {
    Annotations.fromStack(stackIn(region, { slack })).hasWarning('*', warning);
  });

  it('is not warned of in the partition aws', () => {
    Annotations.fromStack(stackIn('eu-central-1', { slack })).hasNoWarning('*', warning);
  });
});
