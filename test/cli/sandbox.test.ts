import { EventEmitter, once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { codeBlocks } from '../support/doc-page.ts';
import { type CommandResult, runInMemory } from '../support/memory-io.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

/** Long after the seed was written. */
const now = '2027-05-01T00:00:00Z';
const scratch = scratchDirectory();

afterEach(() => {
  vi.unstubAllEnvs();
});

interface FoundInJson {
  readonly principal: { readonly name: string };
  readonly rule: string;
  readonly evidence: { readonly idleDays?: number };
}

/** Runs `keysweep sandbox`, calls `use` with what it says to export, then sends Ctrl-C. */
async function withSandbox(
  args: readonly string[],
  use: (environment: NodeJS.Dict<string>) => Promise<void>,
): Promise<CommandResult> {
  const signal = new EventEmitter();
  const ready = new EventEmitter();
  const isReady = once(ready, 'ready');
  let environment: NodeJS.Dict<string> = {};
  const ended = runInMemory(['sandbox', ...args], {
    directory: scratch.path,
    now,
    interrupted: async () => {
      await once(signal, 'SIGINT');
    },
    onStdout: (text) => {
      environment = parseEnv(text.replaceAll('export ', ''));
    },
    onStderr: (text) => {
      if (text.includes('Ctrl-C')) ready.emit('ready');
    },
  });
  await Promise.race([isReady, ended]);
  try {
    await use(environment);
  } finally {
    signal.emit('SIGINT');
  }
  return ended;
}

/** A sweep with one thing to report: the root user of the account has no MFA. */
async function sweepOnce(environment: NodeJS.Dict<string>): Promise<void> {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region } = environment;
  const client = new SNSClient({ ...(endpoint && { endpoint }), ...(region && { region }) });
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'digests' }));
  client.destroy();
  await writeFile(join(scratch.path, 'warn.yaml'), 'version: 1\nmode: warn\n');
  const args = ['sweep', '--enforce', '--yes', '--policy', 'warn.yaml', '--ledger', 'file:L', '--topic-arn', TopicArn];
  const { stderr } = await runInMemory(args, {
    directory: scratch.path,
    now,
    interrupted: () => new Promise(() => {}),
  });
  expect(stderr).not.toContain('error');
}

async function auditOf(environment: NodeJS.Dict<string>) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const args = ['audit', '--output', 'json', '--quiet'];
  const { stdout } = await runInMemory(args, { directory: scratch.path, now });
  return JSON.parse(stdout);
}

