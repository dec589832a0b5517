/** Credentials, topics, buses, ledgers and events of another account than the one that was asked for. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createIamCredentialSource } from '../../aws/iam-credential-source.ts';
import { connect } from '../../aws/session.ts';
import { HOUR } from '../../core/duration.ts';
import { openFileLedger } from '../../files/file-ledger.ts';
import { connectSandbox } from '../support/aws-sandbox.ts';
import { commandSandbox, enforceYaml } from '../support/command-sandbox.ts';
import { assumedRole, callerOf } from '../support/lying-sts.ts';
import { account, fewKeys, staleKey } from '../support/sweep-world.ts';

const other = '999988887777';
const roleArn = `arn:aws:iam::${account}:role/audit`;
const sessionArn = (id: string) => `arn:aws:sts::${id}:assumed-role/audit/keysweep`;
const seed = { ...fewKeys, roles: [{ name: 'audit', trust: {} }] };
const world = commandSandbox(seed);

const ledger = ['--ledger', 'file:L'];
const commands: readonly (readonly string[])[] = [
  ['audit'],
  ['plan', ...ledger],
  ['forecast', ...ledger],
  ['explain', staleKey, ...ledger],
  ['sweep', ...ledger],
  ['sweep', '--enforce', '--no-notify', '--yes', ...ledger],
  ['restore', staleKey, '--why', 'w', '--no-notify', '--yes', ...ledger],
];

/** A command that must end with the mismatch, after these requests and no other. */
async function expectRefused(args: readonly string[], requests: Readonly<Record<string, number>>, said: string) {
  await world.writePolicy(enforceYaml);
  const { code, stdout, stderr } = await world.keysweep(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('error[AccountMismatch]');
  expect(stderr).toContain(said);
  expect(world.sandbox.requestCounts()).toEqual(requests);
  await expect(readFile(join(world.directory, 'L'))).rejects.toThrow('ENOENT');
}

describe('a role of one account that gives credentials of another', () => {
  it.each(commands)('%s %s: STS says so itself, and nothing else is asked', async (...args) => {
    world.sandbox.faults.add({
      action: 'sts:AssumeRole',
      ...assumedRole(world.sandbox.credentials, sessionArn(other)),
    });
    await expectRefused([...args, '--role-arn', roleArn], { 'sts:AssumeRole': 1 }, `account ${other}`);
  });

  it.each(commands)(
    '%s %s: only the credentials show it, and they are used for that question alone',
    async (...args) => {
      const asked = `arn:aws:iam::${other}:role/audit`;
      world.sandbox.faults.add({
        action: 'sts:AssumeRole',
        ...assumedRole(world.sandbox.credentials, sessionArn(other)),
      });
      const requests = { 'sts:AssumeRole': 1, 'sts:GetCallerIdentity': 1 };
      await expectRefused([...args, '--role-arn', asked], requests, `account ${account}`);
    },
  );

  it('is refused where STS does not say whose they are', async () => {
    world.sandbox.faults.add({ action: 'sts:AssumeRole', ...assumedRole(world.sandbox.credentials) });
    await expectRefused(['audit', '--role-arn', roleArn], { 'sts:AssumeRole': 1 }, 'account unknown');
  });

  it('is what it asked for where all three agree', async () => {
    const { code } = await world.keysweep(['audit', '--role-arn', roleArn]);
    expect(code).not.toBe(2);
    expect(world.sandbox.requestCounts()).toMatchObject({ 'sts:AssumeRole': 1, 'sts:GetCallerIdentity': 1 });
  });

  it('is refused for every request of a session, also without asking who calls, and only once', async () => {
    const { sandbox, session, source } = await connectSandbox({
      sandbox: { seed },
      connect: { roleArn: `arn:aws:iam::${other}:role/audit` },
    });
    sandbox.faults.add({ action: 'sts:AssumeRole', ...assumedRole(sandbox.credentials, sessionArn(other)) });
    for (let n = 0; n < 3; n++) {
      expect(await source.credentials('access-key', 'alice')).toMatchObject({ ok: false });
      await expect(session.caller()).rejects.toMatchObject({ code: 'AccountMismatch' });
    }
    expect(sandbox.requestCounts()).toEqual({ 'sts:AssumeRole': 1, 'sts:GetCallerIdentity': 1 });
  });

  it('is refused when only the renewed credentials are of another account', async () => {
    const { sandbox, source, session } = await connectSandbox({ sandbox: { seed }, connect: { roleArn } });
    expect(await source.credentials('access-key', 'alice')).toMatchObject({ ok: true });
    session.close();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + HOUR });
    try {
      sandbox.clearRequests();
      sandbox.faults.add({ action: 'sts:AssumeRole', ...assumedRole(sandbox.credentials, sessionArn(account)) });
      sandbox.faults.add({ action: 'sts:GetCallerIdentity', ...callerOf(other) });
      expect(await source.credentials('access-key', 'alice')).toMatchObject({ ok: false });
      expect(sandbox.requestCounts()).toEqual({ 'sts:AssumeRole': 1, 'sts:GetCallerIdentity': 1 });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a profile', () => {
  async function writeProfile(lines: readonly string[]): Promise<void> {
    const { accessKeyId, secretAccessKey, sessionToken } = world.sandbox.credentials;
    const base = [
      '[profile base]',
      `aws_access_key_id = ${accessKeyId}`,
      `aws_secret_access_key = ${secretAccessKey}`,
      `aws_session_token = ${sessionToken}`,
    ];
    await writeFile(join(world.directory, 'config'), [...base, '[profile p]', ...lines, ''].join('\n'));
    vi.stubEnv('AWS_CONFIG_FILE', join(world.directory, 'config'));
  }

  it('with a role of one account whose answer is of another is refused', async () => {
    await writeProfile([`role_arn = ${roleArn}`, 'source_profile = base']);
    world.sandbox.faults.add({
      action: 'sts:AssumeRole',
      ...assumedRole(world.sandbox.credentials, sessionArn(other)),
    });
    await expectRefused(['audit', '--profile', 'p'], { 'sts:AssumeRole': 1 }, `account ${other}`);
  });

  it('with a role whose credentials are of another account is refused', async () => {
    await writeProfile([`role_arn = arn:aws:iam::${other}:role/audit`, 'source_profile = base']);
    world.sandbox.faults.add({
      action: 'sts:AssumeRole',
      ...assumedRole(world.sandbox.credentials, sessionArn(other)),
    });
    const requests = { 'sts:AssumeRole': 1, 'sts:GetCallerIdentity': 1 };
    await expectRefused(['audit', '--profile', 'p'], requests, `account ${account}`);
  });

  it('whose process names another account than its credentials have is refused', async () => {
    const {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    } = world.sandbox.credentials;
    const answer = { Version: 1, AccessKeyId, SecretAccessKey, SessionToken, AccountId: other };
    await writeFile(join(world.directory, 'answer.json'), JSON.stringify(answer));
    await writeProfile([`credential_process = cat ${join(world.directory, 'answer.json')}`]);
    await expectRefused(['audit', '--profile', 'p'], { 'sts:GetCallerIdentity': 1 }, `account ${account}`);
  });

  it('whose role is denied names the role and its account', async () => {
    await writeProfile([`role_arn = ${roleArn}`, 'source_profile = base']);
    world.sandbox.faults.add({
      action: 'sts:AssumeRole',
      kind: 'error',
      code: 'AccessDenied',
      message: 'Access denied',
    });
    const { code, stderr } = await world.keysweep(['audit', '--profile', 'p']);
    expect(code).toBe(2);
    expect(stderr).toContain(
      `error[AccessDenied]: the caller lacks sts:AssumeRole on ${roleArn} in account ${roleArn.split(':')[4]}`,
    );
  });

  it('that is of one account leads there', async () => {
    await writeProfile([`role_arn = ${roleArn}`, 'source_profile = base']);
    const { stdout } = await world.keysweep(['audit', '--profile', 'p']);
    expect(stdout).toContain(account);
  });
});

describe('a topic, bus or ledger of another account', () => {
  const topic = `arn:aws:sns:us-east-1:${other}:digests`;
  const bus = `arn:aws:events:us-east-1:${other}:event-bus/default`;
  const identity = { 'sts:GetCallerIdentity': 1 };

  it.each([
    ['sweep', '--topic-arn', topic, ...ledger],
    ['sweep', '--enforce', '--yes', '--topic-arn', topic, ...ledger],
    ['sweep', '--enforce', '--yes', '--no-notify', '--event-bus', bus, ...ledger],
    ['restore', staleKey, '--why', 'w', '--yes', '--topic-arn', topic, ...ledger],
  ])('%s %s %s: is refused before anything is read', async (...args) => {
    await expectRefused(args, identity, `account ${other}`);
  });

  it('is used where that account is named as the one that gets the notices', async () => {
    await world.writePolicy(enforceYaml);
    const { stderr } = await world.keysweep(['sweep', '--topic-arn', topic, '--notify-account', other]);
    expect(stderr).not.toContain('AccountMismatch');
    const mistyped = ['sweep', '--topic-arn', topic, '--notify-account', '999988887778'];
    expect((await world.keysweep(mistyped)).stderr).toContain('error[AccountMismatch]');
  });

  const withLedger = commands.filter((args) => args.includes('file:L'));

  it.each(withLedger)('%s %s: a file that has records of others alone is refused', async (...args) => {
    await world.writePolicy(enforceYaml);
    const theirs = await openFileLedger(join(world.directory, 'theirs'));
    const at = world.sandbox.clock.now();
    const expiresAt = new Date(at.getTime() + HOUR);
    await theirs.writeSweep({ account: other, id: 's', startedAt: at, outcome: 'complete', expiresAt });
    await theirs.close();
    const asked = args.map((word) => word.replace('file:L', 'file:theirs'));
    const { code, stderr } = await world.keysweep(asked);
    expect(code).toBe(2);
    expect(stderr).toContain(`error[AccountMismatch]: the ledger theirs belongs to account ${other}`);
    expect(world.sandbox.requestCounts()).toEqual(identity);
  });
});

it('a session without any account that was asked for asks no more than it has to', async () => {
  const { url: endpointUrl, credentials, region } = world.sandbox;
  const session = connect({ endpointUrl, credentials, region });
  await createIamCredentialSource(session).credentials('access-key', 'alice');
  expect(world.sandbox.requestCounts()).toEqual({ 'iam:ListAccessKeys': 1 });
  session.close();
});
