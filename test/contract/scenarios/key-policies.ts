import { CreateKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { getKeyPolicy } from '../../../aws/key-policy.ts';
import { judgeKeyPolicy, type KeyVerdict } from '../../../core/key-policy/judge.ts';
import { type KeyOfDeployment, keyUses } from '../../../core/key-policy/uses.ts';
import { refusalOf } from '../answers.ts';
import type { ScenarioGroup } from '../scenario.ts';
import type { World } from '../world.ts';

export const keyPolicyScenarios: ScenarioGroup = {
  title: 'policies of KMS keys',
  scenarios: [
    {
      name: 'a key has the policy that it was created with',
      run: async (world) => {
        const Statement = keyUses(keyOf(world, 'arn:aws:kms:us-east-1:111122223333:key/any')).map(
          ({ statement }) => statement,
        );
        const policy = { Version: '2012-10-17', Statement };
        const arn = await createKey(world, JSON.stringify(policy));
        expect(await policyOf(world, arn)).toEqual(policy);
        expect(await verdicts(world, arn)).toEqual({
          roles: 'allowed',
          alarms: 'allowed',
          handover: 'allowed',
          logs: 'allowed',
        });
      },
    },
    {
      name: 'without one it has that of KMS: the policies of the account decide, and services may not use it',
      run: async (world) => {
        const arn = await createKey(world);
        expect(await policyOf(world, arn)).toMatchObject({
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${world.account.id}:root` },
              Action: 'kms:*',
              Resource: '*',
            },
          ],
        });
        expect(await verdicts(world, arn)).toEqual({
          roles: 'allowed',
          alarms: 'missing',
          handover: 'missing',
          logs: 'missing',
        });
      },
    },
    {
      name: 'GetKeyPolicy takes the id of a key for its ARN',
      run: async (world) => {
        const arn = await createKey(world);
        const request = new GetKeyPolicyCommand({ KeyId: arn.split('/')[1], PolicyName: 'default' });
        expect(JSON.parse((await client(world).send(request)).Policy ?? '')).toEqual(await policyOf(world, arn));
      },
    },
    {
      name: 'GetKeyPolicy names the policy that it gives',
      run: async (world) => {
        const request = new GetKeyPolicyCommand({ KeyId: await createKey(world), PolicyName: 'default' });
        expect(await client(world).send(request)).toMatchObject({ PolicyName: 'default' });
      },
      except: {
        moto: {
          does: 'leaves the name out',
          proof: async (world) => {
            const request = new GetKeyPolicyCommand({ KeyId: await createKey(world), PolicyName: 'default' });
            expect(await client(world).send(request)).not.toHaveProperty('PolicyName');
          },
        },
      },
    },
    {
      name: 'a policy of another name, and the policy of a key that does not exist, are NotFoundException, HTTP 400',
      run: async (world) => {
        const arn = await createKey(world);
        const absent = `${arn.split('/')[0]}/00000000-0000-4000-8000-000000000000`;
        for (const input of [
          { KeyId: arn, PolicyName: 'other' },
          { KeyId: absent, PolicyName: 'default' },
        ]) {
          const refusal = await refusalOf(client(world).send(new GetKeyPolicyCommand(input)));
          expect(refusal).toMatchObject({ name: 'NotFoundException', status: 400 });
        }
        expect(await getKeyPolicy(world.session, absent)).toMatchObject({ ok: false, problem: { code: 'not-found' } });
      },
    },
  ],
};

function client({ session }: World): KMSClient {
  return session.client('kms', KMSClient, { maxAttempts: 1 });
}

async function createKey(world: World, Policy?: string): Promise<string> {
  const { KeyMetadata } = await client(world).send(new CreateKeyCommand({ Policy }));
  expect(KeyMetadata?.Arn).toBe(`arn:aws:kms:us-east-1:${world.account.id}:key/${KeyMetadata?.KeyId}`);
  return KeyMetadata?.Arn ?? '';
}

/** As the product reads it. */
async function policyOf({ session }: World, arn: string): Promise<unknown> {
  const read = await getKeyPolicy(session, arn);
  return read.ok ? JSON.parse(read.value) : read.problem;
}

function keyOf({ account }: World, keyArn: string): KeyOfDeployment {
  return { keyArn, account: account.id, forwarder: false };
}

async function verdicts(world: World, arn: string): Promise<Readonly<Record<string, KeyVerdict>>> {
  const judged = judgeKeyPolicy(JSON.stringify(await policyOf(world, arn)), keyOf(world, arn));
  return Object.fromEntries(judged.map(({ use, verdict }) => [use, verdict]));
}
