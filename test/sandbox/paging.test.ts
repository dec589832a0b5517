import {
  GetAccountAuthorizationDetailsCommand,
  ListAccessKeysCommand,
  ListUsersCommand,
  paginateListUsers,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { seedAccount } from '../../sandbox/index.ts';
import { openSandbox } from '../support/sandbox-clients.ts';

const names = Array.from({ length: 250 }, (_, index) => `user-${String(index + 1).padStart(3, '0')}`);

describe('paging', () => {
  it('gives 100 items unless asked for another number, and says that there are more', async () => {
    const { iam } = await openSandbox({ seed: seedAccount({ users: 250 }) });
    const first = await iam.send(new ListUsersCommand({}));
    expect(first.Users).toHaveLength(100);
    expect(first.IsTruncated).toBe(true);
    const last = await iam.send(new ListUsersCommand({ Marker: first.Marker, MaxItems: 1000 }));
    expect(last.Users?.map((user) => user.UserName)).toEqual(names.slice(100));
    expect(last).toMatchObject({ IsTruncated: false });
    expect(last.Marker).toBeUndefined();
  });

  it.each([1, 99, 125, 250, 1000])('gives every user once by pages of %i', async (pageSize) => {
    const { iam } = await openSandbox({ seed: seedAccount({ users: 250 }) });
    const found: (string | undefined)[] = [];
    for await (const page of paginateListUsers({ client: iam, pageSize }, {})) {
      found.push(...(page.Users ?? []).map((user) => user.UserName));
    }
    expect(found).toEqual(names);
  });

  it('returns smaller pages than asked for, when set to', async () => {
    const { iam, sandbox } = await openSandbox({ seed: seedAccount({ users: 10 }), paging: { maxPageSize: 1 } });
    const [user] = sandbox.account.users();
    const first = await iam.send(new ListAccessKeysCommand({ UserName: user?.name }));
    expect(first).toMatchObject({ IsTruncated: true, AccessKeyMetadata: [{ UserName: user?.name }] });
    const second = await iam.send(new ListAccessKeysCommand({ UserName: user?.name, Marker: first.Marker }));
    expect(second.IsTruncated).toBe(false);
    expect(second.AccessKeyMetadata).toHaveLength(1);
  });

  it('neither skips nor repeats when users go in between', async () => {
    const { iam, sandbox } = await openSandbox({ seed: seedAccount({ users: 9 }) });
    const first = await iam.send(new ListUsersCommand({ MaxItems: 3 }));
    sandbox.account.deleteUser('user-2');
    sandbox.account.deleteUser('user-3');
    const second = await iam.send(new ListUsersCommand({ MaxItems: 3, Marker: first.Marker }));
    expect(second.Users?.map((user) => user.UserName)).toEqual(['user-4', 'user-5', 'user-6']);
  });

  it('pages through users, groups and roles as one list', async () => {
    const seed = {
      ...seedAccount({ users: 3 }),
      groups: [{ name: 'ops' }],
      roles: [{ name: 'Auditor', trust: {} }],
    };
    const { iam } = await openSandbox({ seed });
    const first = await iam.send(new GetAccountAuthorizationDetailsCommand({ MaxItems: 4 }));
    expect([first.UserDetailList?.length, first.GroupDetailList?.length, first.RoleDetailList?.length]).toEqual([
      3, 1, 0,
    ]);
    const second = await iam.send(new GetAccountAuthorizationDetailsCommand({ Marker: first.Marker }));
    expect([second.UserDetailList?.length, second.RoleDetailList?.length]).toEqual([0, 1]);
  });

  it.each([
    ['MaxItems 0', { MaxItems: 0 }],
    ['MaxItems 1001', { MaxItems: 1001 }],
    ['a marker of another action', { Marker: Buffer.from('["ListAccessKeys","x"]').toString('base64url') }],
    ['a marker that is none', { Marker: 'nonsense' }],
  ])('refuses %s', async (_case, input) => {
    const { iam } = await openSandbox();
    await expect(iam.send(new ListUsersCommand(input))).rejects.toMatchObject({ name: 'ValidationError' });
  });
});
