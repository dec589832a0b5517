/** `npm run emulator`: what it says of its users is so, and a newcomer's first night shows the product at work. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { cdk, runProgram } from './cdk.ts';
import { commandHelp, createCommands } from './emulator/commands.ts';
import { account, type Emulator, region, startEmulator } from './emulator/emulator.ts';
import { policyOfSeed, seedAccount, seededUsers } from './emulator/seed.ts';
import { type Mailbox, openMailbox } from './sinks.ts';
import { soon } from './watch.ts';

let folder: string;
let policy: string;
let mailbox: Mailbox;
let emulator: Emulator;
const printed: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keysweep-seeded-'));
  policy = join(folder, 'keysweep.yaml');
  mailbox = await openMailbox();
  emulator = await startEmulator({ folder, smtpPort: mailbox.port });
  const now = new Date('2026-11-20T12:00:00Z');
  await writeFile(policy, policyOfSeed(now));
  await seedAccount(emulator, now);
});

afterAll(async () => {
  await emulator?.close();
  await mailbox?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

interface Finding {
  readonly rule: string;
  readonly status: string;
  readonly principal: { readonly name?: string };
}

it('has what it says of each user', async () => {
  const keysweep = ['--import', 'tsx', 'bin/keysweep.ts'];
  const audit = ['audit', '--policy', policy, '--output', 'json', '--fail-on', 'none'];
  const { findings } = JSON.parse(
    await runProgram(process.execPath, [...keysweep, ...audit], emulator.environment),
  ) as {
    findings: readonly Finding[];
  };
  const found = (name: string | undefined) =>
    findings
      .filter(({ principal }) => principal.name === name)
      .map(({ rule, status }) => (status === 'fail' ? rule : `${rule} (${status})`))
      .sort();
  expect(Object.fromEntries(seededUsers.map(({ name }) => [name, found(name)]))).toMatchObject({
    'report-export': ['access-key-too-old', 'access-key-unused'],
    'legacy-sync': ['access-key-never-used', 'access-key-too-old'],
    'deploy-bot': ['access-key-too-old'],
    carol: ['access-key-too-old', 'access-key-unused', 'access-keys-two-active'],
    bob: ['console-mfa-missing', 'console-password-unused'],
    'old-backup': ['access-key-inactive'],
    'break-glass-1': ['access-key-never-used (exempt)', 'access-key-too-old (exempt)'],
    'new-service': [],
    alice: [],
  });
  expect(findings.filter(({ rule }) => rule.startsWith('root-')).map(({ rule }) => rule)).toEqual(['root-mfa-missing']);
});

it('takes commands: what is to be done first, then the first night with an alert, findings and first notices', async () => {
  const type = createCommands({ emulator, mails: mailbox.mails, print: (text) => void printed.push(text) });
  await type('night');
  await type('tomorrow');
  expect(printed).toEqual([
    'keysweep is not deployed here yet: npx cdk deploy',
    `not a command, nor a time: tomorrow\n${commandHelp}`,
  ]);
  const output = join(folder, 'cdk.out');
  await cdk(['bootstrap', `aws://${account}/${region}`], emulator.environment, output);
  await cdk(['deploy', '--require-approval', 'never', '-c', `policy=${policy}`], emulator.environment, output);
  await type('confirm');
  await type('night');
  expect(printed.slice(2)).toEqual([
    'Confirmed 3 subscriptions.',
    '--- 2026-11-21T05:00:00.000Z: the night begins',
    '--- 2026-11-21T05:00:00.000Z: the sweep has completed',
  ]);
  const expected = expect.arrayContaining([
    `[${account}] 1 critical finding`,
    expect.stringContaining('new findings (1 critical, 1 high, 1 medium, 1 low), 1 newly exempt'),
    `[${account}] 3 keys on first notice, 1 too old and in use, 1 deactivated by someone else`,
  ]);
  // A sweep does not wait for mail servers.
  await vi.waitFor(() => expect(mailbox.mails.map(({ subject }) => subject)).toEqual(expected), soon);
}, 180_000);
