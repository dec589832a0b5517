/**
 * What happens once, before the tests check it: an account with old keys, an installation without subscribers, confirmed
 * addresses and mode warn, the nights after that, an upgrade to mode enforce, the nights that deactivate and delete, and an
 * uninstallation. Every step uses what a person or AWS would use. What was seen after each of them is a moment.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';
import { ledgerTable } from '../../core/lifecycle/ledger-table.ts';
import { cdk, runProgram } from './cdk.ts';
import { confirmAddresses } from './confirm.ts';
import { type DeployedStack, type LedgerItem, readLedger, readStack } from './deployed-account.ts';
import { account, type Emulator, region } from './emulator/emulator.ts';
import {
  type Definitions,
  type Remains,
  readDefinitions,
  readRemains,
  readRolePolicies,
  stackName,
} from './installation.ts';
import { createWatch, type Moment, type Place, soon } from './watch.ts';

export const recipient = 'security@example.com';
export const restoredTable = 'keysweep-ledger-restored';

/** In the order in which they were. */
export interface Moments {
  /** In mode enforce, and no address confirmed. */
  readonly undelivered: Moment;
  /** Twenty days later, when a warning of that night would have passed. */
  readonly stillUndelivered: Moment;
  readonly firstNight: Moment;
  readonly sameNightAgain: Moment;
  readonly overdueInWarn: Moment;
  readonly finalNotice: Moment;
  readonly deactivated: Moment;
  /** The events of that night and of the first one sent again. */
  readonly replayed: Moment;
  readonly restored: Moment;
  readonly finalNoticeOfDeletion: Moment;
  readonly deleted: Moment;
  /** After a deployment that continues the ledger in a table that was restored from its backup. */
  readonly nightAfterRestore: Moment;
  /** A month after a deactivation that only the restored table knows. */
  readonly deletedByHistory: Moment;
  readonly poisoned: Moment;
  readonly alarmed: Moment;
}

export interface Scenario extends Moments {
  readonly moments: Moments;
  readonly keyIds: Readonly<Record<'deployer' | 'reporter' | 'newcomer' | 'breakGlass', string>>;
  readonly installed: DeployedStack;
  readonly upgraded: DeployedStack;
  /** With the restored ledger. */
  readonly continued: DeployedStack;
  /** The table that the stack had created, at the end. */
  readonly tableBefore: readonly LedgerItem[];
  readonly rotatorPolicies: { readonly warn: string; readonly enforce: string };
  /** What the CDK says of a deployment to a second region. */
  readonly secondRegion: string;
  /** Names of the archives that are there after it. */
  readonly archives: readonly string[];
  readonly definitions: Definitions;
  /** Metrics that the functions wrote into their logs, by service and name. */
  readonly metrics: ReadonlySet<string>;
  readonly remains: Remains;
}

/** What is set beside the mode. */
interface Settings {
  readonly slackWebhookSecret?: string;
  readonly ledgerTable?: string;
}

function policy(mode: 'warn' | 'enforce', settings: Settings): string {
  return `version: 1
mode: ${mode}
accessKeys:
  maxAge: 90d
  neverUsedGrace: 7d
  warn: [7d, 1d]
  deleteAfter: 30d
  restoreGrace: 60d
calendar:
  days: [Mon, Tue, Wed, Thu, Fri, Sat, Sun]
exemptions:
  - match: { user: "break-glass-*" }
    rules: "*"
    reason: sealed emergency access
    owner: ${recipient}
    expires: 2028-12-31
deployment:
  schedule: { at: "02:00", flexibleWindow: 0m }
  email: [${recipient}]
  logRetention: ${mode === 'warn' ? '90d' : '180d'}
${Object.entries(settings)
  .map(([key, value]) => `  ${key}: ${value}\n`)
  .join('')}`;
}

