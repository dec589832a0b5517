import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { seedSchema } from '../../cli/sandbox-seed.ts';
import { readCheckedYaml, type YamlProblem } from '../../core/policy/checked-yaml.ts';
import { useAwsConfig } from '../support/aws-config.ts';
import { type MemoryIoOptions, runInMemory } from '../support/memory-io.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

// The example of the IAM User Guide.
const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
/** Any piece of it that is long enough to help in a guess, in any case. */
const pieces = ['wjalrxu', 'fiCYEXAMPLE', 'k7mdeng'];
const scratch = scratchDirectory();
useAwsConfig();

const run = (args: readonly string[], options: Partial<MemoryIoOptions> = {}) =>
  runInMemory(args, { directory: scratch.path, ...options });

/** Runs a command line, and expects that it fails and repeats no piece of the secret. */
async function expectNoSecret(args: readonly string[], options: Partial<MemoryIoOptions> = {}): Promise<string> {
  const { code, stdout, stderr } = await run(args, options);
  const said = `${stdout}\n${stderr}`.toLowerCase();
  expect({ args, code, leaked: pieces.filter((piece) => said.includes(piece.toLowerCase())) }).toEqual({
    args,
    code: 2,
    leaked: [],
  });
  return stderr;
}

const commands = [
  ...['audit', 'plan', 'sweep', 'forecast', 'explain', 'restore', 'rules', 'init', 'policy check'],
  ...['channels', 'sandbox', 'demo', 'help'],
].map((name) => name.split(' '));

/** Every option of a command that takes a value. */
async function valueOptions(command: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await run([...command, '--help']);
  return [...stdout.matchAll(/^ {2}(--[a-z-]+) </gm)].map(([, option = '']) => option);
}

describe('a pasted secret is not printed and not used', () => {
  it('knows every command', async () => {
    const { stdout } = await run(['--help']);
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) (?: |\[|<)/gm)].map(([, name]) => name);
    expect(new Set(listed)).toEqual(new Set(commands.map(([name]) => name)));
  });

  it.each(commands.map((command) => command.join(' ')))(
    '%s: as an argument, and as the value of each option',
    async (name) => {
      const command = name.split(' ');
      await expectNoSecret([...command, secret]);
      await expectNoSecret([...command, `--no-such-option=${secret}`]);
      for (const option of await valueOptions(command)) {
        if (option === '--external-id') continue;
        const stderr = await expectNoSecret([...command, option, secret]);
        expect(stderr).toContain(`error[SecretGiven]: the value of ${option} looks like a secret`);
        expect(stderr).toContain('If it is the name of a user, give the id of the key instead');
        await expectNoSecret([...command, `${option}=${secret}`]);
      }
      expect(await readdir(scratch.path)).toEqual([]);
    },
  );

  it.each([
    ['explain', `AKIAIOSFODNN7EXAMPLE:${secret}`],
    ['explain', `aws_secret_access_key=${secret}`],
    ['explain', 'AKIAIOSFODNN7EXAMPLE', '--ledger', `file:${secret}`],
    ['restore', 'AKIAIOSFODNN7EXAMPLE', '--ledger', 'file:L', '--no-notify', '--why', `it is ${secret}`],
    ['audit', '--endpoint-url', `https://AKIAIOSFODNN7EXAMPLE:${encodeURIComponent(secret)}@example.com`],
    ['audit', '--role-arn', `arn:aws:iam::123456789012:role/${secret}`],
    [secret],
    ['explain', secret.slice(1)],
    ['explain', '--aws-secret-access-key=wJalrXUt'],
    ['restore', 'AKIAIOSFODNN7EXAMPLE', '--why', secret.replace('ENG/', 'ENG /'), '--no-notify', '--ledger', 'file:L'],
    ['explain', `${secret}x`],
    ['explain', secret.replace('ENG/', 'ENG /')],
    ['audit', '--endpoint-url', `jane:${secret.slice(0, 12)}@example.com`],
    ['audit', '--endpoint-url', `jane:${secret.slice(0, 12)}@localhost:4566`],
    ['audit', '--policy', `./${secret}`],
  ])('%j', async (...args) => {
    await expectNoSecret(args);
  });

  it('an external ID may be random, and is not printed either', async () => {
    const { stderr } = await run(['audit', '--external-id', secret]);
    expect(stderr).toContain("option '--external-id' needs --role-arn");
    expect(stderr).not.toContain(secret);
  });
});

