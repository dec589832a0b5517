import {
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsResponse,
  ListEntitiesForPolicyCommand,
  ListUsersCommand,
  type ListUsersResponse,
  ListUserTagsCommand,
  type UserDetail,
} from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import { readerPolicyArn } from '../account.ts';
import { refusalOf } from '../answers.ts';
import type { ScenarioGroup } from '../scenario.ts';
import type { World } from '../world.ts';

const absentPolicyArn = 'arn:aws:iam::aws:policy/NoSuchPolicy';
const aliceTags = { owner: 'alice@example.com', 'cost center': 'R&D / 42' };

export const userScenarios: ScenarioGroup = {
  title: 'users and their tags',
  scenarios: [
    {
      name: 'ListUserTags gives the tags of one user, markup and spaces included',
      run: async ({ source }) => {
        const tags = await source.userTags(['alice'], 1_001);
        expect(tags.get('alice')).toEqual({ ok: true, value: aliceTags });
        expect(source.requests()).toEqual({ 'iam:ListUserTags': 1 });
      },
    },
    {
      name: 'ListUserTags of a user who does not exist is NoSuchEntity, HTTP 404',
      run: async ({ iam, source }) => {
        expect(await refusalOf(iam.send(new ListUserTagsCommand({ UserName: 'absent' })))).toMatchObject({
          name: 'NoSuchEntityException',
          status: 404,
        });
        expect((await source.userTags(['absent'], 1_001)).get('absent')).toMatchObject({
          ok: false,
          problem: { code: 'not-found' },
        });
      },
    },
    {
      name: 'ListUserTags pages by MaxItems and Marker',
      run: async ({ iam }) => {
        const request = { UserName: 'alice', MaxItems: 1 };
        const first = await iam.send(new ListUserTagsCommand(request));
        expect(first).toMatchObject({ IsTruncated: true, Marker: expect.any(String) });
        const second = await iam.send(new ListUserTagsCommand({ ...request, Marker: String(first.Marker) }));
        expect([first, second].map(({ Tags = [] }) => Tags.length)).toEqual([1, 1]);
        const all = [first, second].flatMap(({ Tags = [] }) => Tags.map(({ Key, Value }) => [Key, Value]));
        expect(Object.fromEntries(all)).toEqual(aliceTags);
      },
      except: {
        moto: {
          does: 'ignores MaxItems',
          proof: async ({ iam }) => {
            const { Tags } = await iam.send(new ListUserTagsCommand({ UserName: 'alice', MaxItems: 1 }));
            expect(Tags).toHaveLength(2);
          },
        },
      },
    },
    {
      name: 'GetAccountAuthorizationDetails with Filter User gives all users with tags, groups and policies',
      run: async (world) => {
        const { UserDetailList = [], RoleDetailList = [], GroupDetailList = [], Policies = [] } = await details(world);
        expect(UserDetailList.map(({ UserName }) => UserName).sort()).toEqual(namesOf(world));
        expect([...RoleDetailList, ...GroupDetailList, ...Policies]).toEqual([]);
        expect(UserDetailList.find(({ UserName }) => UserName === 'alice')).toMatchObject({
          Arn: `arn:aws:iam::${world.account.id}:user/people/alice`,
          GroupList: ['engineers'],
          AttachedManagedPolicies: [{ PolicyName: 'ReportReader', PolicyArn: readerPolicyArn }],
          Tags: expect.arrayContaining(Object.entries(aliceTags).map(([Key, Value]) => ({ Key, Value }))),
        });
      },
    },
    {
      name: 'the managed policies of users and of their groups are read together, in one request',
      run: async ({ source }) => {
        const policies = await source.attachedPolicies(['alice', 'bob', 'absent']);
        expect(policies.ok && Object.fromEntries(policies.value)).toEqual({
          alice: { direct: [readerPolicyArn], viaGroups: [readerPolicyArn] },
          bob: { direct: [], viaGroups: [] },
        });
        expect(source.requests()).toEqual({ 'iam:GetAccountAuthorizationDetails': 1 });
      },
    },
    {
      name: 'ListEntitiesForPolicy with EntityFilter User gives the users with a policy of their own, not those of groups',
      run: async ({ iam, source }) => {
        const request = { PolicyArn: readerPolicyArn, EntityFilter: 'User' } as const;
        const answer = await iam.send(new ListEntitiesForPolicyCommand(request));
        expect(answer).toMatchObject({ PolicyUsers: [{ UserName: 'alice' }], PolicyRoles: [], IsTruncated: false });
        expect(answer.PolicyGroups ?? []).toEqual([]);
        const quarantined = await source.usersWithPolicy('AWSCompromisedKeyQuarantineV3');
        expect(quarantined).toEqual({ ok: true, value: [] });
      },
    },
    {
      name: 'ListEntitiesForPolicy of a policy that does not exist is NoSuchEntity, HTTP 404',
      run: async ({ iam }) => {
        const refusal = await refusalOf(iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: absentPolicyArn })));
        expect(refusal).toMatchObject({ name: 'NoSuchEntityException', status: 404 });
      },
      except: {
        moto: {
          does: 'answers with empty lists',
          proof: async ({ iam }) => {
            const answer = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: absentPolicyArn }));
            expect(answer).toMatchObject({ PolicyUsers: [], IsTruncated: false });
          },
        },
      },
    },
    {
      name: 'the tags of several users are read in bulk: a user without tags has none, an unknown one is not found',
      run: async ({ source, account }) => {
        const tags = await source.userTags(['alice', 'bob', 'absent'], account.users.length);
        expect(Object.fromEntries(tags)).toMatchObject({
          alice: { ok: true, value: aliceTags },
          bob: { ok: true, value: {} },
          absent: { ok: false, problem: { code: 'not-found' } },
        });
        expect(source.requests()).toHaveProperty('iam:GetAccountAuthorizationDetails', 1);
      },
    },
    {
      name: 'GetAccountAuthorizationDetails gives an empty list of tags for a user without tags',
      run: async (world) => expect((await detailsOf(world, 'bob'))?.Tags).toEqual([]),
      except: {
        moto: {
          does: 'leaves the list out, which costs a ListUserTags for the user',
          proof: async (world) => {
            expect((await detailsOf(world, 'bob'))?.Tags).toBeUndefined();
            await world.source.userTags(['alice', 'bob'], world.account.users.length);
            expect(world.source.requests()).toHaveProperty('iam:ListUserTags', 1);
          },
        },
      },
    },
    {
      name: 'GetAccountAuthorizationDetails pages by MaxItems and Marker',
      run: async (world) => {
        const names: (string | undefined)[] = [];
        let page: GetAccountAuthorizationDetailsResponse | undefined;
        for (let pages = 0; pages < 20 && page?.IsTruncated !== false; pages++) {
          page = await details(world, { MaxItems: 3, ...(page?.Marker && { Marker: page.Marker }) });
          expect(page.UserDetailList?.length).toBeLessThanOrEqual(3);
          names.push(...(page.UserDetailList ?? []).map(({ UserName }) => UserName));
        }
        expect(names.sort()).toEqual(namesOf(world));
      },
      except: {
        moto: {
          does: 'ignores MaxItems',
          proof: async (world) => {
            expect((await details(world, { MaxItems: 3 })).UserDetailList).toHaveLength(world.account.users.length);
          },
        },
      },
    },
    {
      name: 'ListUsers pages by MaxItems and Marker',
      run: async (world) => {
        const first = await listUsers(world, { MaxItems: 6 });
        expect(first).toMatchObject({ IsTruncated: true, Marker: expect.any(String) });
        const second = await listUsers(world, { MaxItems: 6, Marker: String(first.Marker) });
        const names = [first, second].flatMap(({ Users = [] }) => Users.map(({ UserName }) => UserName));
        expect(names.sort()).toEqual(namesOf(world));
      },
      except: {
        moto: {
          does: 'ignores MaxItems',
          proof: async (world) => {
            expect((await listUsers(world, { MaxItems: 6 })).Users).toHaveLength(world.account.users.length);
          },
        },
      },
    },
    {
      name: 'ListUsers gives path, ARN, creation and the last use of the password',
      run: async (world) => {
        const { Users = [] } = await listUsers(world, { PathPrefix: '/people/' });
        const alice = world.account.users.find(({ name }) => name === 'alice');
        expect(Users).toMatchObject([
          {
            UserName: 'alice',
            Path: '/people/',
            Arn: `arn:aws:iam::${world.account.id}:user/people/alice`,
            CreateDate: new Date(alice?.createdAt ?? ''),
            PasswordLastUsed: new Date(alice?.password?.lastUsed ?? ''),
          },
        ]);
      },
    },
  ],
};

function namesOf({ account }: World): string[] {
  return account.users.map(({ name }) => name).sort();
}

function details(
  { iam }: World,
  page: { MaxItems?: number; Marker?: string } = {},
): Promise<GetAccountAuthorizationDetailsResponse> {
  return iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['User'], ...page }));
}

async function detailsOf(world: World, name: string): Promise<UserDetail | undefined> {
  return (await details(world)).UserDetailList?.find(({ UserName }) => UserName === name);
}

function listUsers(
  { iam }: World,
  request: { MaxItems?: number; Marker?: string; PathPrefix?: string },
): Promise<ListUsersResponse> {
  return iam.send(new ListUsersCommand(request));
}
