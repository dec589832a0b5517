import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { openSecret } from '../../aws/secret.ts';
import { connect } from '../../aws/session.ts';
import { serviceError } from '../support/sdk-errors.ts';

const mock = mockClient(SecretsManagerClient);
beforeEach(() => {
  mock.reset();
});

const arn = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keysweep/slack-AbCdEf';
const open = () => openSecret(connect({ region: 'us-east-1' }), arn);

describe('openSecret', () => {
  it('reads once, and again only on request', async () => {
    mock.on(GetSecretValueCommand).resolvesOnce({ SecretString: ' one\n' }).resolves({ SecretString: 'two' });
    const secret = open();
    expect([await secret.read(), await secret.read()]).toEqual(['one', 'one']);
    expect([await secret.reread(), await secret.read()]).toEqual(['two', 'two']);
    expect(mock.commandCalls(GetSecretValueCommand).map(({ args }) => args[0].input)).toEqual([
      { SecretId: arn },
      { SecretId: arn },
    ]);
  });

  it('does not remember a failure', async () => {
    mock
      .on(GetSecretValueCommand)
      .rejectsOnce(serviceError('InternalServiceError', 500))
      .resolves({ SecretString: 'x' });
    const secret = open();
    await expect(secret.read()).rejects.toMatchObject({
      code: 'ServiceFailure',
      message: expect.stringContaining('secretsmanager:GetSecretValue'),
    });
    expect(await secret.read()).toBe('x');
  });

  it('forgets what it knew when it cannot be read again', async () => {
    mock
      .on(GetSecretValueCommand)
      .resolvesOnce({ SecretString: 'old' })
      .rejectsOnce(serviceError('AccessDeniedException', 403))
      .resolves({ SecretString: 'new' });
    const secret = open();
    await secret.read();
    await expect(secret.reread()).rejects.toMatchObject({ code: 'AccessDenied' });
    expect(await secret.read()).toBe('new');
  });

  it.each([
    ['no text', { SecretBinary: new Uint8Array([1]) }],
    ['blanks', { SecretString: ' \n' }],
  ])('refuses a secret of %s', async (_, answer) => {
    mock.on(GetSecretValueCommand).resolves(answer);
    await expect(open().read()).rejects.toMatchObject({ code: 'SecretEmpty' });
  });

  it.each(['keysweep/slack', 'arn:aws:ssm:eu-central-1:111122223333:parameter/x'])('refuses %s as a secret', (name) => {
    expect(() => openSecret(connect({ region: 'us-east-1' }), name)).toThrow(
      expect.objectContaining({ code: 'SecretInvalid' }),
    );
  });
});
