/** Commands that are given no ledger: they use that of the installation, and never one that may be the wrong one. */
import { beforeEach, describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import { channelsSchema } from '../../reports/channels/schema.ts';
import { textFor } from '../../sandbox/index.ts';
import { commandSandbox, enforceYaml } from '../support/command-sandbox.ts';
import {
  install,
  installationMark,
  installationOf,
  installedRegion,
  installedTable,
  putInstallation,
} from '../support/installed.ts';
import { runInMemory } from '../support/memory-io.ts';
import { fewKeys, staleKey } from '../support/sweep-world.ts';

const enforced = ['sweep', '--enforce', '--yes'];
const reading: readonly (readonly string[])[] = [
  ['plan'],
  ['forecast', '--days', '1'],
  ['sweep'],
  ['explain', staleKey],
];
const restored = ['restore', staleKey, '--why', 'the export needs it', '--yes'];
const writing: readonly (readonly string[])[] = [enforced, restored];
const using = `using the installation Keysweep in ${installedRegion}: ledger dynamodb:${installedTable}`;
const foreignTopic = 'arn:aws:sns:eu-central-1:999988887777:digests';

describe('where keysweep is installed', () => {
  const world = commandSandbox({ ...fewKeys, roles: [installationMark] });
  const asked = (service: string) => world.sandbox.requests.filter((one) => one.service === service);
  const notices = () => world.sandbox.messages.map(({ topicArn }) => topicArn);

  beforeEach(async () => {
    await install(world.sandbox);
    await world.writePolicy(enforceYaml);
    world.sandbox.clearRequests();
  });

  it('a sweep uses its ledger and its topics, in its region, and says so; the bus is for the deployed function', async () => {
    const { code, stdout, stderr } = await world.keysweep(enforced);
    expect(code).toBe(0);
    expect(stderr).toContain(`keysweep: ${using}\n`);
    expect(stdout).toContain('FIRST NOTICES (2)');
    expect(new Set(asked('dynamodb').map(({ region }) => region))).toEqual(new Set([installedRegion]));
    // The alert, then the digest.
    expect(notices()).toEqual([installationOf().alertTopicArn, installationOf().topicArn]);
    expect(world.sandbox.busEvents).toEqual([]);
  });

  it.each(reading)('%s reads its ledger', async (...args) => {
    await world.keysweep(enforced);
    world.sandbox.clearRequests();
    const { stdout, stderr } = await world.keysweep(args);
    expect(stderr).toContain(using);
    expect(stdout).not.toContain('Without --ledger');
    expect(asked('dynamodb').length).toBeGreaterThan(0);
    expect(asked('iam').filter(({ action }) => action === 'iam:GetRolePolicy')).toHaveLength(1);
  });

  it('messages name commands without places: who runs them finds the installation', async () => {
    for (const days of [13, 1, 0]) {
      await world.keysweep(enforced);
      world.sandbox.clock.advance(days * DAY);
    }
    const mails = world.sandbox.messages.map((message) => textFor(message, 'email'));
    const digest = mails.find((text) => text.includes('DEACTIVATED TONIGHT'));
    expect(digest).toContain(`keysweep restore ${staleKey} --why WHY\n`);
    expect(digest).not.toMatch(/--ledger|--topic-arn|--region/);
  });

  it('restore needs the key and the reason alone: it records, notifies and publishes where the installation does', async () => {
    const { account } = installationOf();
    let swept = '';
    for (const days of [13, 1, 1]) {
      swept = (await world.keysweep(enforced)).stdout;
      world.sandbox.clock.advance(days * DAY);
    }
    expect(swept).toContain('To undo a deactivation:\n  keysweep restore KEY_ID --why WHY\n');
    const explained = (await world.keysweep(['explain', staleKey])).stdout;
    expect(explained).toContain(`UNDO\n  keysweep restore ${staleKey} --why WHY\n`);
    const published = world.sandbox.messages.length;
    const { code, stderr } = await world.keysweep(restored);
    expect(code).toBe(0);
    expect(asked('events').map(({ region }) => region)).toEqual([installedRegion]);
    expect(stderr).toContain(using);
    expect(world.sandbox.account.findAccessKey(staleKey)?.key.status).toBe('Active');
    expect((await world.keysweep(['explain', staleKey])).stdout).toContain('the export needs it');
    const [message, ...more] = world.sandbox.messages.slice(published);
    expect({ to: message?.topicArn, more }).toEqual({ to: installationOf().topicArn, more: [] });
    expect(message && textFor(message, 'email')).toContain(`keysweep explain ${staleKey}\n`);
    expect(world.sandbox.busEvents).toMatchObject([{ detailType: 'Credential Restored', detail: { account } }]);
  });

  it('a ledger that is given wins: the parameter is not read', async () => {
    const { stderr } = await world.keysweep(['plan', '--ledger', 'file:L']);
    expect(stderr).toContain(`keysweep is installed in this account with another ledger`);
    expect(asked('ssm')).toEqual([]);
  });

  it('a topic that is given wins, and so does none', async () => {
    await world.keysweep([...enforced, '--no-notify']);
    expect(notices()).toEqual([]);
    const own = world.sandbox.topicArn('own');
    await world.keysweep([...enforced, '--topic-arn', own]);
    expect(new Set(notices())).toEqual(new Set([own]));
    expect(asked('dynamodb').length).toBeGreaterThan(0);
  });

  it('channels checks its three topics', async () => {
    const { code, stdout } = await world.keysweep(['channels', '--output', 'json']);
    expect(code).toBe(0);
    const { topicArn, alertTopicArn, alarmTopicArn } = installationOf();
    const topics = channelsSchema.parse(JSON.parse(stdout)).topics.map((one) => one.topicArn);
    expect(topics).toEqual([alertTopicArn, topicArn, alarmTopicArn]);
  });

  describe('and it is not certain which one', () => {
    const wrong: readonly (readonly [string, () => void, readonly string[], string, string])[] = [
      [
        'two installations',
        () => putInstallation(world.sandbox, { stack: 'Another' }),
        [],
        'InstallationAmbiguous',
        'found 2 installations of keysweep in account 111122223333, region eu-central-1: Another, Keysweep',
      ],
      [
        'another account in the parameter',
        () => putInstallation(world.sandbox, { account: '999988887777' }),
        [],
        'InstallationMismatch',
        'names account 999988887777, but 111122223333 is expected',
      ],
      [
        'another region in the parameter',
        () => putInstallation(world.sandbox, { region: 'eu-west-1' }),
        [],
        'InstallationMismatch',
        'names region eu-west-1, but eu-central-1 is expected',
      ],
      [
        'a topic of another account in the parameter',
        () => putInstallation(world.sandbox, { topicArn: foreignTopic }),
        [],
        'InstallationMismatch',
        '999988887777',
      ],
      [
        'another ledger than the mark in IAM',
        () => putInstallation(world.sandbox, { ledger: 'Forged' }),
        [],
        'InstallationMismatch',
        `names ledger Forged, but ${installedTable} is expected`,
      ],
      [
        'another region asked for',
        () => {},
        ['--region', 'us-west-2'],
        'InstallationMismatch',
        '--region says us-west-2',
      ],
      ['another stack asked for', () => {}, ['--stack', 'Other'], 'StackUnknown', 'found Keysweep'],
    ];
    const commands = [...reading, ...writing, ['channels']];

    it.each(wrong.flatMap((fact) => commands.map((args) => [args.join(' '), ...fact, args] as const)))(
      '%s reads and writes nothing: %s',
      async (_, __, arrange, more, code, message, args) => {
        arrange();
        const { code: exit, stdout, stderr } = await world.keysweep([...args, ...more]);
        expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
        expect(stderr).toContain(`error[${code}]`);
        expect(stderr).toContain(message);
        expect([...asked('dynamodb'), ...world.sandbox.writes, ...notices()]).toEqual([]);
      },
    );

    it('--stack says which one', async () => {
      putInstallation(world.sandbox, { stack: 'Another', ledger: 'another-table' });
      const { stderr } = await world.keysweep(['plan', '--stack', 'Keysweep']);
      expect(stderr).toContain(using);
    });

    it.each(writing)('%s: what may not be read is no reason to do without a ledger', async (...args) => {
      world.sandbox.faults.add({ action: 'ssm:GetParametersByPath', kind: 'denied' });
      const { code, stdout, stderr } = await world.keysweep(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('error[InstallationUnknown]: no --ledger was given, and the installation cannot be');
      expect(stderr).toContain('lacks ssm:GetParametersByPath');
      expect(stderr).toContain(`--ledger dynamodb:${installedTable} --region ${installedRegion} --topic-arn ARN`);
      expect([...asked('dynamodb'), ...world.sandbox.writes]).toEqual([]);
    });

    it.each(reading)('%s reads the ledger that the role names where the parameter may not be read', async (...args) => {
      await world.keysweep(enforced);
      const { stdout: known } = await world.keysweep(args);
      world.sandbox.faults.add({ action: 'ssm:GetParametersByPath', kind: 'denied' });
      world.sandbox.clearRequests();
      const { code, stdout, stderr } = await world.keysweep(args);
      expect({ code, stdout }).toEqual({ code: 0, stdout: known });
      expect(stderr).toContain(`using the ledger dynamodb:${installedTable} in ${installedRegion}, which the role`);
      expect(new Set(asked('dynamodb').map(({ region }) => region))).toEqual(new Set([installedRegion]));
    });

    it.each(reading)('%s is incomplete, quiet or not, where the ledger cannot be determined', async (...args) => {
      for (const action of ['ssm:GetParametersByPath', 'iam:GetRolePolicy'])
        world.sandbox.faults.add({ action, kind: 'denied' });
      const { code, stdout, stderr } = await world.keysweep([...args, '--quiet']);
      expect(code).toBe(2);
      expect(stdout).not.toBe('');
      expect(stderr).toContain('(exit code 2)\n');
      expect(stderr).toMatch(
        /cannot determine whether keysweep is installed in this account, so its ledger was not read: AccessDenied.*; name it with --ledger/,
      );
    });

    it('explain names no restore that would not find its topic, but the AWS CLI', async () => {
      world.sandbox.account.setAccessKeyStatus(staleKey, 'Inactive');
      world.sandbox.faults.add({ action: 'ssm:GetParametersByPath', kind: 'denied' });
      const { stdout } = await world.keysweep(['explain', staleKey]);
      expect(stdout).toContain('UNDO\n');
      expect(stdout).not.toContain('keysweep restore');
      expect(stdout).toContain(
        `aws iam update-access-key --user-name alice --access-key-id ${staleKey} --status Active`,
      );
    });
  });
});

describe('where no role marks an installation', () => {
  const world = commandSandbox();

  it('one that a parameter names is used, with a warning even if quiet', async () => {
    await install(world.sandbox);
    await world.writePolicy(enforceYaml);
    const { code, stderr } = await world.keysweep([...enforced, '--quiet', '--region', installedRegion]);
    expect(code).toBe(0);
    expect(stderr).toContain('warning: there is a parameter /keysweep/installations/Keysweep, but no role');
  });

  it.each(writing)('%s ends without a ledger', async (...args) => {
    await world.writePolicy(enforceYaml);
    const { code, stdout, stderr } = await world.keysweep(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(
      'error[InstallationMissing]: no --ledger was given, and there is no installation of keysweep in account 111122223333, region us-east-1',
    );
    expect(world.sandbox.writes).toEqual([]);
  });

  it('channels needs a topic', async () => {
    const { code, stderr } = await world.keysweep(['channels']);
    expect(code).toBe(2);
    expect(stderr).toContain('error[InstallationMissing]: no --topic-arn was given, and there is no installation');
  });

  it.each(reading)('%s does without, also where parameters may not be read: no role marks one', async (...args) => {
    await world.writePolicy(enforceYaml);
    expect((await world.keysweep(args)).code).toBe(0);
    world.sandbox.faults.add({ action: 'ssm:GetParametersByPath', kind: 'denied' });
    const denied = await world.keysweep(args);
    expect(denied.code).toBe(0);
    expect(denied.stderr).toContain('cannot determine whether keysweep is installed in this account: AccessDenied');
  });

  it('needs no ledger in mode audit', async () => {
    for (const action of ['ssm:GetParametersByPath', 'iam:GetRolePolicy'])
      world.sandbox.faults.add({ action, kind: 'denied' });
    for (const args of [['sweep'], ['plan', '--output', 'json']]) {
      expect((await world.keysweep(args)).code).toBe(0);
    }
  });

  it('explain names no restore, which would find no ledger, but the AWS CLI', async () => {
    world.sandbox.account.setAccessKeyStatus(staleKey, 'Inactive');
    const printed = JSON.parse((await world.keysweep(['explain', staleKey, '--output', 'json'])).stdout);
    expect(printed.undo).toBeUndefined();
    expect(printed.undoWithAwsCli).toContain(`--access-key-id ${staleKey} --status Active`);
  });
});

it.each([
  ['plan', '--stack', 'Keysweep', '--ledger', 'file:L'],
  ['channels', '--stack', 'Keysweep', '--topic-arn', 'arn:aws:sns:eu-central-1:111122223333:t'],
  ['forecast', '--stack', 'Keysweep', '--report', 'report.csv'],
])('a stack and what names the places itself exclude each other: %s', async (...args) => {
  const { code, stderr } = await runInMemory(args, { directory: '.' });
  expect(code).toBe(2);
  expect(stderr).toContain("error: option '--stack <name>' cannot be used with option");
});
