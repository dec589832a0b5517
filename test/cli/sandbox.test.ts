import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseEnv } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { seedAsOf } from '../../cli/sandbox-seed.ts';
import { acmeAccount } from '../../sandbox/seeds/acme.ts';
import { type CommandResult, runInMemory } from '../support/memory-io.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

/** Long after the seed was written. */
const now = '2027-05-01T00:00:00Z';
const scratch = scratchDirectory();

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Runs `keysweep sandbox`, calls `use` with what it told to export, then sends Ctrl-C. */
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
    expect(stderr).toContain('in another terminal, then: keysweep audit (Ctrl-C here ends it)');
    expect(stderr).toContain('the sandbox has ended');
  });

  it('says in its help what its clock means for a lifecycle, and how to get a topic', async () => {
    const { stdout } = await runInMemory(['sandbox', '--help'], { directory: scratch.path });
    for (const part of ['real time', 'keysweep demo', 'aws sns create-topic']) expect(stdout).toContain(part);
  });

  it('starts empty with --seed empty', async () => {
    await withSandbox(['--seed', 'empty'], async (environment) => {
      const audit = await auditOf(environment);
      expect(audit.report.rows).toBe(1);
    });
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
      `error[PortUnavailable]: cannot listen on 127.0.0.1:${port}: another program listens there`,
    );
  });
});

describe('seedAsOf', () => {
  it('moves every time by the same length, and nothing else', () => {
    const now = new Date(Date.parse(acmeAccount.now ?? '') + 1_000_000);
    const moved = seedAsOf(acmeAccount, now);
    expect(moved.now).toBe(now.toISOString());
    const masked = (seed: object) => JSON.stringify(seed).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
    expect(masked(moved)).toBe(masked(acmeAccount));
    expect(Date.parse(moved.root?.passwordLastUsed ?? '') - Date.parse(acmeAccount.root?.passwordLastUsed ?? '')).toBe(
      1_000_000,
    );
    expect(seedAsOf(seedAsOf(moved, new Date(0)), now)).toEqual(moved);
  });
});
