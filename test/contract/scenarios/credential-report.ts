import {
  DeleteAccessKeyCommand,
  GenerateCredentialReportCommand,
  GetCredentialReportCommand,
  type IAMClient,
  ListAccessKeysCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import type { CredentialSource } from '../../../core/ports.ts';
import { parseReport } from '../../../core/report/parse.ts';
import type { CredentialReport, ReportedAccessKey, ReportRow } from '../../../core/report/types.ts';
import type { ContractAccount, ContractUser } from '../account.ts';
import { refusalOf } from '../answers.ts';
import type { ScenarioGroup } from '../scenario.ts';
import type { World } from '../world.ts';

const columns =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,' +
  'mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,' +
  'access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,' +
  'access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,' +
  'cert_2_last_rotated';

const notApplicable = { known: false, marker: 'N/A' } as const;
const value = <T>(of: T) => ({ known: true, value: of }) as const;
const time = (text: string) => value(new Date(text));

export const credentialReportScenarios: ScenarioGroup = {
  title: 'the credential report',
  scenarios: [
    {
      name: 'does not exist before someone generates it: ReportNotPresent, HTTP 410',
      run: async ({ iam }) => {
        expect(await refusalOf(iam.send(new GetCredentialReportCommand({})))).toMatchObject({
          name: 'CredentialReportNotPresentException',
          status: 410,
        });
      },
    },
    {
      name: 'is STARTED by the first request and COMPLETE later',
      run: async ({ iam }) => {
        expect((await generate(iam)).State).toBe('STARTED');
        let state: string | undefined;
        for (let polls = 0; polls < 5 && state !== 'COMPLETE'; polls++) state = (await generate(iam)).State;
        expect(state).toBe('COMPLETE');
      },
    },
    {
      name: 'is not available while it is being generated: ReportInProgress, HTTP 404',
      run: async ({ iam }) => {
        await generate(iam);
        expect(await refusalOf(iam.send(new GetCredentialReportCommand({})))).toMatchObject({
          name: 'CredentialReportNotReadyException',
          status: 404,
        });
      },
      except: {
        moto: {
          does: 'returns it at once',
          proof: async ({ iam }) => {
            await generate(iam);
            await expect(iam.send(new GetCredentialReportCommand({}))).resolves.toMatchObject({
              ReportFormat: 'text/csv',
            });
          },
        },
      },
    },
    {
      name: 'is CSV text with 22 columns',
      run: async ({ source }) => {
        const { content } = await source.credentialReport();
        expect(new TextDecoder().decode(content).split('\n')[0]).toBe(columns);
      },
    },
    {
      name: 'says when it was generated',
      run: async ({ source, now }) => {
        const { generatedAt } = await source.credentialReport();
        expect(Math.abs(now().getTime() - Number(generatedAt))).toBeLessThan(60_000);
      },
      except: {
        moto: {
          does: 'dates every report 2015-02-02',
          proof: async ({ source }) => {
            expect((await source.credentialReport()).generatedAt).toEqual(new Date('2015-02-02T20:02:02Z'));
          },
        },
      },
    },
    {
      name: 'has the root user in its first row',
      run: async ({ source, account }) => {
        expect((await readReport(source)).root).toMatchObject({
          line: 2,
          user: '<root_account>',
          arn: `arn:aws:iam::${account.id}:root`,
        });
      },
      except: {
        moto: {
          does: 'has no row for it',
          proof: async ({ source }) => expect((await readReport(source)).root).toBeUndefined(),
        },
      },
    },
    {
      name: 'has one row for each user, with ARN, path and creation time',
      run: async ({ source, account }) => {
        const { users } = await readReport(source);
        expect(users.map(({ user, arn, createdAt }) => ({ user, arn, createdAt }))).toEqual(
          account.users.map(({ name, path = '/', createdAt }) => ({
            user: name,
            arn: `arn:aws:iam::${account.id}:user${path}${name}`,
            createdAt: time(createdAt),
          })),
        );
      },
    },
    {
      name: 'agrees with ListAccessKeys on status and creation, to the second',
      run: async ({ source, iam }) => {
        for (const row of (await readReport(source)).users) {
          const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: row.user }));
          const live = AccessKeyMetadata.map(({ Status, CreateDate }) => `${CreateDate?.toISOString()} ${Status}`);
          expect(keysOf(row).sort()).toEqual(live.sort());
        }
      },
    },
    {
      name: 'keeps creation and last use of an inactive key',
      run: async ({ source, account }) => {
        const [key] = rowOf(await readReport(source), 'just-deactivated').accessKeys;
        const [seeded] = userOf(account, 'just-deactivated').accessKeys ?? [];
        expect(key).toMatchObject({
          active: value(false),
          lastRotated: time(seeded?.createdAt ?? ''),
          lastUsed: time(seeded?.lastUsed?.at ?? ''),
        });
      },
    },
    {
      name: 'keeps a key in its slot, whichever is older',
      run: async ({ source, account }) => {
        const { accessKeys } = rowOf(await readReport(source), 'older-key-second');
        const seeded = userOf(account, 'older-key-second').accessKeys ?? [];
        expect(accessKeys.map(({ lastRotated }) => lastRotated)).toEqual(
          seeded.map(({ createdAt }) => time(createdAt)),
        );
      },
    },
    {
      name: 'says N/A for the last use of a key that was never used, and of a slot without a key',
      run: async ({ source }) => {
        const [first, second] = rowOf(await readReport(source), 'never-used').accessKeys;
        expect(first).toMatchObject({ active: value(true), lastUsed: notApplicable });
        expect(second).toMatchObject({ active: value(false), lastRotated: notApplicable, lastUsed: notApplicable });
      },
    },
    {
      name: 'names region and service of the last use, N/A where there was none',
      run: async ({ source }) => {
        const report = await readReport(source);
        expect(whereUsed(rowOf(report, 'stale').accessKeys[0])).toEqual([value('eu-west-1'), value('ec2')]);
        expect(whereUsed(rowOf(report, 'never-used').accessKeys[0])).toEqual([notApplicable, notApplicable]);
      },
      except: {
        moto: {
          does: 'says not_supported',
          proof: async ({ source }) => {
            const notSupported = { known: false, marker: 'not_supported' };
            const [key] = rowOf(await readReport(source), 'stale').accessKeys;
            expect(whereUsed(key)).toEqual([notSupported, notSupported]);
          },
        },
      },
    },
    {
      name: 'distinguishes a used password from one never used (no_information)',
      run: async ({ source, account }) => {
        const report = await readReport(source);
        expect(rowOf(report, 'alice')).toMatchObject({
          passwordEnabled: value(true),
          passwordLastUsed: time(userOf(account, 'alice').password?.lastUsed ?? ''),
          mfaActive: value(true),
        });
        expect(rowOf(report, 'bob')).toMatchObject({
          passwordEnabled: value(true),
          passwordLastUsed: { known: false, marker: 'no_information' },
          mfaActive: value(false),
        });
      },
    },
    {
      name: 'says N/A for the password of a user without one',
      run: async ({ source }) => {
        expect(rowOf(await readReport(source), 'stale')).toMatchObject({
          passwordEnabled: value(false),
          passwordLastUsed: notApplicable,
          passwordLastChanged: notApplicable,
          passwordNextRotation: notApplicable,
        });
      },
      except: {
        moto: {
          does: 'says not_supported, and the creation time of the user for the last change',
          proof: async ({ source }) => {
            const row = rowOf(await readReport(source), 'stale');
            expect(row).toMatchObject({
              passwordEnabled: value(false),
              passwordLastUsed: { known: false, marker: 'not_supported' },
              passwordLastChanged: row.createdAt,
            });
          },
        },
      },
    },
    {
      name: 'is kept for hours: a key deleted meanwhile is still in it',
      run: async (world) => {
        expect(rowOf(await reportAfterDeletion(world), 'stale').accessKeys[0].active).toEqual(value(true));
      },
      except: {
        moto: {
          does: 'makes it again for every request',
          proof: async (world) => {
            expect(rowOf(await reportAfterDeletion(world), 'stale').accessKeys[0].active).toEqual(value(false));
          },
        },
      },
    },
  ],
};

