import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containsSecret, withoutSecrets } from '../../core/secrets.ts';

// The example of the IAM User Guide.
const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const id = 'AKIAIOSFODNN7EXAMPLE';

describe('withoutSecrets', () => {
  it.each([
    [secret, '<redacted>'],
    [`not an access key id: "${secret}"`, 'not an access key id: "<redacted>"'],
    [`"${secret.replaceAll('/', '\\/')}"`, '"<redacted>"'],
    [`file:${secret}`, 'file:<redacted>'],
    [`arn:aws:iam::123456789012:user/${secret}`, 'arn:aws:iam::123456789012:<redacted>'],
    [`${id}:${secret}`, `${id}:<redacted>`],
    [
      'Access key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE,wJalrXU',
      `Access key ID,Secret access key\n${id},<redacted>`,
    ],
    ['export AWS_SECRET_ACCESS_KEY=short', 'export AWS_SECRET_ACCESS_KEY=<redacted>'],
    ['aws_session_token = short', 'aws_session_token = <redacted>'],
    ['{"SecretAccessKey": "short", "a": 1}', '{"SecretAccessKey": "<redacted>", "a": 1}'],
    ['https://jane:pass@host:8443/x', 'https://<redacted>@host:8443/x'],
    ['http://jane:pa/ss@host/x', 'http://<redacted>@host/x'],
    [`http://${id}:${encodeURIComponent(secret)}@127.0.0.1:4566`, 'http://<redacted>@127.0.0.1:4566'],
    [
      'https://s3.amazonaws.com/b?X-Amz-Signature=0123abcd&x=1',
      'https://s3.amazonaws.com/b?X-Amz-Signature=<redacted>&x=1',
    ],
    ['https://hooks.slack.com/services/T0/B0/abc', 'https://hooks.slack.com/<redacted>'],
    [`IQoJb3JpZ2luX2VjEPz${'aB3dE5gH7/'.repeat(40)}==`, '<redacted>=='],
  ])('%s', (text, expected) => {
    expect(withoutSecrets(text)).toBe(expected);
    expect(withoutSecrets(expected)).toBe(expected);
    expect(containsSecret(text)).toBe(true);
  });

  it.each([
    id,
    'AIDACKCEVSQ6C2EXAMPLE',
    'dynamodb:KeysweepOrganizationNotificationsTopicBFC7AF6E',
    'arn:aws:sns:eu-central-1:123456789012:Keysweep-TopicBFC7AF6E-AbCdEfGhIjKl',
    'AWSCompromisedKeyQuarantineV2',
    'file:/home/runner/work/MyCompany1/keysweep/ledgers/production/main',
    '/var/folders/z5/0k3n_wq97b5f6x2b8h3z7q8h0000gn/T/keysweepAbCdEf',
    '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
    'http://127.0.0.1:4566/path@home',
    'jane.doe+test@example.com',
    'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws configure sso',
    'deployment.slackWebhookSecret: expected the ARN of a secret',
    'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keysweep-slack-AbCdEf',
  ])('leaves %s as it is', (text) => {
    expect(withoutSecrets(text)).toBe(text);
    expect(containsSecret(text)).toBe(false);
  });

  it('finds random base64 of 30 bytes wherever it is pasted', () => {
    const around = fc.constantFrom(['', ''], ['user ', ' has'], ['"', '"'], ['x=', ''], ['a/', '/b'], ['k:', ';']);
    const key = fc.uint8Array({ minLength: 30, maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('base64'));
    // What AWS makes is random; fast-check also tries the likes of 40 times A.
    const isLikely = (text: string) => new Set(text).size >= 20;
    fc.assert(
      fc.property(key.filter(isLikely), around, (text, [before, after]) => {
        expect(withoutSecrets(`${before}${text}${after}`)).not.toContain(text);
      }),
      { seed: 7 },
    );
  });
});