export async function playScenario(place: Place): Promise<Scenario> {
  const { emulator, folder } = place;
  const { call } = emulator;
  const watch = createWatch(place);

  await emulator.moveTo('2026-09-01T08:00:00Z');
  const old = {
    deployer: await createUserWithKey(emulator, 'deployer', { owner: 'platform@example.com' }),
    reporter: await createUserWithKey(emulator, 'reporter', { owner: 'data@example.com' }),
    breakGlass: await createUserWithKey(emulator, 'break-glass-1'),
  };
  await call('iam', 'CreateUser', { UserName: 'newcomer' });
  const { ARN: secret } = await call<{ ARN: string }>('secretsmanager', 'CreateSecret', {
    Name: 'slack-webhook',
    SecretString: `${place.slack.url}/services/T000/B000/secret`,
  });
  const output = join(folder, 'cdk.out');
  const deploy = async (mode: 'warn' | 'enforce', settings: Settings = {}) => {
    const file = join(folder, `${mode}.yaml`);
    await writeFile(file, policy(mode, settings));
    await cdk(['deploy', '--require-approval', 'never', '-c', `policy=${file}`], emulator.environment, output);
    return readStack(emulator, stackName);
  };

  await emulator.moveTo('2026-12-10T12:00:00Z');
  await cdk(['bootstrap', `aws://${account}/${region}`], emulator.environment, output);
  watch.follow(await deploy('enforce'));
  const undelivered = await watch.night('2026-12-11T02:01:00Z');
  const stillUndelivered = await watch.night('2026-12-31T02:01:00Z');

  await emulator.moveTo('2026-12-31T08:00:00Z');
  const keyIds = { ...old, newcomer: await createKey(emulator, 'newcomer') };
  await emulator.moveTo('2026-12-31T12:00:00Z');
  const installed = await deploy('warn');
  watch.follow(installed);
  await confirmAddresses(emulator, place.mailbox.mails);
  const rotatorPolicies = { warn: await readRolePolicies(emulator, installed, 'Rotator'), enforce: '' };
  await subscribe(place, installed);
  await watch.listen('mails', 'machine', 'chat');

  const firstNight = await watch.night('2027-01-02T02:01:00Z');
  const sameNightAgain = await watch.sweep(() => invokeAsTheSchedule(emulator, installed));
  const overdueInWarn = await watch.night('2027-01-10T02:01:00Z');

  await emulator.moveTo('2027-01-10T12:00:00Z');
  const upgraded = await deploy('enforce', { slackWebhookSecret: secret });
  watch.follow(upgraded);
  await watch.listen('slack');
  rotatorPolicies.enforce = await readRolePolicies(emulator, upgraded, 'Rotator');
  const finalNotice = await watch.night('2027-01-11T02:01:00Z');
  // Later in the night than the one before: the notice promised a whole day.
  const deactivated = await watch.night('2027-01-12T02:10:00Z');
  const replayed = await watch.replay(firstNight, deactivated);

  await emulator.moveTo('2027-01-12T09:00:00Z');
  await runProgram(
    process.execPath,
    [
      ...['--import', 'tsx', 'bin/keysweep.ts', 'restore', keyIds.reporter],
      ...['--why', 'the quarterly report needs it', '--who', 'data@example.com', '--yes'],
    ],
    // IAM is global, and so is the person: not in the region of the stack, and without a word about its places.
    { ...emulator.environment, AWS_REGION: 'us-west-2' },
  );
  const restored = await watch.look();
  const finalNoticeOfDeletion = await watch.night('2027-02-11T02:20:00Z');
  const deleted = await watch.night('2027-02-12T02:30:00Z');

  await emulator.moveTo('2027-02-12T09:00:00Z');
  await restoreTable(emulator, upgraded.output('LedgerTableName'), restoredTable);
  const continued = await deploy('enforce', { slackWebhookSecret: secret, ledgerTable: restoredTable });
  watch.follow(continued);
  const nightAfterRestore = await watch.night('2027-02-13T02:40:00Z');
  await watch.night('2027-03-14T02:40:00Z');
  const deletedByHistory = await watch.night('2027-03-15T02:50:00Z');
  const tableBefore = await readLedger(emulator, upgraded.output('LedgerTableName'));
  const poisoned = await watch.poison();
  const alarmed = await watch.alarm(`${stackName}-SweepFailed`);

  const second = 'eu-west-1';
  const elsewhere = { ...emulator.environment, AWS_REGION: second };
  await cdk(['bootstrap', `aws://${account}/${second}`], elsewhere, output);
  const deployAgain = ['deploy', '--require-approval', 'never', '-c', `policy=${join(folder, 'warn.yaml')}`];
  const secondRegion = await cdk(deployAgain, elsewhere, output).then(
    () => 'deployed',
    (error: Error) => error.message,
  );
  const { Buckets } = await call<{ Buckets: { Name: string }[] }>('s3', 'ListBuckets');

  const metrics = await watch.metrics();
  const definitions = await readDefinitions(emulator, upgraded);
  await cdk(['destroy', '--force', '-c', `policy=${join(folder, 'enforce.yaml')}`], emulator.environment, output);
  const moments = {
    undelivered,
    stillUndelivered,
    firstNight,
    sameNightAgain,
    overdueInWarn,
    finalNotice,
    deactivated,
    replayed,
    restored,
    finalNoticeOfDeletion,
    deleted,
    nightAfterRestore,
    deletedByHistory,
    poisoned,
    alarmed,
  };
  const remains = await readRemains(emulator, continued);
  const archives = Buckets.map(({ Name }) => Name).filter((name) => name.includes('archive'));
  return {
    ...moments,
    moments,
    keyIds,
    installed,
    upgraded,
    continued,
    tableBefore,
    rotatorPolicies,
    secondRegion,
    archives,
    definitions,
    metrics,
    remains,
  };
}

