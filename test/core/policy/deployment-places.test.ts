import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import { contradictions, misplaced, type StackPlace } from '../../../core/policy/deployment-places.ts';
import type { Deployment } from '../../../core/policy/policy.ts';

const stack = { partition: 'aws', region: 'eu-central-1', account: '111122223333' };
const key = (place: string) => `arn:aws:kms:${place}:key/0b1c2d3e-0000-4000-8000-000000000000`;
const secret = (place: string) => `arn:aws:secretsmanager:${place}:secret:slack-AbCdEf`;

const judged = (settings: Partial<Deployment>, place: StackPlace = stack) =>
  misplaced({ ...defaultPolicy.deployment, ...settings }, place).map(({ text, isFatal }) => [isFatal, text]);

describe('a resource that the deployment names', () => {
  it.each<[string, Partial<Deployment>]>([
    ['key', { encryptionKey: key('eu-central-1:111122223333') }],
    ['secret', { slackWebhookSecret: secret('eu-central-1:111122223333') }],
    ['boundary', { permissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary' }],
    ['boundary of AWS itself', { permissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
    ['Slack configuration', { slackConfiguration: 'arn:aws:chatbot::111122223333:chat-configuration/slack-channel/s' }],
  ])('%s, where the stack is, is right', (_, settings) => expect(judged(settings)).toEqual([]));

  it.each<[string, Partial<Deployment>, boolean, string]>([
    [
      'a key in another region',
      { encryptionKey: key('us-east-1:111122223333') },
      true,
      'deployment.encryptionKey is in region us-east-1, but the stack is deployed to region eu-central-1',
    ],
    [
      'a secret in another region',
      { slackWebhookSecret: secret('eu-west-1:111122223333') },
      true,
      'deployment.slackWebhookSecret is in region eu-west-1, but the stack is deployed to region eu-central-1',
    ],
    [
      'a key in another account, which may be shared',
      { encryptionKey: key('eu-central-1:444455556666') },
      false,
      'deployment.encryptionKey is in account 444455556666, but the stack is deployed to account 111122223333',
    ],
    [
      'a boundary in another account',
      { permissionsBoundary: 'arn:aws:iam::444455556666:policy/boundary' },
      true,
      'deployment.permissionsBoundary is in account 444455556666, but the stack is deployed to account 111122223333',
    ],
    [
      'a boundary in another partition',
      { permissionsBoundary: 'arn:aws-us-gov:iam::111122223333:policy/boundary' },
      true,
      'deployment.permissionsBoundary is in partition aws-us-gov, but the stack is deployed to partition aws',
    ],
  ])('%s', (_, settings, isFatal, text) => expect(judged(settings)).toEqual([[isFatal, text]]));

  it('is not judged by what is not known of the stack', () => {
    expect(judged({ encryptionKey: key('us-east-1:444455556666') }, {})).toEqual([]);
    expect(judged({ encryptionKey: key('us-east-1:444455556666') }, { region: 'us-east-1' })).toEqual([]);
  });
});

describe('settings that contradict each other', () => {
  const of = (settings: Partial<Deployment>) => contradictions({ ...defaultPolicy.deployment, ...settings });

  it('are a key and a secret in two regions: the stack is in one', () => {
    const encryptionKey = key('us-east-1:111122223333');
    expect(of({ encryptionKey, slackWebhookSecret: secret('eu-west-1:111122223333') })).toEqual([
      'deployment.encryptionKey is in region us-east-1, but deployment.slackWebhookSecret in eu-west-1: both must be in that of the stack',
    ]);
    expect(of({ encryptionKey, slackWebhookSecret: secret('us-east-1:444455556666') })).toEqual([]);
  });

  it('are partitions, where there is no region', () => {
    expect(
      of({
        encryptionKey: key('us-east-1:111122223333'),
        permissionsBoundary: 'arn:aws-cn:iam::111122223333:policy/boundary',
      }),
    ).toEqual([
      'deployment.encryptionKey is in partition aws, but deployment.permissionsBoundary in aws-cn: both must be in that of the stack',
    ]);
  });
});
