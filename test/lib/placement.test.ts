/** Where the deployment is, what its roles are called, and what its functions run on. */
import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../core/policy/policy.ts';
import { CredentialHygiene, type CredentialHygieneProps } from '../../lib/credential-hygiene.ts';
import { KeysweepStack, type KeysweepStackProps } from '../../lib/keysweep-stack.ts';
import { roleStatements } from '../support/template-roles.ts';
import { policyWith, quickApp, secret, templateOf } from './synth.ts';

const env = { account: '111122223333', region: 'eu-central-1' };
const key = (place: string) => `arn:aws:kms:${place}:key/0b1c2d3e-0000-4000-8000-000000000000`;
const slack = { workspace: 'T0123456789', channel: 'C0123456789' };
const everything = { slack, slackWebhookSecret: secret };

function stackOf(deployment: Partial<Deployment>, props: KeysweepStackProps = {}): KeysweepStack {
  const policy = policyWith({ email: ['a@example.com'], ...deployment });
  return new KeysweepStack(quickApp(), 'Keysweep', { policy, ...props });
}

describe('the region and account of the stack', () => {
  it('are those of the key and the secret, or nothing is synthesized', () => {
    expect(() =>
      stackOf({ encryptionKey: key('us-east-1:111122223333'), slackWebhookSecret: secret }, { env }),
    ).toThrow(
      expect.objectContaining({
        code: 'PlaceMismatch',
        message: expect.stringContaining('region us-east-1, but the stack is deployed to region eu-central-1'),
      }),
    );
    expect(() => stackOf({ slackWebhookSecret: secret }, { env: { ...env, region: 'us-east-1' } })).toThrow(
      /deployment\.slackWebhookSecret is in region eu-central-1, but the stack is deployed to region us-east-1/,
    );
    expect(() =>
      stackOf({ encryptionKey: key('eu-central-1:111122223333'), slackWebhookSecret: secret }, { env }),
    ).not.toThrow();
  });

  it('decide the partition', () => {
    const inChina = { env: { ...env, region: 'cn-north-1' } };
    expect(() => stackOf({ permissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary' }, inChina)).toThrow(
      /partition aws, but the stack is deployed to partition aws-cn/,
    );
  });

  it('of a shared key may be another account: that is warned of', () => {
    const stack = stackOf({ encryptionKey: key('eu-central-1:444455556666') }, { env });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('account 444455556666, but the stack'));
  });

  it('that are not known leave only what contradicts itself', () => {
    expect(() => stackOf({ encryptionKey: key('us-east-1:111122223333') })).not.toThrow();
    expect(() => stackOf({ encryptionKey: key('us-east-1:111122223333'), slackWebhookSecret: secret })).toThrow(
      /both must be in that of the stack/,
    );
  });
});

describe('stackName', () => {
  it('is the name of the stack, whose id stays', () => {
    const stack = stackOf({ stackName: 'security-keysweep' });
    expect([stack.stackName, stack.node.id]).toEqual(['security-keysweep', 'Keysweep']);
    expect(Object.keys(Template.fromStack(stack).toJSON().Resources)).toEqual(
      Object.keys(templateOf(policyWith({ email: ['a@example.com'] })).toJSON().Resources),
    );
  });

  it('by the program wins; by the policy of a construct in another stack it has no effect, and that is said', () => {
    expect(stackOf({ stackName: 'one' }, { stackName: 'two' }).stackName).toBe('two');
    const stack = new Stack(quickApp(), 'Baseline');
    new CredentialHygiene(stack, 'Hygiene', { policy: policyWith({ email: ['a@example.com'], stackName: 'one' }) });
    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp('deployment.stackName is one, but the stack is Baseline'),
    );
  });
});

