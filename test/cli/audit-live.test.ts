import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { auditSchema } from '../../reports/audit-schema.ts';
import { type AccountSeed, type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { type MemoryIoOptions, runInMemory } from '../support/memory-io.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const now = '2026-11-22T02:30:00Z';
const scratch = scratchDirectory();
let sandbox: Sandbox;

const seed: AccountSeed = {
  id: '111122223333',
  alias: 'shop',
  now,
  root: { createdAt: '2020-01-01T00:00:00Z', mfa: true },
  users: [
    {
      name: 'stale',
      accessKeys: [
        {
          id: 'AKIARTX3GSDSAAAAAAAA',
          createdAt: '2026-09-10T00:00:00Z',
          lastUsed: { at: '2026-09-20T00:00:00Z' },
        },
      ],
    },
    {
      name: 'fresh',
      accessKeys: [{ createdAt: '2026-11-01T00:00:00Z', lastUsed: { at: '2026-11-21T00:00:00Z' } }],
    },
  ],
  roles: [{ name: 'Auditor', trust: { externalId: 'shop-1' } }],
};

beforeEach(async () => {
  sandbox = await startSandbox({ seed, report: { generation: { polls: 0 } } });
  for (const [name, value] of Object.entries(sandbox.environment)) vi.stubEnv(name, value);
  vi.stubEnv('AWS_CONFIG_FILE', scratch.path);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', scratch.path);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await sandbox.close();
});

function audit(args: readonly string[] = [], options: Partial<MemoryIoOptions> = {}) {
  return runInMemory(['audit', ...args], { directory: scratch.path, now, ...options });
}

describe('keysweep audit of an account', () => {
  it('names the key ids of what is wrong, and ends with 1', async () => {
    const { code, stdout } = await audit();
    expect(code).toBe(1);
    expect(stdout).toContain('AWS account 111122223333 (shop), as of 2026-11-22 02:30 UTC');
    expect(stdout).toContain('  stale  AKIARTX3GSDSAAAAAAAA  unused for 63 days (limit 45)');
    expect(stdout).not.toContain('fresh');
  });

  it('prints the published JSON, with the requests that it made', async () => {
    const { stdout } = await audit(['--output', 'json']);
    const printed = JSON.parse(stdout);
    expect(auditSchema.safeParse(printed).error).toBeUndefined();
    expect(printed.stats.requests).toEqual(sandbox.requestCounts());
    expect(printed.stats.requests['iam:ListAccessKeys']).toBe(1);
  });

  it('changes nothing in the account', async () => {
    await audit();
    expect(sandbox.writes).toEqual([]);
  });

  it('goes where --endpoint-url says', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    expect((await audit(['--endpoint-url', sandbox.url])).code).toBe(1);
  });

  it('assumes a role with its external id', async () => {
    const role = ['--role-arn', 'arn:aws:iam::111122223333:role/Auditor', '--role-session-name', 'night'];
    expect((await audit([...role, '--external-id', 'shop-1'])).code).toBe(1);
    const { code, stdout, stderr } = await audit([...role, '--external-id', 'wrong']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('error[AccessDenied]');
  });

  it('is incomplete, with the findings that there are, when a read is denied', async () => {
    sandbox.faults.add({ action: 'iam:ListAccessKeys', kind: 'denied' });
    const { code, stdout, stderr } = await audit();
    expect(code).toBe(2);
    expect(stdout).toContain('NOT JUDGED');
    expect(stderr).toMatch(/keysweep: incomplete: \d+ checks? could not be completed \(exit code 2\)\n {2}stale/);
    expect(stderr).toContain('iam:ListAccessKeys');
  });

  it('fails, and prints no results, when there is no report', async () => {
    sandbox.faults.add({ action: 'iam:GetCredentialReport', kind: 'denied' });
    const { code, stdout, stderr } = await audit(['--output', 'json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('error[AccessDenied]');
    expect(stderr).toContain('iam:GetCredentialReport');
  });

  it('waits for the report no longer than --patience', async () => {
    sandbox.faults.add({ action: 'iam:GetCredentialReport', kind: 'error', code: 'ReportInProgress', status: 404 });
    const { code, stdout, stderr } = await audit(['--patience', '1s']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('error[ReportUnavailable]');
  });

  it('shows its progress on a terminal only, and wipes it', async () => {
    expect((await audit()).stderr).not.toContain('reading');
    const { stderr } = await audit([], { columns: 80 });
    expect(stderr).toContain('waiting for the credential report ...');
    expect(stderr).toContain('reading access keys ...');
    expect(stderr.endsWith('\r\u001b[2K')).toBe(true);
  });
});
