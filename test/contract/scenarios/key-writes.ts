import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  ListAccessKeysCommand,
  type StatusType,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { refusalOf } from '../answers.ts';
import type { ScenarioGroup } from '../scenario.ts';
import type { World } from '../world.ts';
import { createKey } from './new-key.ts';

const noSuchKey = 'AKIARTX3GSDSZZZZZZZZ';
const noSuchEntity = { name: 'NoSuchEntityException', status: 404 };

export const keyWriteScenarios: ScenarioGroup = {
  title: 'changing access keys',
  scenarios: [
    {
      name: 'UpdateAccessKey deactivates and reactivates, and does not change the creation time',
      run: async (world) => {
        const [before] = await list(world, 'stale');
        await setStatus(world, 'stale', world.keyId('stale'), 'Inactive');
        expect(await list(world, 'stale')).toEqual([{ ...before, Status: 'Inactive' }]);
        await setStatus(world, 'stale', world.keyId('stale'), 'Active');
        expect(await list(world, 'stale')).toEqual([before]);
      },
    },
    {
      name: 'UpdateAccessKey does not change the last use',
      run: async (world) => {
        const before = await world.source.lastUse('stale', { kind: 'access-key', id: world.keyId('stale') });
        await setStatus(world, 'stale', world.keyId('stale'), 'Inactive');
        expect(await world.source.lastUse('stale', { kind: 'access-key', id: world.keyId('stale') })).toEqual(before);
        expect(before).toMatchObject({ ok: true, value: { kind: 'used' } });
      },
    },
    {
      name: 'UpdateAccessKey to the current status of a key is not an error',
      run: async (world) => {
        await setStatus(world, 'just-deactivated', world.keyId('just-deactivated'), 'Inactive');
        expect(await list(world, 'just-deactivated')).toMatchObject([{ Status: 'Inactive' }]);
      },
    },
    {
      name: 'UpdateAccessKey changes one key of two',
      run: async (world) => {
        await setStatus(world, 'twins', world.keyId('twins', 0), 'Inactive');
        const statuses = (await list(world, 'twins')).map(({ AccessKeyId, Status }) => [AccessKeyId, Status]);
        expect(Object.fromEntries(statuses)).toEqual({
          [world.keyId('twins', 0)]: 'Inactive',
          [world.keyId('twins', 1)]: 'Active',
        });
      },
    },
    {
      name: 'UpdateAccessKey of a key that does not exist is NoSuchEntity, HTTP 404',
      run: async (world) => {
        expect(await refusalOf(setStatus(world, 'stale', noSuchKey, 'Inactive'))).toMatchObject(noSuchEntity);
      },
    },
    {
      name: 'UpdateAccessKey under the wrong user name is NoSuchEntity, and changes nothing',
      run: async (world) => {
        for (const userName of ['twins', 'absent']) {
          const refused = await refusalOf(setStatus(world, userName, world.keyId('stale'), 'Inactive'));
          expect(refused).toMatchObject(noSuchEntity);
        }
        expect(await list(world, 'stale')).toMatchObject([{ Status: 'Active' }]);
      },
    },
    {
      name: 'DeleteAccessKey removes one key of two, and it cannot be deleted twice (NoSuchEntity, HTTP 404)',
      run: async (world) => {
        await remove(world, 'twins', world.keyId('twins', 0));
        expect(await list(world, 'twins')).toMatchObject([{ AccessKeyId: world.keyId('twins', 1) }]);
        expect(await refusalOf(remove(world, 'twins', world.keyId('twins', 0)))).toMatchObject(noSuchEntity);
      },
    },
    {
      name: 'DeleteAccessKey needs no deactivation first',
      run: async (world) => {
        await remove(world, 'stale', world.keyId('stale'));
        expect(await list(world, 'stale')).toEqual([]);
      },
    },
    {
      name: 'DeleteAccessKey under the wrong user name is NoSuchEntity, and deletes nothing',
      run: async (world) => {
        for (const userName of ['twins', 'absent']) {
          expect(await refusalOf(remove(world, userName, world.keyId('stale')))).toMatchObject(noSuchEntity);
        }
        expect(await list(world, 'stale')).toHaveLength(1);
      },
    },
    {
      name: 'the last use of a deleted key cannot be read',
      run: async (world) => {
        await remove(world, 'stale', world.keyId('stale'));
        expect(await world.source.lastUse('stale', { kind: 'access-key', id: world.keyId('stale') })).toMatchObject({
          ok: false,
        });
      },
    },
    {
      name: 'a new key is active, never used, and takes the place of a deleted one',
      run: async (world) => {
        await remove(world, 'twins', world.keyId('twins', 0));
        const { accessKeyId } = await createKey(world, 'twins');
        expect(await list(world, 'twins')).toContainEqual(
          expect.objectContaining({ AccessKeyId: accessKeyId, Status: 'Active' }),
        );
        expect(await world.source.lastUse('twins', { kind: 'access-key', id: accessKeyId })).toEqual({
          ok: true,
          value: { kind: 'never' },
        });
      },
    },
    {
      name: 'a third key of a user is LimitExceeded, HTTP 409, inactive ones counted',
      run: async ({ iam }) => {
        const third = iam.send(new CreateAccessKeyCommand({ UserName: 'older-key-second' }));
        expect(await refusalOf(third)).toMatchObject({ name: 'LimitExceededException', status: 409 });
      },
    },
    {
      name: 'an inactive key is refused: InvalidClientTokenId, HTTP 403; a reactivated one works',
      run: async (world) => {
        const key = await createKey(world, 'no-keys');
        await setStatus(world, 'no-keys', key.accessKeyId, 'Inactive');
        expect(await refusalOf(whoIs(world, key))).toMatchObject({ name: 'InvalidClientTokenId', status: 403 });
        await setStatus(world, 'no-keys', key.accessKeyId, 'Active');
        expect(await whoIs(world, key)).toMatch(/:user\/no-keys$/);
      },
      except: {
        moto: {
          does: 'accepts it',
          proof: async (world) => {
            const key = await createKey(world, 'no-keys');
            await setStatus(world, 'no-keys', key.accessKeyId, 'Inactive');
            expect(await whoIs(world, key)).toMatch(/:user\/no-keys$/);
          },
        },
      },
    },
  ],
};

async function list({ iam }: World, UserName: string) {
  return (await iam.send(new ListAccessKeysCommand({ UserName }))).AccessKeyMetadata ?? [];
}

function setStatus({ iam }: World, UserName: string, AccessKeyId: string, Status: StatusType) {
  return iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status }));
}

function remove({ iam }: World, UserName: string, AccessKeyId: string) {
  return iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
}

async function whoIs(world: World, key: Parameters<World['as']>[0]): Promise<string | undefined> {
  return (await world.as(key).sts.send(new GetCallerIdentityCommand({}))).Arn;
}
