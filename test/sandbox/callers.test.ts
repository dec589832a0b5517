import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { GetUserCommand, ListAccessKeysCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  type STSClient,
} from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { aliceKey, aliceOldKey, openSandbox, smallAccount } from '../support/sandbox-clients.ts';

const roleArn = 'arn:aws:iam::111122223333:role/Auditor';
const seed = {
  ...smallAccount,
  roles: [
    { name: 'Auditor', trust: { externalId: 'word-42' }, maxSessionDuration: 7200, allow: ['iam:List*'] },
    { name: 'Foreign', trust: { accounts: ['999988887777'] } },
  ],
};

async function assume(sts: STSClient, more: { [name: string]: unknown } = {}) {
  const input = { RoleArn: roleArn, RoleSessionName: 'nightly', ExternalId: 'word-42', ...more };
  const { Credentials, AssumedRoleUser } = await sts.send(new AssumeRoleCommand(input));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration } = Credentials ?? {};
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  return { credentials, expiration: Expiration, role: AssumedRoleUser };
}

describe('who calls', () => {
  it('is refused without a signature, in the protocol of the service', async () => {
    const { sandbox } = await openSandbox();
    const body = 'Action=ListUsers&Version=2010-05-08';
    const query = await fetch(sandbox.url, { method: 'POST', body });
    expect(query.status).toBe(403);
    expect(await query.text()).toContain('<Code>MissingAuthenticationToken</Code>');
    const target = 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents';
    const json = await fetch(sandbox.url, { method: 'POST', body: '{}', headers: { 'x-amz-target': target } });
    expect(json.status).toBe(400);
    expect(await json.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });

  it.each([
    ['unknown', { accessKeyId: 'AKIAZZZZZZZZZZZZZZZZ', secretAccessKey: 'x' }],
    ['inactive', { accessKeyId: aliceOldKey, secretAccessKey: 'x' }],
  ])('is refused with an %s key', async (_case, credentials) => {
    const { as } = await openSandbox();
    const { sts, cloudtrail } = as(credentials);
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
      message: 'The security token included in the request is invalid.',
      $metadata: { httpStatusCode: 403 },
    });
    await expect(cloudtrail.send(new LookupEventsCommand({}))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  it('is refused with temporary credentials without their token', async () => {
    const { as, sandbox } = await openSandbox();
    const { accessKeyId, secretAccessKey } = sandbox.credentials;
    const { sts } = as({ accessKeyId, secretAccessKey });
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  });

  it('may be the root user', async () => {
    const root = { accessKeys: [{ id: 'AKIARTX3GSDSRRRRRRRR', createdAt: '2026-01-01T00:00:00Z' }] };
    const { as } = await openSandbox({ seed: { ...smallAccount, root } });
    const { sts, iam } = as({ accessKeyId: 'AKIARTX3GSDSRRRRRRRR', secretAccessKey: 'x' });
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: 'arn:aws:iam::111122223333:root',
      UserId: '111122223333',
    });
    expect((await iam.send(new GetUserCommand({}))).User?.UserName).toBeUndefined();
    expect((await iam.send(new ListAccessKeysCommand({}))).AccessKeyMetadata).toMatchObject([
      { AccessKeyId: 'AKIARTX3GSDSRRRRRRRR' },
    ]);
  });

  it('is in the log of requests', async () => {
    const { sandbox, iam } = await openSandbox();
    await iam.send(new ListAccessKeysCommand({ UserName: 'alice' }));
    await expect(iam.send(new ListAccessKeysCommand({ UserName: 'absent' }))).rejects.toThrow();
    const common = { service: 'iam', action: 'iam:ListAccessKeys', accessKeyId: sandbox.credentials.accessKeyId };
    expect(sandbox.requests).toMatchObject([
      { ...common, seq: 1, params: { UserName: 'alice' }, outcome: 'answered', status: 200 },
      { ...common, seq: 2, params: { UserName: 'absent' }, status: 404, errorCode: 'NoSuchEntity' },
    ]);
    expect(sandbox.requestCounts()).toEqual({ 'iam:ListAccessKeys': 2 });
  });

  it.each([
    ['iam', 'Action=Nonsense&Version=2010-05-08', 'Could not find operation Nonsense for version 2010-05-08'],
    ['iam', 'Action=ListUsers&Version=2000-01-01', 'Could not find operation ListUsers for version 2000-01-01'],
    ['kinesis', '{}', 'The sandbox does not offer the service kinesis.'],
  ])('InvalidAction for what %s does not offer', async (service, body, message) => {
    const { sandbox } = await openSandbox();
    const authorization = `AWS4-HMAC-SHA256 Credential=${aliceKey}/20261120/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
    const answer = await fetch(sandbox.url, { method: 'POST', body, headers: { authorization } });
    expect(answer.status).toBe(400);
    const text = await answer.text();
    expect(text).toContain('<Code>InvalidAction</Code>');
    expect(text).toContain(message);
  });
});

describe('what a caller may do', () => {
  it('is AccessDenied in the words of AWS for everything else', async () => {
    const { iam, sandbox } = await openSandbox({ allow: ['iam:ListUsers'] });
    await iam.send(new ListUsersCommand({}));
    await expect(iam.send(new ListAccessKeysCommand({ UserName: 'alice' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message:
        'User: arn:aws:sts::111122223333:assumed-role/KeysweepOperator/operator is not authorized to perform: ' +
        'iam:ListAccessKeys on resource: user alice because no identity-based policy allows the iam:ListAccessKeys action',
      $metadata: { httpStatusCode: 403 },
    });
    sandbox.permissions.allow('arn:aws:iam::111122223333:role/KeysweepOperator', 'all');
    await iam.send(new ListAccessKeysCommand({ UserName: 'alice' }));
  });

  it('always includes GetCallerIdentity', async () => {
    const { sts } = await openSandbox({ allow: [] });
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '111122223333' });
  });

  it('can be set for a user in the seed', async () => {
    const users = smallAccount.users.map((user) => ({ ...user, allow: ['iam:Get*'] }));
    const { as } = await openSandbox({ seed: { ...smallAccount, users } });
    const { iam } = as({ accessKeyId: aliceKey, secretAccessKey: 'x' });
    await iam.send(new GetUserCommand({ UserName: 'bob' }));
    await expect(iam.send(new ListUsersCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('AssumeRole', () => {
  it('gives credentials that work, with the permissions of the role', async () => {
    const { sts, as } = await openSandbox({ seed });
    const { credentials, role } = await assume(sts);
    expect(credentials.accessKeyId).toMatch(/^ASIARTX3GSDS/);
    expect(role?.Arn).toBe('arn:aws:sts::111122223333:assumed-role/Auditor/nightly');
    const session = as(credentials);
    expect(await session.sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: role?.Arn });
    await session.iam.send(new ListUsersCommand({}));
    await expect(session.iam.send(new GetUserCommand({ UserName: 'bob' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it("ends on the sandbox's clock, while clients see an expiry on the machine's clock", async () => {
    const { sts, as, sandbox } = await openSandbox({ seed });
    const { credentials, expiration } = await assume(sts, { DurationSeconds: 900 });
    const remaining = (expiration?.getTime() ?? 0) - Date.now();
    expect(remaining).toBeGreaterThan(800_000);
    expect(remaining).toBeLessThanOrEqual(900_000);
    sandbox.clock.advance(900_000);
    await expect(as(credentials).sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'ExpiredToken',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it.each([
    ['no external id', { ExternalId: undefined }, 'AccessDenied'],
    ['a wrong external id', { ExternalId: 'word-43' }, 'AccessDenied'],
    ['a role that trusts another account', { RoleArn: roleArn.replace('Auditor', 'Foreign') }, 'AccessDenied'],
    ['a role that is not there', { RoleArn: roleArn.replace('Auditor', 'None') }, 'AccessDenied'],
    ['a short external id', { ExternalId: 'x' }, 'ValidationError'],
    ['a session name with a space', { RoleSessionName: 'a b' }, 'ValidationError'],
    ['a session name of one character', { RoleSessionName: 'a' }, 'ValidationError'],
    ['a session name of 65 characters', { RoleSessionName: 'a'.repeat(65) }, 'ValidationError'],
    ['less than 900 seconds', { DurationSeconds: 899 }, 'ValidationError'],
    ['more than 43200 seconds', { DurationSeconds: 43_201 }, 'ValidationError'],
    ['more than the role allows', { DurationSeconds: 7201 }, 'ValidationError'],
    ['more than an hour from another role', { DurationSeconds: 3601 }, 'ValidationError'],
  ])('refuses %s', async (_case, more, name) => {
    const { sts } = await openSandbox({ seed });
    await expect(assume(sts, more)).rejects.toMatchObject({ name });
  });

  it('gives a user a session of up to what the role allows', async () => {
    const { as } = await openSandbox({ seed });
    const { sts } = as({ accessKeyId: aliceKey, secretAccessKey: 'x' });
    expect((await assume(sts, { DurationSeconds: 7200 })).credentials.sessionToken).not.toBe('');
  });
});

describe('GetAccessKeyInfo', () => {
  it.each([
    ['a key of this account', aliceKey, '111122223333'],
    ['a key of any account, from the id itself', 'ASIAY34FZKBOKMUTVV7A', '609629065308'],
  ])('shows the account of %s', async (_case, AccessKeyId, account) => {
    const { sts } = await openSandbox();
    expect(await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId }))).toMatchObject({ Account: account });
  });

  it('refuses an id of the old form', async () => {
    const { sts } = await openSandbox();
    const old = new GetAccessKeyInfoCommand({ AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' });
    await expect(sts.send(old)).rejects.toMatchObject({ name: 'ValidationError' });
  });
});