describe('keysweep sandbox', () => {
  it('prints what to export, answers an audit, and ends cleanly', async () => {
    const { code, stdout, stderr } = await withSandbox([], async (environment) => {
      const audit = await auditOf(environment);
      expect(audit.account.alias).toBe('acme-production');
      expect(audit.summary.bySeverity.critical).toBeGreaterThan(0);
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^(export [A-Z0-9_]+='[^']*'\n)+$/);
    expect(stderr).toMatch(/with \d{2} users answers at http:\/\/127\.0\.0\.1:\d+\n/);
    expect(stderr).toContain('in another terminal, then run: keysweep audit (Ctrl-C ends the sandbox)');
    expect(stderr).toContain('the sandbox has ended');
  });

  it('says in its help what its clock means for a lifecycle, and that commands find a ledger', async () => {
    const { stdout } = await runInMemory(['sandbox', '--help'], { directory: scratch.path });
    for (const part of ['real time', 'keysweep demo', 'commands find its ledger and its topics'])
      expect(stdout).toContain(part);
  });

  it.each(['acme', 'empty', 'own.yaml'])(
    'has an installation whose ledger and topics commands find: %s',
    async (seed) => {
      await writeFile(join(scratch.path, 'own.yaml'), 'id: "999988887777"\nusers: []\n');
      const { stderr } = await withSandbox(['--seed', seed], async (environment) => {
        for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
        await writeFile(join(scratch.path, 'warn.yaml'), 'version: 1\nmode: warn\n');
        const keysweep = (...args: readonly string[]) => {
          return runInMemory(args, { directory: scratch.path, now, interrupted: () => new Promise(() => {}) });
        };
        const swept = await keysweep('sweep', '--enforce', '--yes', '--policy', 'warn.yaml');
        expect(swept).toMatchObject({ code: 0, stderr: expect.stringContaining('using the installation Keysweep') });
        const planned = await keysweep('plan', '--policy', 'warn.yaml');
        expect(planned).toMatchObject({ code: 0, stderr: expect.stringContaining('ledger dynamodb:keysweep-ledger') });
        expect(planned.stdout).not.toContain('FIRST NOTICES');
        expect(await keysweep('channels')).toMatchObject({ code: 0 });
      });
      expect(stderr).toContain('SNS message to keysweep-alerts');
      expect(stderr.includes('SNS message to keysweep-digests')).toBe(seed === 'acme');
    },
  );

  it('starts empty with --seed empty', async () => {
    await withSandbox(['--seed', 'empty'], async (environment) => {
      const audit = await auditOf(environment);
      expect(audit.report.rows).toBe(1);
    });
  });

  it('starts with the account of a file, whose present is now', async () => {
    const [example = ''] = codeBlocks('docs/sandbox.md', 'yaml');
    await writeFile(join(scratch.path, 'account.yaml'), example);
    const { stderr } = await withSandbox(['--seed', 'account.yaml'], async (environment) => {
      const audit = await auditOf(environment);
      expect(audit.account).toMatchObject({ id: '111122223333', alias: 'acme-trial' });
      const found = audit.findings.map(
        ({ principal, rule, evidence }: FoundInJson) =>
          `${principal.name} ${rule} ${Math.round(evidence.idleDays ?? 0)}`,
      );
      expect(found).toEqual(expect.arrayContaining(['deploy access-key-unused 60', 'alice access-key-too-old 0']));
      expect(found.join()).not.toContain('alice access-key-unused');
    });
    expect(stderr).toContain('with 2 users answers at');
  });

  it('takes JSON as well', async () => {
    const users = [{ name: 'eve', accessKeys: [{ createdAt: '2027-01-01T00:00:00Z' }] }];
    await writeFile(join(scratch.path, 'account.json'), JSON.stringify({ id: '444455556666', users }));
    await withSandbox(['--seed', './account.json'], async (environment) => {
      const audit = await auditOf(environment);
      expect(audit.account.id).toBe('444455556666');
      expect(audit.findings.map(({ rule }: { readonly rule: string }) => rule)).toContain('access-key-never-used');
    });
  });

  it.each([
    ['no YAML', 'id: [', 'account.yaml:1:6: invalid YAML: '],
    ['an id without quotes', 'id: 111122223333\nusers: []', 'account.yaml:1:1: id: found 111122223333, expected an'],
    ['nothing', '', 'account.yaml:1:1: id: missing, expected an account id of 12 digits, in quotes: "111122223333"\n'],
    [
      'an unknown key',
      'id: "111122223333"\nusers:\n  - name: eve\n    keys: []\n',
      'account.yaml:4:5: users[0].keys: unknown key; allowed keys: name, path, createdAt, tags',
    ],
    [
      'a time without zone',
      'id: "111122223333"\nusers: [{ name: eve, accessKeys: [{ createdAt: 2026-01-01 }] }]',
      'users[0].accessKeys[0].createdAt: found "2026-01-01", expected a time in UTC such as 2026-11-20T02:30:00Z',
    ],
    [
      'a key that was used before it was made',
      'now: 2026-11-20T00:00:00Z\nid: "111122223333"\nusers:\n  - name: eve\n    accessKeys:\n' +
        '      - { createdAt: 2026-11-01T00:00:00Z, lastUsed: { at: 2026-10-01T00:00:00Z } }',
      'account.yaml: users[0].accessKeys[0].lastUsed.at: found "2026-10-01T00:00:00Z", before the key was created',
    ],
    [
      'a time after its own present',
      'now: 2026-11-20T00:00:00Z\nid: "111122223333"\nusers: [{ name: eve, createdAt: 2026-11-21T00:00:00Z }]',
      'account.yaml: users[0].createdAt: found "2026-11-21T00:00:00Z", which lies after the present',
    ],
  ])('refuses a file with %s, and says where', async (_, content, message) => {
    await writeFile(join(scratch.path, 'account.yaml'), content);
    const { code, stdout, stderr } = await withSandbox(['--seed', 'account.yaml'], async () => {});
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('error[SeedInvalid]');
    expect(stderr).toContain(message);
    expect(stderr).toContain('docs/sandbox.md');
  });

  it('says of a name that is neither an account nor a file what there is', async () => {
    const { code, stderr } = await withSandbox(['--seed', 'acmee'], async () => {});
    expect(code).toBe(2);
    expect(stderr).toContain('error[FileUnreadable]: cannot read the account file acmee: ');
    expect(stderr).toContain('--seed acme, --seed empty');
  });

  it('shows each message that is published, as it comes: topic and subject', async () => {
    const { stdout, stderr } = await withSandbox(['--seed', 'empty'], (environment) => sweepOnce(environment));
    expect(stderr.split('\n').filter((line) => line.includes('SNS'))).toEqual([
      'keysweep: SNS message to digests: [123456789012] 1 critical finding',
    ]);
    expect(stderr).not.toContain('Root user has no MFA');
    expect(stdout).not.toContain('SNS');
  });

  it('shows what an e-mail subscriber would read with --verbose', async () => {
    const { stderr } = await withSandbox(['--seed', 'empty', '--verbose'], (environment) => sweepOnce(environment));
    expect(stderr).toContain('SNS message to digests: [123456789012] 1 critical finding');
    expect(stderr).toContain('\n  1. Root user has no MFA [root-mfa-missing]\n');
  });

  it('no longer listens when it has ended', async () => {
    let url = '';
    await withSandbox([], async ({ AWS_ENDPOINT_URL }) => {
      url = AWS_ENDPOINT_URL ?? '';
      expect((await fetch(url)).status).toBeGreaterThanOrEqual(400);
    });
    await expect(fetch(url)).rejects.toThrow();
  });

  it('says that the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stdout, stderr } = await runInMemory(['sandbox', '--port', String(port)], {
      directory: scratch.path,
    });
    await new Promise((resolve) => other.close(resolve));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(
      `error[PortUnavailable]: cannot listen on 127.0.0.1:${port}: another program is listening there`,
    );
  });
});