function generate(iam: IAMClient) {
  return iam.send(new GenerateCredentialReportCommand({}));
}

async function readReport(source: CredentialSource): Promise<CredentialReport> {
  return parseReport((await source.credentialReport()).content);
}

async function reportAfterDeletion({ source, iam, keyId }: World): Promise<CredentialReport> {
  await source.credentialReport();
  await iam.send(new DeleteAccessKeyCommand({ UserName: 'stale', AccessKeyId: keyId('stale') }));
  return readReport(source);
}

function rowOf({ users }: CredentialReport, name: string): ReportRow {
  const row = users.find(({ user }) => user === name);
  if (row === undefined) throw new Error(`the report has no row of ${name}`);
  return row;
}

function userOf({ users }: ContractAccount, name: string): ContractUser {
  const user = users.find((candidate) => candidate.name === name);
  if (user === undefined) throw new Error(`the account has no user ${name}`);
  return user;
}

function keysOf({ accessKeys }: ReportRow): string[] {
  return accessKeys.flatMap(({ active, lastRotated }) =>
    lastRotated.known
      ? [`${lastRotated.value.toISOString()} ${active.known && active.value ? 'Active' : 'Inactive'}`]
      : [],
  );
}

function whereUsed({ lastUsedRegion, lastUsedService }: ReportedAccessKey) {
  return [lastUsedRegion, lastUsedService];
}
