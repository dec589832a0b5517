/**
 * The command line over moto for some weeks, one process a night, each with its clock a day further on: what the policy
 * names, and nothing else, is deactivated and deleted, by what moto itself shows after every night.
 */
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { DAY, HOUR } from '../../core/duration.ts';
import { sweepSchema } from '../../reports/sweep/schema.ts';
import { moduleProcess } from '../support/child-process.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';
import { accountId, type ContractAccount, type ContractUser } from './account.ts';
import { fillMoto } from './moto/fill.ts';
import { type MotoServer, startMoto } from './moto/server.ts';
import { runDaysLater } from './moto/shifted-process.ts';

const executable = moduleProcess(new URL('../../bin/keysweep.ts', import.meta.url));
const scratch = scratchDirectory();

let moto: MotoServer;
beforeAll(async () => {
  // Without it there is no AdministratorAccess to attach.
  moto = await startMoto({ settings: { MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' } });
});
afterAll(() => moto?.close());

const sweepOutput = sweepSchema('sweep');
const start = new Date();

/** An hour less than so many days before (or, negative, after) the first night, so that no age lies on a limit. */
function daysAgo(days: number): string {
  return new Date(start.getTime() - days * DAY - HOUR).toISOString().replace(/\.\d+Z$/, 'Z');
}

const used = (days: number) => ({ at: daysAgo(days), service: 's3', region: 'us-east-1' });

function user(name: string, accessKeys: ContractUser['accessKeys'], more: Partial<ContractUser> = {}): ContractUser {
  return { name, createdAt: daysAgo(600), ...more, ...(accessKeys !== undefined && { accessKeys }) };
}

/** Half a day from now: within the window of the schedule a sweep is one of the schedule's, and promises count from its beginning. */
const elsewhen = `${String((start.getUTCHours() + 12) % 24).padStart(2, '0')}:00`;

/** moto’s report is always of 2015: nothing would happen by the usual limit. */
function policyText({ mode = 'enforce', cap = 100, more = '' }): string {
  return `version: 1
mode: ${mode}
accessKeys: { maxIdle: 45d, maxAge: 90d, neverUsedGrace: 7d, inUseWindow: 14d, maxInactive: 90d, warn: [4d, 1d], deleteAfter: 6d }
limits: { maxReportAge: 20000d, maxDeactivations: ${cap}, maxDeletions: ${cap} }
calendar: { days: [Mon, Tue, Wed, Thu, Fri, Sat, Sun] }
deployment: { schedule: { at: "${elsewhen}" } }
${more}`;
}

/** Opens an account in moto, and gives what sweeps it and what looks at it from outside. */
async function openAccount(users: readonly ContractUser[], policy: string, exitCode = 0) {
  await moto.reset();
  const account: ContractAccount = {
    id: accountId,
    alias: 'nights',
    now: start.toISOString(),
    users,
    groups: [],
    roles: [],
    policies: [],
  };
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  const iam = new IAMClient({ endpoint: moto.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => iam.destroy());
  const ids = await fillMoto(iam, moto, account);
  const policyFile = join(scratch.path, 'keysweep.yaml');
  const ledgerFile = join(scratch.path, 'ledger.jsonl');
  await writeFile(policyFile, policy);

  /** `USER[KEY]`, counted from 0, in place of an id that moto drew. */
  const nameOf = (id: string) => {
    const [found] = [...ids].flatMap(([name, own]) => (own.includes(id) ? [`${name}[${own.indexOf(id)}]`] : []));
    return found ?? `unknown ${id}`;
  };

  async function sweep(night: number) {
    const command = executable.command(
      ...['sweep', '--enforce', '--yes', '--no-notify', '--ledger', `file:${ledgerFile}`, '--policy', policyFile],
      ...['--endpoint-url', moto.url, '--output', 'json'],
    );
    const { code, stdout, stderr } = await runDaysLater(night, command, {
      cwd: scratch.path,
      env: {
        PATH: process.env.PATH,
        HOME: scratch.path,
        AWS_ACCESS_KEY_ID: 'testing',
        AWS_SECRET_ACCESS_KEY: 'testing',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    });
    expect(code, `night ${night}: ${stderr}`).toBe(exitCode);
    const printed = sweepOutput.parse(JSON.parse(stdout));
    const drift = Date.parse(printed.startedAt) - Date.now() - night * DAY;
    expect(Math.abs(drift), 'faketime moves the clock of the process').toBeLessThan(HOUR);
    return {
      ...printed,
      changes: printed.actions
        .filter(({ type, outcome }) => (type === 'deactivate' || type === 'delete') && outcome === 'applied')
        .map(({ type, credential }) => `${type} ${nameOf(credential.id)}`)
        .sort(),
      capped: printed.skipped
        .filter(({ skipReason }) => skipReason === 'cap')
        .map(({ credential }) => nameOf(credential.id ?? '')),
    };
  }

  /** Every key with its status, as moto shows it. */
  async function keys(): Promise<ReadonlyMap<string, string>> {
    const lists = await Promise.all(users.map(({ name }) => iam.send(new ListAccessKeysCommand({ UserName: name }))));
    return new Map(
      lists.flatMap(({ AccessKeyMetadata = [] }) =>
        AccessKeyMetadata.map(({ AccessKeyId = '', Status = '' }) => [nameOf(AccessKeyId), Status] as const),
      ),
    );
  }

  /** A sweep, and what it changed by moto's own account of it. */
  async function sweepAndLook(night: number) {
    const before = await keys();
    const swept = await sweep(night);
    const after = await keys();
    const changes = [...before].flatMap(([key, status]) => {
      const now = after.get(key);
      if (now === undefined) return [`delete ${key}`];
      return now === status ? [] : [`${now === 'Inactive' ? 'deactivate' : 'reactivate'} ${key}`];
    });
    expect(swept.changes, `night ${night}: what it says against what moto shows`).toEqual(changes.sort());
    return { ...swept, changes };
  }

  /** Someone uses a key shortly before a night. */
  async function use(name: string, at: number, night: number): Promise<void> {
    await moto.dateBack({ user: name, accessKeys: [{ id: ids.get(name)?.[at], lastUsed: used(-night) }] });
  }

  return { sweepAndLook, use, keys, ledgerFile };
}

describe('keysweep sweep --enforce on successive days', () => {
  it('deactivates and deletes exactly what the policy names, on the day that it names', {
    timeout: 600_000,
  }, async () => {
    const world = await openAccount(
      [
        user('stale', [{ createdAt: daysAgo(200), lastUsed: used(100) }]),
        user('never-used', [{ createdAt: daysAgo(60) }]),
        user('twins', [
          { createdAt: daysAgo(70), lastUsed: used(60) },
          { createdAt: daysAgo(70), lastUsed: used(1) },
        ]),
        user('becomes-stale', [{ createdAt: daysAgo(60), lastUsed: used(40) }]),
        user('comes-back', [{ createdAt: daysAgo(80), lastUsed: used(70) }]),
        user('old-in-use', [{ createdAt: daysAgo(300), lastUsed: used(1) }]),
        user('deactivated', [{ createdAt: daysAgo(300), lastUsed: used(200), status: 'Inactive' }]),
        user('break-glass', [{ createdAt: daysAgo(500), lastUsed: used(400) }]),
        user('yearly-job', [{ createdAt: daysAgo(300), lastUsed: used(250) }], { tags: { kind: 'machine' } }),
        user('fresh', [{ createdAt: daysAgo(2) }]),
      ],
      policyText({
        more: `overrides:
  - match: { tag: { kind: machine } }
    accessKeys: { maxIdle: 400d, maxAge: 1000d }
exemptions:
  - { match: { user: break-glass }, rules: '*', reason: emergencies, owner: security, expires: 2099-12-31 }
`,
      }),
    );
    const changed: Record<number, readonly string[]> = {};
    for (let night = 0; night <= 17; night++) {
      await world.use('twins', 1, night);
      await world.use('old-in-use', 0, night);
      await world.use('fresh', 0, night);
      if (night >= 3) await world.use('comes-back', 0, night);
      const { changes } = await world.sweepAndLook(night);
      if (changes.length > 0) changed[night] = changes;
    }
    expect(changed).toEqual({
      // Warned in night 0, for 4 days, which are over before the sweep of night 5 could begin, half an hour early.
      5: ['deactivate never-used[0]', 'deactivate stale[0]', 'deactivate twins[0]'],
      // Found inactive in night 0; deleteAfter is 6 days.
      7: ['delete deactivated[0]'],
      // Idle for 45 days since night 5.
      10: ['deactivate becomes-stale[0]'],
      12: ['delete never-used[0]', 'delete stale[0]', 'delete twins[0]'],
      17: ['delete becomes-stale[0]'],
    });
    expect([...(await world.keys())].sort()).toEqual(
      ['break-glass[0]', 'comes-back[0]', 'fresh[0]', 'old-in-use[0]', 'twins[1]', 'yearly-job[0]'].map((key) => [
        key,
        'Active',
      ]),
    );
  });

  it('a cap defers the rest: privileged first, then longest idle', { timeout: 400_000 }, async () => {
    const administrator = { attachedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'] };
    const world = await openAccount(
      [
        user('idle-for-60-days', [{ createdAt: daysAgo(80), lastUsed: used(60) }]),
        user('idle-for-70-days', [{ createdAt: daysAgo(80), lastUsed: used(70) }]),
        user('administrator', [{ createdAt: daysAgo(80), lastUsed: used(50) }], administrator),
      ],
      policyText({ cap: 1 }),
    );
    const nights: unknown[] = [];
    for (const night of [0, 4, 5, 6, 7, 11, 12, 13, 14]) {
      const { changes, capped } = await world.sweepAndLook(night);
      nights.push([night, changes, capped.sort()]);
    }
    const [first, second, third] = ['administrator[0]', 'idle-for-70-days[0]', 'idle-for-60-days[0]'];
    expect(nights).toEqual([
      [0, [], []],
      // The final notice goes to whom the cap lets through in the night after it; the others wait for theirs.
      [4, [], [third, second]],
      [5, [`deactivate ${first}`], [third]],
      [6, [`deactivate ${second}`], []],
      [7, [`deactivate ${third}`], []],
      // Six whole days after each one's own night.
      [11, [], []],
      [12, [`delete ${first}`], []],
      [13, [`delete ${second}`], []],
      [14, [`delete ${third}`], []],
    ]);
  });

  it('mode audit writes nothing, however much is due', { timeout: 400_000 }, async () => {
    const world = await openAccount(
      [
        user('stale', [{ createdAt: daysAgo(200), lastUsed: used(100) }]),
        user('deactivated', [{ createdAt: daysAgo(300), lastUsed: used(200), status: 'Inactive' }]),
      ],
      policyText({ mode: 'audit' }),
      // --enforce had no effect.
      2,
    );
    const before = await world.keys();
    for (const night of [0, 3, 4, 40]) {
      const { dryRun, actions, changes } = await world.sweepAndLook(night);
      expect({ dryRun, actions, changes }).toEqual({ dryRun: true, actions: [], changes: [] });
    }
    expect(await world.keys()).toEqual(before);
    await expect(access(world.ledgerFile)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