/** The steps of docs/operations.md, "Restore the ledger". */
async function restoreTable({ call }: Emulator, SourceTableName: string, TableName: string): Promise<void> {
  await call('dynamodb', 'RestoreTableToPointInTime', {
    SourceTableName,
    TargetTableName: TableName,
    UseLatestRestorableTime: true,
  });
  await call('dynamodb', 'UpdateContinuousBackups', {
    TableName,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  await call('dynamodb', 'UpdateTable', { TableName, DeletionProtectionEnabled: true });
  await call('dynamodb', 'UpdateTimeToLive', {
    TableName,
    TimeToLiveSpecification: { Enabled: true, AttributeName: ledgerTable.timeToLive },
  });
}

async function createUserWithKey(emulator: Emulator, UserName: string, tags: Record<string, string> = {}) {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await emulator.call('iam', 'CreateUser', { UserName, Tags });
  return createKey(emulator, UserName);
}

async function createKey({ call }: Emulator, UserName: string) {
  const { AccessKey } = await call<{ AccessKey: { AccessKeyId: string } }>('iam', 'CreateAccessKey', { UserName });
  return AccessKey.AccessKeyId;
}

/** Subscribes a machine by http and a chat by https to the messages for people, and confirms as SNS asks for it. */
async function subscribe({ emulator, machine, chat }: Place, stack: DeployedStack): Promise<void> {
  for (const TopicArn of [stack.output('AlertTopicArn'), stack.output('DigestTopicArn')]) {
    for (const { url, requests } of [machine, chat]) {
      const before = requests.length;
      await emulator.call('sns', 'Subscribe', { TopicArn, Protocol: url.split(':')[0], Endpoint: url });
      const request = await vi.waitUntil(() => requests[before], soon);
      const { Token } = JSON.parse(request.body) as { Token: string };
      await emulator.call('sns', 'ConfirmSubscription', { TopicArn, Token });
    }
  }
}

/** A further start in the same night, just as EventBridge Scheduler would: the target of the deployed schedule, with its input. */
async function invokeAsTheSchedule({ call }: Emulator, { resources }: DeployedStack): Promise<void> {
  const name = resources.find(({ ResourceType }) => ResourceType === 'AWS::Scheduler::Schedule')?.PhysicalResourceId;
  const { Schedules } = await call<{ Schedules: { Name: string; GroupName: string }[] }>('scheduler', 'ListSchedules');
  const listed = Schedules.find(({ Name }) => name?.endsWith(Name));
  if (listed === undefined) throw new Error(`no schedule ${name}, only ${JSON.stringify(Schedules)}`);
  const { Target } = await call<{ Target: { Arn: string; Input: string } }>('scheduler', 'GetSchedule', {
    Name: listed.Name,
    GroupName: listed.GroupName,
  });
  await call('lambda', 'Invoke', { FunctionName: Target.Arn, InvocationType: 'Event', Payload: Target.Input });
}