describe('what only looks like a secret', () => {
  // A directory and a file of 40 random characters.
  const name = secret.replaceAll('/', '+');

  it('is a file if there is one', async () => {
    await mkdir(join(scratch.path, name));
    await writeFile(join(scratch.path, name, 'keysweep.yaml'), 'version: 1\n');
    expect(await run(['policy', 'check', '--policy', `${name}/keysweep.yaml`])).toMatchObject({ code: 0 });
    expect(await run(['policy', 'check', '--policy', join(scratch.path, name, 'none.yaml')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('error[FileUnreadable]'),
    });
    await expectNoSecret(['policy', 'check', '--policy', `${name}/${secret}`]);
    await expectNoSecret(['explain', name]);
  });

  it('is cut out of the reason of a restore, which goes on', async () => {
    for (const why of [['--why', `export has ${secret}, needs it`], [`--why=export has ${secret}, needs it`]]) {
      const stderr = await expectNoSecret(['restore', 'AKIAIOSFODNN7EXAMPLE', ...why, '--no-notify', '--ledger', 'x']);
      expect(stderr).toContain('warning: the value of --why contains what looks like a secret access key');
      expect(stderr).not.toContain('SecretGiven');
    }
  });

  it('is wanted in the account of a sandbox, and in no other place of its file', async () => {
    const user = (fields: string) => `id: "111122223333"\nusers: [{ name: eve, accessKeys: [{ ${fields} }] }]\n`;
    const refuse = (problems: readonly YamlProblem[]) => new Error(problems.map(({ message }) => message).join('\n'));
    const read = (fields: string) => readCheckedYaml(user(fields), seedSchema, refuse, ['secret']);
    expect(read(`secret: ${secret}, createdAt: "2026-01-01T00:00:00Z"`).users[0]?.accessKeys?.[0]).toMatchObject({
      secret,
    });
    expect(() => read(`id: ${secret}`)).toThrow('found what looks like a secret access key');
    expect(() => read(`${secret}: secret`)).toThrow('found what looks like a secret access key');
    expect(() => read(`id: ${secret}`)).toThrow('if it is a name, choose another');
  });
});

describe('a secret from elsewhere is not printed', () => {
  it.each([
    ['AWS_ENDPOINT_URL', `localhost:${secret}`],
    ['AWS_ENDPOINT_URL', `jane:${secret.slice(0, 12)}@example.com`],
    ['AWS_PROFILE', secret],
    ['AWS_PROFILE', secret.slice(1)],
    ['AWS_PROFILE', `/${secret}`],
    ['AWS_REGION', secret],
    ['AWS_ENDPOINT_URL', `ftp://AKIAIOSFODNN7EXAMPLE:${secret}@localhost`],
  ])('%s=%s', async (name, value) => {
    // Nothing listens there.
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    vi.stubEnv(name, value);
    await expectNoSecret(['audit']);
  });

  it.each([
    `exemptions: [{ match: { accessKeyId: ${secret} }, rules: "*", reason: r, owner: o, expires: 2027-01-01 }]`,
    `exemptions: [{ match: { user: "${secret}" }, rules: "*", reason: r, owner: o, expires: 2027-01-01 }]`,
    `exemptions: [{ match: { user: x }, rules: "*", reason: "key ${secret}", owner: o, expires: 2027-01-01 }]`,
    `overrides: [{ match: { tag: { ${secret}: x } }, accessKeys: { maxAge: 5d } }]`,
    `accessKeys: { maxAge: ${secret} }`,
    `rules: { ${secret}: off }`,
    `${secret}: 1`,
    `deployment: { slackWebhookSecret: "https://hooks.slack.com/services/${secret}" }`,
    `a: *${secret}`,
    `? [${secret}]\n: 1`,
    `? { ${secret}: 1 }\n: 1`,
    `mode: |\n  ${secret.slice(0, 20)}\n  ${secret.slice(20)}`,
    `deployment: { slackWebhookSecret: "https://chat.example.com/hooks/${secret.slice(0, 12)}" }`,
    `AWS_SECRET_ACCESS_KEY=${secret}`,
  ])('in a policy file: %s', async (line) => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    await writeFile(join(scratch.path, 'keysweep.yaml'), `version: 1\n${line}\n`);
    const stderr = await expectNoSecret(['policy', 'check']);
    expect(stderr).toMatch(/keysweep\.yaml:\d:\d/);
    expect(stderr).not.toContain('choose another');
    expect(warned).not.toHaveBeenCalled();
  });

  it.each([
    `Access key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE,${secret}\n`,
    `[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${secret}\n`,
    `{"AccessKey": {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "${secret}"}}`,
    secret,
  ])('in a file that is no credential report: %j', async (content) => {
    await writeFile(join(scratch.path, 'report.csv'), content);
    await expectNoSecret(['audit', '--report', 'report.csv']);
  });
});
