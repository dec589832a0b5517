import {
  GetAccessKeyLastUsedCommand,
  type GetAccessKeyLastUsedResponse,
  ListAccessKeysCommand,
  type ListAccessKeysResponse,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { refusalOf } from '../answers.ts';
import type { ScenarioGroup } from '../scenario.ts';
import type { World } from '../world.ts';
import { createKey } from './new-key.ts';

const noSuchKey = 'AKIARTX3GSDSZZZZZZZZ';

export const keyReadScenarios: ScenarioGroup = {
  title: 'reading access keys',
  scenarios: [
    {
      name: 'ListAccessKeys gives id, status, creation in whole seconds and user',
      run: async ({ iam, keyId, account }) => {
        const { AccessKeyMetadata, IsTruncated } = await iam.send(
          new ListAccessKeysCommand({ UserName: 'just-deactivated' }),
        );
        const created = account.users.find(({ name }) => name === 'just-deactivated')?.accessKeys?.[0]?.createdAt ?? '';
        expect(AccessKeyMetadata).toEqual([
          {
            UserName: 'just-deactivated',
            AccessKeyId: keyId('just-deactivated'),
            Status: 'Inactive',
            CreateDate: new Date(created),
          },
        ]);
        expect(IsTruncated ?? false).toBe(false);
      },
    },
    {
      name: 'both keys of a user created in the same second are listed',
      run: async ({ source, keyId }) => {
        const read = await source.credentials('access-key', 'twins');
        const keys = read.ok ? read.value : [];
        expect(keys.map(({ ref }) => ref.id).sort()).toEqual([keyId('twins', 0), keyId('twins', 1)].sort());
        expect(keys[0]?.createdAt).toEqual(keys[1]?.createdAt);
      },
    },
    {
      name: 'a user without keys has an empty list',
      run: async ({ source }) => {
        expect(await source.credentials('access-key', 'no-keys')).toEqual({ ok: true, value: [] });
      },
    },
    {
      name: 'a user name with +, = and @ arrives unchanged',
      run: async ({ source, keyId }) => {
        const name = 'ci+build=prod@example.com';
        expect(await source.credentials('access-key', name)).toMatchObject({
          ok: true,
          value: [{ ref: { id: keyId(name) } }],
        });
      },
    },
    {
      name: 'the keys of a user who does not exist are NoSuchEntity, HTTP 404',
      run: async ({ iam, source }) => {
        expect(await refusalOf(iam.send(new ListAccessKeysCommand({ UserName: 'absent' })))).toMatchObject({
          name: 'NoSuchEntityException',
          status: 404,
        });
        expect(await source.credentials('access-key', 'absent')).toMatchObject({
          ok: false,
          problem: { code: 'not-found' },
        });
      },
    },
    {
      name: 'ListAccessKeys pages by MaxItems and Marker',
      run: async (world) => {
        const first = await listTwins(world);
        expect(first).toMatchObject({ IsTruncated: true, Marker: expect.any(String) });
        const second = await listTwins(world, first.Marker);
        expect(second.IsTruncated ?? false).toBe(false);
        const ids = [first, second].map(({ AccessKeyMetadata = [] }) =>
          AccessKeyMetadata.map((key) => key.AccessKeyId),
        );
        expect(ids.map(({ length }) => length)).toEqual([1, 1]);
        expect(ids.flat().sort()).toEqual([world.keyId('twins', 0), world.keyId('twins', 1)].sort());
      },
      except: {
        moto: {
          does: 'ignores MaxItems',
          proof: async (world) => expect((await listTwins(world)).AccessKeyMetadata).toHaveLength(2),
        },
      },
    },
    {
      name: 'GetAccessKeyLastUsed gives user, time, service and region',
      run: async (world) => {
        const at = world.account.users.find(({ name }) => name === 'stale')?.accessKeys?.[0]?.lastUsed?.at ?? '';
        expect(await lastUsed(world, world.keyId('stale'))).toMatchObject({
          UserName: 'stale',
          AccessKeyLastUsed: { LastUsedDate: new Date(at), ServiceName: 'ec2', Region: 'eu-west-1' },
        });
        expect(await world.source.lastUse('stale', { kind: 'access-key', id: world.keyId('stale') })).toEqual({
          ok: true,
          value: { kind: 'used', at: new Date(at), service: 'ec2', region: 'eu-west-1' },
        });
      },
    },
    {
      name: 'GetAccessKeyLastUsed gives no date and N/A for a key that was never used',
      run: async (world) => {
        const { UserName, AccessKeyLastUsed } = await lastUsed(world, world.keyId('never-used'));
        expect({ UserName, ...AccessKeyLastUsed }).toEqual({
          UserName: 'never-used',
          ServiceName: 'N/A',
          Region: 'N/A',
        });
        expect(await world.source.lastUse('never-used', { kind: 'access-key', id: world.keyId('never-used') })).toEqual(
          {
            ok: true,
            value: { kind: 'never' },
          },
        );
      },
    },
    {
      name: 'GetAccessKeyLastUsed of a key that does not exist is AccessDenied, HTTP 403',
      run: async (world) => {
        expect(await refusalOf(lastUsed(world, noSuchKey))).toMatchObject({
          name: expect.stringMatching(/^AccessDenied/),
          status: 403,
        });
      },
      except: {
        moto: {
          does: 'answers NoSuchEntity, HTTP 404',
          proof: async (world) => {
            expect(await refusalOf(lastUsed(world, noSuchKey))).toMatchObject({
              name: 'NoSuchEntityException',
              status: 404,
            });
          },
        },
      },
    },
    {
      name: 'a key that does not exist, or is of another user, is never taken for unused',
      run: async ({ source, keyId }) => {
        expect(await source.lastUse('never-used', { kind: 'access-key', id: noSuchKey })).toMatchObject({ ok: false });
        expect(await source.lastUse('no-keys', { kind: 'access-key', id: keyId('never-used') })).toMatchObject({
          ok: false,
        });
      },
    },
    {
      name: 'a use some seconds ago does not show yet',
      run: async (world) => expect(await useAtOnce(world)).toBeUndefined(),
      except: {
        moto: {
          does: 'shows it at once',
          proof: async (world) => expect(await useAtOnce(world)).toBeInstanceOf(Date),
        },
      },
    },
  ],
};

function listTwins({ iam }: World, Marker?: string): Promise<ListAccessKeysResponse> {
  return iam.send(
    new ListAccessKeysCommand({ UserName: 'twins', MaxItems: 1, ...(Marker !== undefined && { Marker }) }),
  );
}

function lastUsed({ iam }: World, AccessKeyId: string): Promise<GetAccessKeyLastUsedResponse> {
  return iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
}

/** The last use of a key that has just signed a request. */
async function useAtOnce(world: World): Promise<Date | undefined> {
  const key = await createKey(world, 'no-keys');
  await world.as(key).sts.send(new GetCallerIdentityCommand({}));
  return (await lastUsed(world, key.accessKeyId)).AccessKeyLastUsed?.LastUsedDate;
}
