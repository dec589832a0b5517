import { GetAccountSummaryCommand, ListAccountAliasesCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetAccessKeyInfoCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { createIamCredentialSource } from '../../../aws/iam-credential-source.ts';
import { refusalOf } from '../answers.ts';
import type { ScenarioGroup } from '../scenario.ts';
import type { World } from '../world.ts';
import { createKey } from './new-key.ts';

export const accountScenarios: ScenarioGroup = {
  title: 'the account and its callers',
  scenarios: [
    {
      name: 'ListAccountAliases gives the alias',
      run: async ({ iam }) => {
        expect((await iam.send(new ListAccountAliasesCommand({}))).AccountAliases).toEqual(['contract']);
      },
    },
    {
      name: 'the account is known by number, partition and alias',
      run: async ({ source, account }) => {
        expect(await source.account()).toEqual({ id: account.id, partition: 'aws', alias: account.alias });
      },
    },
    {
      name: 'GetAccountSummary counts the users, the root credentials and the quotas',
      run: async ({ iam, account }) => {
        const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}));
        expect(SummaryMap).toMatchObject({
          Users: account.users.length,
          UsersQuota: 5_000,
          AccessKeysPerUserQuota: 2,
          MFADevicesInUse: 1,
          AccountAccessKeysPresent: 0,
          AccountMFAEnabled: 0,
          AccountSigningCertificatesPresent: 0,
        });
      },
    },
    {
      name: 'GetAccountSummary says whether root has a password (AccountPasswordPresent)',
      run: async ({ iam }) => {
        const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}));
        expect(SummaryMap).toHaveProperty('AccountPasswordPresent', 1);
      },
      except: {
        moto: {
          does: 'leaves it out',
          proof: async ({ iam }) => {
            const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}));
            expect(SummaryMap).not.toHaveProperty('AccountPasswordPresent');
          },
        },
      },
    },
    {
      name: 'GetCallerIdentity names the user of an access key',
      run: async (world) => {
        const { sts } = world.as(await createKey(world, 'no-keys'));
        expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
          Account: world.account.id,
          Arn: `arn:aws:iam::${world.account.id}:user/no-keys`,
          UserId: expect.stringMatching(/^\w+$/),
        });
      },
    },
    {
      name: 'GetAccessKeyInfo gives the account of a key',
      run: async ({ sts, keyId, account }) => {
        const { Account } = await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId: keyId('stale') }));
        expect(Account).toBe(account.id);
      },
    },
    {
      name: 'AssumeRole gives temporary credentials that sign as the session of the role',
      run: async (world) => {
        const { Credentials, AssumedRoleUser } = await assumeAuditor(world, 'contract-1');
        const arn = `arn:aws:sts::${world.account.id}:assumed-role/Auditor/contract`;
        expect(AssumedRoleUser).toMatchObject({ Arn: arn, AssumedRoleId: expect.stringMatching(/:contract$/) });
        expect(Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
        const hourAhead = Date.now() + 3_600_000;
        expect(Math.abs(Number(Credentials?.Expiration) - hourAhead)).toBeLessThan(60_000);
        const { sts } = world.as({
          accessKeyId: Credentials?.AccessKeyId ?? '',
          secretAccessKey: Credentials?.SecretAccessKey ?? '',
          sessionToken: Credentials?.SessionToken ?? '',
        });
        expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: arn, Account: world.account.id });
      },
    },
    {
      name: 'a session that assumes a role reads as that role',
      run: async ({ connect, account }) => {
        const session = connect({
          roleArn: `arn:aws:iam::${account.id}:role/Auditor`,
          externalId: 'contract-1',
          roleSessionName: 'keysweep-contract',
        });
        const source = createIamCredentialSource(session);
        expect(await source.account()).toMatchObject({ id: account.id });
        expect(await source.credentials('access-key', 'stale')).toMatchObject({ ok: true });
        expect(source.requests()).toMatchObject({ 'sts:AssumeRole': 1 });
      },
    },
    {
      name: 'AssumeRole with the wrong external id, or of a role that does not exist, is AccessDenied, HTTP 403',
      run: async (world) => {
        for (const attempt of [assumeAuditor(world, 'wrong'), assumeAuditor(world, 'contract-1', 'No one')]) {
          expect(await refusalOf(attempt)).toMatchObject({
            name: expect.stringMatching(/^AccessDenied/),
            status: 403,
          });
        }
      },
      except: {
        moto: {
          does: 'lets anyone assume any role',
          proof: async (world) => {
            await expect(assumeAuditor(world, 'wrong')).resolves.toHaveProperty('Credentials');
            await expect(assumeAuditor(world, 'contract-1', 'No one')).resolves.toHaveProperty('Credentials');
          },
        },
      },
    },
  ],
};

function assumeAuditor({ sts, account }: World, ExternalId: string, role = 'Auditor') {
  return sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${account.id}:role/${role}`,
      RoleSessionName: 'contract',
      ExternalId,
    }),
  );
}
