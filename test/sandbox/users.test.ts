import {
  CreateUserCommand,
  GetAccountAuthorizationDetailsCommand,
  GetAccountSummaryCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  ListAccountAliasesCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { aliceKey, openSandbox, smallAccount, smallNow } from '../support/sandbox-clients.ts';

describe('users', () => {
  it('ListUsers gives what AWS gives, without tags', async () => {
    const { iam } = await openSandbox();
    const { Users, IsTruncated, Marker } = await iam.send(new ListUsersCommand({}));
    expect(Users).toEqual([
      {
        Path: '/',
        UserName: 'alice',
        UserId: expect.stringMatching(/^AIDARTX3GSDS[A-Z2-7]{8}$/),
        Arn: 'arn:aws:iam::111122223333:user/alice',
        CreateDate: new Date('2025-01-01T00:00:00Z'),
      },
      expect.objectContaining({ UserName: 'bob', PasswordLastUsed: new Date('2026-11-18T07:00:00Z') }),
    ]);
    expect({ IsTruncated, Marker }).toEqual({ IsTruncated: false, Marker: undefined });
  });

  it('ListUsers knows PathPrefix', async () => {
    const users = [
      { name: 'a', path: '/people/' },
      { name: 'b', path: '/machines/' },
    ];
    const { iam } = await openSandbox({ seed: { ...smallAccount, users } });
    const { Users } = await iam.send(new ListUsersCommand({ PathPrefix: '/machines/' }));
    expect(Users?.map((user) => user.Arn)).toEqual(['arn:aws:iam::111122223333:user/machines/b']);
  });

  it('CreateUser answers with the user, and refuses a name that differs only in case', async () => {
    const { iam } = await openSandbox();
    const { User } = await iam.send(new CreateUserCommand({ UserName: 'Carl', Tags: [{ Key: 'team', Value: 'web' }] }));
    expect(User).toMatchObject({ UserName: 'Carl', CreateDate: smallNow, Tags: [{ Key: 'team', Value: 'web' }] });
    await expect(iam.send(new CreateUserCommand({ UserName: 'ALICE' }))).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
      message: 'User with name ALICE already exists.',
      $metadata: { httpStatusCode: 409 },
    });
  });

  it.each([
    ['a b', 'ValidationError'],
    ['x'.repeat(65), 'ValidationError'],
  ])('CreateUser refuses the name %j', async (UserName, name) => {
    const { iam } = await openSandbox();
    await expect(iam.send(new CreateUserCommand({ UserName }))).rejects.toMatchObject({ name });
  });

  it('CreateUser keeps the quota of users', async () => {
    const { iam } = await openSandbox({ seed: { ...smallAccount, quotas: { users: 2 } } });
    await expect(iam.send(new CreateUserCommand({ UserName: 'third' }))).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
  });

  it('GetUser gives the tags, and the caller when no one is named', async () => {
    const { as, sandbox } = await openSandbox();
    const { secret } = sandbox.account.accessKey(aliceKey);
    const { iam } = as({ accessKeyId: aliceKey, secretAccessKey: secret });
    const { User } = await iam.send(new GetUserCommand({}));
    expect(User).toMatchObject({
      UserName: 'alice',
      Tags: [
        { Key: 'owner', Value: 'alice@example.com' },
        { Key: 'team', Value: 'web' },
      ],
    });
  });

  it('asks a session of a role for the name', async () => {
    const { iam } = await openSandbox();
    await expect(iam.send(new GetUserCommand({}))).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Must specify userName when calling with non-User credentials',
    });
  });

  it('NoSuchEntity 404 for a user that is not there', async () => {
    const { iam } = await openSandbox();
    await expect(iam.send(new GetUserCommand({ UserName: 'absent' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The user with name absent cannot be found.',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('GetLoginProfile shows whether there is a password', async () => {
    const { iam } = await openSandbox();
    const { LoginProfile } = await iam.send(new GetLoginProfileCommand({ UserName: 'bob' }));
    expect(LoginProfile).toMatchObject({ UserName: 'bob', CreateDate: new Date('2026-01-01T00:00:00Z') });
    await expect(iam.send(new GetLoginProfileCommand({ UserName: 'alice' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  it('TagUser adds and replaces tags', async () => {
    const { iam } = await openSandbox();
    const odd = { Key: 'note', Value: `a & b <c> "d" 'e' ü` };
    await iam.send(new TagUserCommand({ UserName: 'alice', Tags: [{ Key: 'team', Value: 'data' }, odd] }));
    const { Tags } = await iam.send(new ListUserTagsCommand({ UserName: 'alice' }));
    expect(Tags).toEqual([odd, { Key: 'owner', Value: 'alice@example.com' }, { Key: 'team', Value: 'data' }]);
  });
});

describe('the account', () => {
  it('has an alias or none', async () => {
    const named = await openSandbox();
    expect((await named.iam.send(new ListAccountAliasesCommand({}))).AccountAliases).toEqual(['small']);
    const unnamed = await openSandbox({ seed: { id: '111122223333', users: [] } });
    expect((await unnamed.iam.send(new ListAccountAliasesCommand({}))).AccountAliases).toEqual([]);
  });

  it('is summed up by GetAccountSummary', async () => {
    const root = { accessKeys: [{ createdAt: '2026-01-01T00:00:00Z' }] };
    const { iam } = await openSandbox({ seed: { ...smallAccount, root } });
    const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}));
    expect(SummaryMap).toMatchObject({
      Users: 2,
      AccountMFAEnabled: 0,
      AccountAccessKeysPresent: 1,
      AccountPasswordPresent: 1,
    });
  });

  it('GetAccountAuthorizationDetails holds tags, groups, policies and documents', async () => {
    const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
    const boundary = 'arn:aws:iam::111122223333:policy/limits';
    const user = {
      name: 'dora',
      tags: { kind: 'machine' },
      groups: ['ops'],
      attachedPolicies: ['AWSCompromisedKeyQuarantineV3', boundary],
      policies: { inline: document },
      permissionsBoundary: boundary,
    };
    const { iam } = await openSandbox({ seed: { ...smallAccount, users: [user] } });
    const { UserDetailList } = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['User'] }));
    const [detail] = UserDetailList ?? [];
    expect(detail).toMatchObject({
      UserName: 'dora',
      GroupList: ['ops'],
      Tags: [{ Key: 'kind', Value: 'machine' }],
      PermissionsBoundary: { PermissionsBoundaryArn: boundary },
      AttachedManagedPolicies: [
        {
          PolicyName: 'AWSCompromisedKeyQuarantineV3',
          PolicyArn: 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3',
        },
        { PolicyName: 'limits', PolicyArn: boundary },
      ],
    });
    expect(JSON.parse(decodeURIComponent(detail?.UserPolicyList?.[0]?.PolicyDocument ?? ''))).toEqual(document);
  });

  it('GetAccountAuthorizationDetails gives groups, roles and policies too when not filtered', async () => {
    const seed = {
      ...smallAccount,
      groups: [{ name: 'ops', attachedPolicies: ['ReadOnlyAccess'] }],
      roles: [{ name: 'Auditor', trust: { externalId: 'secret-word' } }],
      policies: [{ name: 'limits', document: { Version: '2012-10-17' } }],
    };
    const { iam } = await openSandbox({ seed });
    const details = await iam.send(new GetAccountAuthorizationDetailsCommand({}));
    expect(details.GroupDetailList?.map((group) => group.GroupName)).toEqual(['ops']);
    expect(decodeURIComponent(details.RoleDetailList?.[0]?.AssumeRolePolicyDocument ?? '')).toContain(
      '"sts:ExternalId":"secret-word"',
    );
    expect(details.Policies?.map((policy) => policy.Arn)).toEqual(['arn:aws:iam::111122223333:policy/limits']);
  });
});