describe('roles', () => {
  const named = templateOf(policyWith({ ...everything, roles: { path: '/security/', prefix: 'ks-' } }));

  it('have the path and the prefix; the mark keeps its fixed name', () => {
    const roles = Object.values(named.findResources('AWS::IAM::Role')).map(({ Properties }) => [
      Properties.Path,
      Properties.RoleName,
    ]);
    expect(roles.toSorted()).toEqual(
      ['keysweep-installation', 'ks-auditor', 'ks-forwarder', 'ks-rotator', 'ks-schedule', 'ks-slack-channel'].map(
        (name) => ['/security/', name],
      ),
    );
    named.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Path: '/security/',
      ManagedPolicyName: 'ks-slack-guardrail',
    });
  });

  it('are otherwise named by CloudFormation', () => {
    const plain = Object.values(templateOf(policyWith(everything)).findResources('AWS::IAM::Role'));
    expect(plain.flatMap(({ Properties }) => Properties.RoleName ?? [])).toEqual(['keysweep-installation']);
    expect(plain.flatMap(({ Properties }) => Properties.Path ?? [])).toEqual([]);
  });

  it('may have a path alone', () => {
    const template = templateOf(policyWith({ roles: { path: '/security/' } }));
    template.allResourcesProperties('AWS::IAM::Role', { Path: '/security/' });
    template.resourcePropertiesCountIs('AWS::IAM::Role', { RoleName: Match.anyValue() }, 1);
  });

  it('are trusted by the archive under whatever name', () => {
    expect(named.toJSON().Resources.CredentialHygieneArchivePolicy).toEqual(
      templateOf(policyWith(everything)).toJSON().Resources.CredentialHygieneArchivePolicy,
    );
  });
});

describe('vpc', () => {
  const vpc = { subnets: ['subnet-0abc1234', 'subnet-0abc1235'], securityGroups: ['sg-0abc1234'] };
  const template = templateOf(policyWith({ ...everything, vpc }));

  it('is the network of every function, and of none unless it is set', () => {
    template.allResourcesProperties('AWS::Lambda::Function', {
      VpcConfig: { SubnetIds: vpc.subnets, SecurityGroupIds: vpc.securityGroups },
    });
    template.resourceCountIs('AWS::Lambda::Function', 3);
    templateOf(policyWith(everything)).allResourcesProperties('AWS::Lambda::Function', { VpcConfig: Match.absent() });
  });

  it('may be joined by Lambda alone, not by the code of a function', () => {
    const resolve = (id: string) => id;
    const ids = Object.keys(template.findResources('AWS::Lambda::Function')).length;
    const roles = Object.entries(template.findResources('AWS::IAM::Role')).filter(([, { Properties }]) =>
      JSON.stringify(Properties.AssumeRolePolicyDocument).includes('lambda.amazonaws.com'),
    );
    expect(roles).toHaveLength(ids);
    for (const [id] of roles) {
      const network = roleStatements(template, id, resolve).filter(({ Action }) =>
        JSON.stringify(Action).includes('ec2:'),
      );
      expect(network.map(({ Effect, Condition }) => [Effect, Condition])).toEqual([
        ['Allow', undefined],
        ['Deny', { Null: { 'lambda:SourceFunctionArn': 'false' } }],
      ]);
      expect(network[0]?.Action).toEqual(network[1]?.Action);
    }
  });
});

describe('architecture', () => {
  it.each(['arm64', 'x86_64'] as const)('%s is that of every function', (architecture) => {
    templateOf(policyWith({ ...everything, architecture })).allResourcesProperties('AWS::Lambda::Function', {
      Architectures: [architecture],
    });
  });
});

describe('properties of the construct', () => {
  it('win over the policy', () => {
    const stack = new Stack(quickApp(), 'Baseline');
    const policy = policyWith({ architecture: 'arm64', roles: { prefix: 'policy-' } });
    const props: CredentialHygieneProps = {
      policy,
      architecture: Architecture.X86_64,
      roles: { prefix: 'app-' },
      vpc: { subnets: ['subnet-1'], securityGroups: ['sg-1'] },
    };
    new CredentialHygiene(stack, 'Hygiene', props);
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::Lambda::Function', {
      Architectures: ['x86_64'],
      VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
    });
    template.hasResourceProperties('AWS::IAM::Role', { RoleName: 'app-rotator' });
  });
});

describe('slackConfiguration', () => {
  const slackConfiguration = 'arn:aws:chatbot::111122223333:chat-configuration/slack-channel/security';
  const stack = new KeysweepStack(quickApp(), 'Keysweep', {
    policy: { ...policyWith({ slackConfiguration }), mode: 'enforce' },
  });
  const template = Template.fromStack(stack);

  it('names a channel that exists: nothing of it is created, and it is someone who is notified', () => {
    template.resourceCountIs('AWS::Chatbot::SlackChannelConfiguration', 0);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('no one is subscribed'));
  });

  it('has an output with the topics to add to it', () => {
    const [output] = Object.values(template.findOutputs('TopicsForSlack'));
    expect(output?.Description).toContain(slackConfiguration);
    expect(JSON.stringify(output?.Value).match(/"Ref":"CredentialHygiene(Alert|Digest|Alarm)Topic/g)).toHaveLength(3);
    expect(templateOf(policyWith({ slack })).findOutputs('TopicsForSlack')).toEqual({});
  });
});
