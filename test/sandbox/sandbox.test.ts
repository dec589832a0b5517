import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ListUsersCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it, vi } from 'vitest';
import { startSandbox } from '../../sandbox/index.ts';
import { openSandbox, smallAccount, smallNow } from '../support/sandbox-clients.ts';

describe('a sandbox', () => {
  it('is reached by what is in its environment alone', async () => {
    const { sandbox } = await openSandbox();
    // A profile of the person who runs the tests would come before the environment.
    vi.stubEnv('AWS_PROFILE', undefined);
    for (const [name, value] of Object.entries(sandbox.environment)) {
      vi.stubEnv(name, value);
    }
    const sts = new STSClient({});
    const identity = await sts.send(new GetCallerIdentityCommand({})).finally(() => {
      sts.destroy();
      vi.unstubAllEnvs();
    });
    expect(identity).toMatchObject({ Arn: 'arn:aws:sts::111122223333:assumed-role/KeysweepOperator/operator' });
  });

  it('listens on loopback, on the port asked for', async () => {
    const { sandbox } = await openSandbox();
    expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const port = Number(new URL(sandbox.url).port);
    await expect(startSandbox({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('has an account with no one in it when there is no seed', async () => {
    const sandbox = await startSandbox();
    expect(sandbox.account.users()).toEqual([]);
    await sandbox.close();
  });

  it('closes although a request waits for its answer, and refuses connections from then on', async () => {
    const { sandbox, iam } = await openSandbox();
    sandbox.faults.add({ action: '*', kind: 'timeout' });
    const waiting = expect(iam.send(new ListUsersCommand({}))).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect.poll(() => sandbox.requests).toHaveLength(1);
    await sandbox.close();
    await waiting;
    await expect(fetch(sandbox.url)).rejects.toThrow();
  });

  it('lets the process end once it is closed', async () => {
    const script =
      "import { startSandbox } from './sandbox/index.ts';" +
      "const sandbox = await startSandbox({ clock: 'running' });" +
      'await fetch(sandbox.url);' +
      'await sandbox.close();' +
      "console.log('closed');";
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 25_000 });
    expect(stdout).toBe('closed\n');
  });
});

describe('its clock', () => {
  it("starts at the seed's present, or where it is set to", async () => {
    const seeded = await openSandbox();
    expect(seeded.sandbox.clock.now()).toEqual(smallNow);
    const later = new Date('2027-01-01T00:00:00Z');
    const opened = await openSandbox({ now: later });
    expect(opened.sandbox.clock.now()).toEqual(later);
  });

  it('does not run by itself, and can be moved both ways', async () => {
    let real = 0;
    const { sandbox } = await openSandbox({ timeSource: () => real });
    real += 5000;
    expect(sandbox.clock.now()).toEqual(smallNow);
    sandbox.clock.advance(1500);
    expect(sandbox.clock.now()).toEqual(new Date('2026-11-20T02:30:01.500Z'));
    sandbox.clock.advance(-2500);
    expect(sandbox.clock.now()).toEqual(new Date('2026-11-20T02:29:59.000Z'));
  });

  it('runs along with real time when set to', async () => {
    let real = 100;
    const { sandbox } = await openSandbox({ clock: 'running', timeSource: () => real });
    real += 5000;
    expect(sandbox.clock.now()).toEqual(new Date('2026-11-20T02:30:05.000Z'));
    sandbox.clock.set(smallNow);
    real += 1000;
    sandbox.clock.advance(1000);
    expect(sandbox.clock.now()).toEqual(new Date('2026-11-20T02:30:02.000Z'));
  });

  it('refuses what is no time', async () => {
    const { sandbox } = await openSandbox();
    expect(() => sandbox.clock.set(new Date('nonsense'))).toThrow('a valid date');
    expect(() => sandbox.clock.advance(Number.NaN)).toThrow('a finite number');
    await expect(startSandbox({ seed: smallAccount, now: new Date('nonsense') })).rejects.toThrow('valid date');
  });
});
