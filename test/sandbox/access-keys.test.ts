import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  type IAMClient,
  ListAccessKeysCommand,
  type StatusType,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { aliceKey, aliceOldKey, openSandbox, smallAccount, smallNow } from '../support/sandbox-clients.ts';

const minute = 60_000;

async function lastUsed(iam: IAMClient, AccessKeyId: string) {
  return (await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))).AccessKeyLastUsed;
}

describe('access keys', () => {
  it('ListAccessKeys gives them in an order that says nothing about slots', async () => {
    const { iam } = await openSandbox();
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: 'alice' }));
    expect(AccessKeyMetadata).toEqual([
      { UserName: 'alice', AccessKeyId: aliceOldKey, Status: 'Inactive', CreateDate: new Date('2025-02-01T10:00:00Z') },
      { UserName: 'alice', AccessKeyId: aliceKey, Status: 'Active', CreateDate: new Date('2026-10-01T10:00:00Z') },
    ]);
  });

  it('CreateAccessKey gives a key that works', async () => {
    const { iam, as } = await openSandbox();
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'bob' }));
    expect(AccessKey).toMatchObject({ UserName: 'bob', Status: 'Active', CreateDate: smallNow });
    const { sts } = as({
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    });
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: 'arn:aws:iam::111122223333:user/bob',
    });
  });

  it('refuses a third key', async () => {
    const { iam } = await openSandbox();
    await expect(iam.send(new CreateAccessKeyCommand({ UserName: 'alice' }))).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for AccessKeysPerUser: 2',
    });
  });

  it('UpdateAccessKey and DeleteAccessKey change what ListAccessKeys shows, and keep the creation date', async () => {
    const { iam } = await openSandbox();
    await iam.send(new UpdateAccessKeyCommand({ UserName: 'alice', AccessKeyId: aliceKey, Status: 'Inactive' }));
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'alice', AccessKeyId: aliceOldKey }));
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: 'alice' }));
    expect(AccessKeyMetadata).toEqual([
      { UserName: 'alice', AccessKeyId: aliceKey, Status: 'Inactive', CreateDate: new Date('2026-10-01T10:00:00Z') },
    ]);
  });

  it.each([
    ['an unknown key', { UserName: 'alice', AccessKeyId: 'AKIAZZZZZZZZZZZZZZZZ' }, 'NoSuchEntityException', 404],
    ['a key of someone else', { UserName: 'bob', AccessKeyId: aliceKey }, 'NoSuchEntityException', 404],
    ['an unknown user', { UserName: 'absent', AccessKeyId: aliceKey }, 'NoSuchEntityException', 404],
    ['no user, by a role', { AccessKeyId: aliceKey }, 'ValidationError', 400],
  ])('refuses to change %s', async (_case, target, name, httpStatusCode) => {
    const { iam } = await openSandbox();
    const expected = { name, $metadata: { httpStatusCode } };
    await expect(iam.send(new UpdateAccessKeyCommand({ ...target, Status: 'Inactive' }))).rejects.toMatchObject(
      expected,
    );
    await expect(iam.send(new DeleteAccessKeyCommand(target))).rejects.toMatchObject(expected);
  });

  it('refuses a status that cannot be set', async () => {
    const { iam } = await openSandbox();
    const update = { UserName: 'alice', AccessKeyId: aliceKey, Status: 'Expired' as StatusType };
    await expect(iam.send(new UpdateAccessKeyCommand(update))).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

describe('last use', () => {
  it('is shown with service and region', async () => {
    const { iam } = await openSandbox();
    const answer = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: aliceKey }));
    expect(answer).toMatchObject({
      UserName: 'alice',
      AccessKeyLastUsed: { LastUsedDate: new Date('2026-11-19T08:00:00Z'), ServiceName: 's3', Region: 'N/A' },
    });
  });

  it('has no date, and N/A twice, for a key that was never used', async () => {
    const { iam } = await openSandbox();
    expect(await lastUsed(iam, aliceOldKey)).toEqual({ ServiceName: 'N/A', Region: 'N/A' });
  });

  it('of an unknown key is AccessDenied, not NoSuchEntity', async () => {
    const { iam } = await openSandbox();
    await expect(lastUsed(iam, 'AKIAZZZZZZZZZZZZZZZZ')).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('is not authorized to perform: iam:GetAccessKeyLastUsed on resource: '),
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('is shown only after the lag', async () => {
    const { iam, sandbox } = await openSandbox({ lastUsedLagMs: 15 * minute });
    expect(sandbox.account.useAccessKey(aliceKey, undefined, 'ec2', 'eu-west-1')).toBe(true);
    sandbox.clock.advance(15 * minute - 1);
    expect(await lastUsed(iam, aliceKey)).toMatchObject({ ServiceName: 's3' });
    sandbox.clock.advance(1);
    expect(await lastUsed(iam, aliceKey)).toEqual({ LastUsedDate: smallNow, ServiceName: 'ec2', Region: 'eu-west-1' });
  });

  it('does not go back when an earlier use is reported later', async () => {
    const { iam, sandbox } = await openSandbox();
    sandbox.account.useAccessKey(aliceKey, new Date('2026-11-01T00:00:00Z'), 'ec2');
    expect(await lastUsed(iam, aliceKey)).toMatchObject({ LastUsedDate: new Date('2026-11-19T08:00:00Z') });
  });

  it('counts requests to the sandbox itself', async () => {
    const { iam, as, sandbox } = await openSandbox({ lastUsedLagMs: 0 });
    const { secret } = sandbox.account.accessKey(aliceKey);
    await as({ accessKeyId: aliceKey, secretAccessKey: secret }).sts.send(new GetCallerIdentityCommand({}));
    expect(await lastUsed(iam, aliceKey)).toEqual({ LastUsedDate: smallNow, ServiceName: 'sts', Region: 'us-east-1' });
  });

  it('stays as it was when an inactive key is refused, which the sandbox remembers', async () => {
    const { iam, sandbox } = await openSandbox({ lastUsedLagMs: 0 });
    expect(sandbox.account.useAccessKey(aliceOldKey)).toBe(false);
    expect(await lastUsed(iam, aliceOldKey)).toEqual({ ServiceName: 'N/A', Region: 'N/A' });
    expect(sandbox.account.usage.refused).toEqual([{ at: smallNow, accessKeyId: aliceOldKey, userName: 'alice' }]);
  });
});

describe("the sandbox's own record of writes", () => {
  it('holds who changed what, from which status, and how recently the key was really used', async () => {
    const { iam, sandbox } = await openSandbox();
    sandbox.account.useAccessKey(aliceKey);
    await iam.send(new UpdateAccessKeyCommand({ UserName: 'alice', AccessKeyId: aliceKey, Status: 'Inactive' }));
    sandbox.account.setAccessKeyStatus(aliceKey, 'Active');
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'alice', AccessKeyId: aliceKey }));
    const common = { at: smallNow, userName: 'alice', accessKeyId: aliceKey, lastUsedAt: smallNow };
    expect(sandbox.writes).toMatchObject([
      {
        ...common,
        seq: 1,
        action: 'iam:UpdateAccessKey',
        by: 'api',
        requestSeq: 1,
        statusBefore: 'Active',
        statusAfter: 'Inactive',
      },
      {
        ...common,
        seq: 2,
        action: 'iam:UpdateAccessKey',
        by: 'person',
        statusBefore: 'Inactive',
        statusAfter: 'Active',
      },
      { ...common, seq: 3, action: 'iam:DeleteAccessKey', by: 'api', requestSeq: 2, statusBefore: 'Active' },
    ]);
    expect(sandbox.writes[2]).not.toHaveProperty('statusAfter');
    expect(sandbox.writes[0]?.callerArn).toBe('arn:aws:sts::111122223333:assumed-role/KeysweepOperator/operator');
  });

  it('holds no request that failed', async () => {
    const { iam, sandbox } = await openSandbox();
    const missing = { UserName: 'alice', AccessKeyId: 'AKIAZZZZZZZZZZZZZZZZ' };
    await expect(iam.send(new DeleteAccessKeyCommand(missing))).rejects.toThrow();
    expect(sandbox.writes).toEqual([]);
  });

  it('holds what people do', async () => {
    const { sandbox } = await openSandbox({ seed: smallAccount });
    const { account } = sandbox;
    account.createUser('carl', { tags: { team: 'web' } });
    account.setPassword('carl');
    account.setMfa('carl', true);
    account.untagUser('carl', ['team']);
    account.attachPolicy('carl', 'AWSCompromisedKeyQuarantineV3');
    account.deletePassword('carl');
    account.createAccessKey('carl');
    account.deleteUser('carl');
    expect(sandbox.writes.map((write) => write.action)).toEqual([
      'iam:CreateUser',
      'iam:CreateLoginProfile',
      'iam:EnableMFADevice',
      'iam:UntagUser',
      'iam:AttachUserPolicy',
      'iam:DeleteLoginProfile',
      'iam:CreateAccessKey',
      'iam:DeleteAccessKey',
      'iam:DeleteUser',
    ]);
    expect(() => account.user('carl')).toThrow('The user with name carl cannot be found.');
  });
});
