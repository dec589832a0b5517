import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { DAY } from '../../core/duration.ts';
import { openFileLedger } from '../../files/file-ledger.ts';
import { restoreSchema } from '../../reports/restore-schema.ts';
import { startSandbox } from '../../sandbox/index.ts';
import { commandSandbox, enforceYaml } from '../support/command-sandbox.ts';
import { listenTo } from '../support/listeners.ts';
import type { MemoryIoOptions } from '../support/memory-io.ts';
import { account, fewKeys, oldKey, staleKey, unusedKey } from '../support/sweep-world.ts';

const world = commandSandbox();

function restore(
  id: string,
  args: readonly string[] = ['--no-notify', '--yes'],
  options: Partial<MemoryIoOptions> = {},
) {
  const usual = { '--why': 'the export needs it', '--ledger': 'file:L' };
  const missing = Object.entries(usual).filter(([option]) => !args.includes(option));
  return world.keysweep(['restore', id, ...missing.flat(), ...args], options);
}

async function sweepDays(...days: readonly number[]): Promise<void> {
  await world.writePolicy(enforceYaml);
  for (const step of days) {
    await world.keysweep(['sweep', '--enforce', '--yes', '--no-notify', '--ledger', 'file:L']);
    world.sandbox.clock.advance(step * DAY);
  }
}

/** Until alice's stale key and bob's key are deactivated. */
const deactivate = () => sweepDays(13, 1, 0.1);

async function ledgerEntry(id: string) {
  const ledger = await openFileLedger(`${world.directory}/L`, { readOnly: true });
  return { entry: await ledger.entry(account, id), events: await ledger.events(account, id) };
}

const callerArn = `arn:aws:sts::${account}:assumed-role/KeysweepOperator/operator`;

const statusOf = (id: string) => world.sandbox.account.findAccessKey(id)?.key.status;

describe('keysweep restore', () => {
  it('reactivates the key, and records who and why', async () => {
    await deactivate();
    expect(statusOf(staleKey)).toBe('Inactive');
    const { code, stdout } = await restore(staleKey, ['--no-notify', '--yes', '--who', 'alice']);
    expect(code).toBe(0);
    expect(stdout).toBe(`${staleKey} of alice in AWS account 111122223333 (acme) was reactivated\n`);
    expect(statusOf(staleKey)).toBe('Active');
    const { entry, events } = await ledgerEntry(staleKey);
    expect(entry).toMatchObject({
      stage: 'restored',
      restoration: { by: 'person', who: `alice (${callerArn})`, why: 'the export needs it' },
    });
    expect(entry).not.toHaveProperty('intent');
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['restoration-intended', 'restored']);
  });

  it.each([{ who: [] }, { who: ['--who', ' '] }])(
    'records the AWS caller where no one is named: $who',
    async ({ who }) => {
      await deactivate();
      await restore(staleKey, ['--no-notify', '--yes', ...who]);
      expect((await ledgerEntry(staleKey)).entry?.restoration?.who).toBe(callerArn);
    },
  );

  it('records a reason without the secret that was pasted into it, and warns', async () => {
    await deactivate();
    // The example of the IAM User Guide.
    const why = (secret: string) =>
      `the export has ${secret}, see https://example.com/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqpt`;
    const pasted = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
    const { code, stderr } = await restore(staleKey, ['--no-notify', '--yes', '--why', why(pasted)]);
    expect(code).toBe(0);
    expect(stderr).toContain('keysweep: warning: the value of --why contains what looks like a secret access key');
    expect((await ledgerEntry(staleKey)).entry?.restoration?.why).toBe(why('<redacted>'));
    expect(await readFile(join(world.directory, 'L'), 'utf8')).not.toContain(pasted);
  });

  it('takes the name of a user with one key, and says which key it is before it asks', async () => {
    await deactivate();
    const { code, stdout, stderr } = await restore('bob', ['--no-notify'], { ask: async () => 'yes' });
    expect(code).toBe(0);
    expect(stderr).toContain(`${unusedKey} of bob in AWS account 111122223333 (acme), deactivated on 2026-11-16`);
    expect(stdout).toContain(`${unusedKey} of bob in AWS account 111122223333 (acme) was reactivated`);
    expect(statusOf(unusedKey)).toBe('Active');
  });

  it('takes time zone and channels from the policy that is named, and refuses one that is not valid first', async () => {
    await deactivate();
    await writeFile(join(world.directory, 'other.yaml'), 'version: 1\ncalendar: { timezone: Asia/Tokyo }\n');
    const topic = listenTo(world.sandbox, 'digests');
    const args = ['--topic-arn', topic, '--policy', 'other.yaml'];
    const { stderr } = await restore(staleKey, args, { ask: async () => 'yes' });
    expect(stderr).toContain(
      `${staleKey} of alice in AWS account 111122223333 (acme), deactivated on 2026-11-16 (Asia/Tokyo)`,
    );
    expect(world.sandbox.messages[0]?.bodies.email).toMatch(/was reactivated in AWS account[^.]*Asia\/Tokyo\./);
    for (const [file, code] of [
      ['missing.yaml', 'FileUnreadable'],
      ['L', 'PolicyInvalid'],
    ] as const) {
      const refused = await restore(unusedKey, ['--no-notify', '--yes', '--policy', file]);
      expect({ file, code: refused.code }).toEqual({ file, code: 2 });
      expect(refused.stderr).toContain(`error[${code}]`);
      expect(world.sandbox.requestCounts()).toEqual({});
    }
  });

  it.each([
    ['without any policy', undefined, ''],
    ['with a broken keysweep.yaml that no one named', 'mode: [', 'keysweep: warning: PolicyInvalid: keysweep.yaml:1:'],
  ])('works %s', async (_, text, warned) => {
    await deactivate();
    await rm(join(world.directory, 'keysweep.yaml'));
    if (text !== undefined) await world.writePolicy(text);
    const { code, stderr } = await restore(staleKey);
    expect(code).toBe(0);
    expect(stderr).toContain(warned);
    expect(statusOf(staleKey)).toBe('Active');
  });

  it('restores none of several keys of a user, and lists them', async () => {
    await deactivate();
    const { code, stdout, stderr } = await restore('alice');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('error[AccessKeyAmbiguous]: user alice has 2 access keys; give the id of one');
    expect(stderr).toContain(`  ${staleKey}  Inactive, created 2026-09-01\n`);
    expect(statusOf(staleKey)).toBe('Inactive');
  });

  it('writes to a file where one is named, and refuses one that cannot be written before it does anything', async () => {
    await deactivate();
    const print = ['--no-notify', '--yes', '--no-color', '--output', 'json', '--output-file'];
    const refused = await restore(staleKey, [...print, 'missing/restored.json']);
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('error[OutputFailed]') });
    expect(statusOf(staleKey)).toBe('Inactive');
    const { code, stdout, stderr } = await restore(staleKey, [...print, 'restored.json']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain(`keysweep: wrote restored.json: ${staleKey} of alice`);
    const printed = JSON.parse(await readFile(join(world.directory, 'restored.json'), 'utf8'));
    expect(restoreSchema.parse(printed)).toMatchObject({ outcome: 'restored', who: callerArn });
  });

  it.each([
    ['damaged', 'no ledger at all\n', 'LedgerCorrupt'],
    ['from a newer keysweep', '{"schema":"keysweep/ledger/v99"}\n', 'LedgerFromNewerVersion'],
  ])('says, where the ledger is %s, how to reactivate the key without it', async (_, content, error) => {
    world.sandbox.account.setAccessKeyStatus(staleKey, 'Inactive');
    await writeFile(join(world.directory, 'L'), content);
    const { code, stdout, stderr } = await restore(staleKey);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`error[${error}]`);
    expect(stderr).toContain('IAM console');
    expect(stderr).toContain(
      `aws iam update-access-key --user-name USER_NAME --access-key-id ${staleKey} --status Active\n`,
    );
    expect(stderr).toContain('restoreGrace starts then');
    const named = await restore(staleKey, ['--no-notify', '--yes', '--user', 'alice']);
    expect(named.stderr).toContain('--user-name alice --access-key-id');
    const byName = await restore('bob');
    expect(byName.stderr).toContain('--user-name bob --access-key-id KEY_ID --status Active\n');
    expect(world.sandbox.writes.filter(({ by }) => by === 'api')).toEqual([]);
    expect(await readFile(join(world.directory, 'L'), 'utf8')).toBe(content);
  });

  it('reactivates by a command for the partition of the account', async () => {
    const gov = await startSandbox({ seed: { ...fewKeys, partition: 'aws-us-gov' }, region: 'us-gov-west-1' });
    for (const [name, value] of Object.entries(gov.environment)) vi.stubEnv(name, value);
    await writeFile(join(world.directory, 'L'), 'no ledger at all\n');
    const { stderr } = await restore(staleKey);
    await gov.close();
    expect(stderr).toContain(`--access-key-id ${staleKey} --status Active --region us-gov-west-1\n`);
  });

  it('starts restoreGrace: the next sweeps skip it, then it is warned about again', async () => {
    await deactivate();
    await restore(staleKey);
    const { stdout } = await world.keysweep(['plan', '--ledger', 'file:L']);
    expect(stdout).toContain('SKIPPED, RECENTLY RESTORED (1)');
    world.sandbox.clock.advance(14 * DAY);
    const later = await world.keysweep(['plan', '--ledger', 'file:L', '--output', 'json']);
    const actions = JSON.parse(later.stdout).actions;
    expect(actions).toContainEqual(
      expect.objectContaining({ notice: 'first-notice', credential: { kind: 'access-key', id: staleKey } }),
    );
  });

  it('takes the AWS caller for who where no one is named, and prints the published JSON', async () => {
    await deactivate();
    const { stdout } = await restore(staleKey, ['--no-notify', '--yes', '--output', 'json']);
    const printed = JSON.parse(stdout);
    expect(restoreSchema.parse(printed)).toEqual(printed);
    expect(printed).toMatchObject({
      outcome: 'restored',
      stage: 'restored',
      who: 'arn:aws:sts::111122223333:assumed-role/KeysweepOperator/operator',
    });
  });

  it('notifies the topic once: at once, and not again in the next digest', async () => {
    await deactivate();
    const topic = listenTo(world.sandbox, 'keysweep-digest');
    await restore(staleKey, ['--topic-arn', topic, '--yes', '--who', 'alice']);
    const [message] = world.sandbox.messages;
    expect(message?.subject).toBe(`[acme] ${staleKey} of alice reactivated`);
    expect(message?.bodies.email).toContain('Why  the export needs it');
    expect(message?.bodies.email).toContain(`keysweep explain ${staleKey} --ledger file:${world.directory}/L\n`);
    world.sandbox.clock.advance(0.5 * DAY);
    await world.keysweep(['sweep', '--enforce', '--yes', '--ledger', 'file:L', '--topic-arn', topic]);
    // The alert is about the root user, who has no MFA here.
    expect(world.sandbox.messages.map(({ attributes }) => attributes.kind?.value)).toEqual(['restored', 'alert']);
  });

  it('leaves the notice to the next digest where the topic cannot be reached, and says so', async () => {
    await deactivate();
    const topic = listenTo(world.sandbox, 'keysweep-digest');
    const fault = world.sandbox.faults.add({ action: 'sns:Publish', kind: 'denied' });
    const { code, stderr } = await restore(staleKey, ['--topic-arn', topic, '--yes']);
    expect(code).toBe(2);
    expect(stderr).toContain('people could not be notified; the next digest includes it');
    expect(statusOf(staleKey)).toBe('Active');
    fault.remove();
    world.sandbox.clock.advance(0.5 * DAY);
    await world.keysweep(['sweep', '--enforce', '--yes', '--ledger', 'file:L', '--topic-arn', topic]);
    const digests = world.sandbox.messages.filter(({ attributes }) => attributes.kind?.value === 'digest');
    expect(digests.map(({ bodies }) => bodies.email)).toEqual([expect.stringContaining('REACTIVATED')]);
  });

  it('puts an event on the bus where one is named', async () => {
    await deactivate();
    expect((await restore(staleKey, ['--no-notify', '--yes', '--event-bus', 'default'])).code).toBe(0);
    expect(world.sandbox.busEvents).toMatchObject([
      { detailType: 'Credential Restored', detail: { credential: { id: staleKey }, observed: false } },
    ]);
  });

  it('restores a key that is not in the ledger', async () => {
    world.sandbox.account.setAccessKeyStatus(oldKey, 'Inactive');
    const { code } = await restore(oldKey);
    expect(code).toBe(0);
    expect((await ledgerEntry(oldKey)).entry).toMatchObject({ stage: 'restored', principal: { name: 'carol' } });
  });

  it('says that it begins a new ledger', async () => {
    const { stderr } = await restore(oldKey);
    expect(stderr).toContain(`ledger ${world.directory}/L did not exist: a new one was created`);
    expect((await restore(oldKey)).stderr).toBe('');
    const quiet = await restore(oldKey, ['--no-notify', '--yes', '--quiet', '--ledger', 'file:other']);
    expect(quiet.stderr).toBe('');
  });

  it('does nothing to an active key, and writes nothing about it', async () => {
    const { code, stdout } = await restore(oldKey);
    expect(code).toBe(0);
    expect(stdout).toContain('is active; there was nothing to do');
    expect((await ledgerEntry(oldKey)).entry).toBeUndefined();
    expect(world.sandbox.writes).toEqual([]);
  });

  it('takes note of a key that someone else has reactivated', async () => {
    await deactivate();
    world.sandbox.account.setAccessKeyStatus(staleKey, 'Active');
    const { stdout } = await restore(staleKey);
    expect(stdout).toContain('was active already, which the ledger now records');
    expect((await ledgerEntry(staleKey)).entry).toMatchObject({ stage: 'restored' });
  });

  it('says of a deleted key when it went, and that it cannot come back', async () => {
    await sweepDays(13, 1, 29, 1, 0.1);
    const { code, stderr } = await restore(staleKey);
    expect(code).toBe(2);
    expect(stderr).toContain('error[AccessKeyDeleted]');
    expect(stderr).toContain('was deleted by keysweep on 2026-12-16');
    expect(stderr).toContain('AWS cannot restore it');
  });

  it('leaves its intent in the ledger where IAM refuses: no sweep deletes the key for now', async () => {
    await deactivate();
    world.sandbox.faults.add({ action: 'iam:UpdateAccessKey', kind: 'denied' });
    const { code, stderr } = await restore(unusedKey);
    expect(code).toBe(2);
    expect(stderr).toContain('error[RestoreFailed]');
    expect(statusOf(unusedKey)).toBe('Inactive');
    const { entry } = await ledgerEntry(unusedKey);
    expect(entry?.stage).toBe('deactivated');
    expect(entry?.intent).toMatchObject({ action: 'restore' });
    expect(entry).not.toHaveProperty('notice');
  });

  it('shows the key and asks at a terminal; only yes continues', async () => {
    await deactivate();
    // Undefined is Ctrl-C or Ctrl-D.
    for (const answer of ['n', undefined]) {
      const declined = await restore(staleKey, ['--no-notify'], { ask: async () => answer });
      expect(declined.code).toBe(2);
      expect(declined.stderr).toContain(
        `${staleKey} of alice in AWS account 111122223333 (acme), deactivated on 2026-11-16`,
      );
      expect(declined.stderr).toContain('keysweep: Cancelled, nothing changed.\n');
      expect(statusOf(staleKey)).toBe('Inactive');
    }
    expect((await restore(staleKey, ['--no-notify'], { ask: async () => 'yes' })).code).toBe(0);
    expect(statusOf(staleKey)).toBe('Active');
  });

  it.each([
    [['--no-notify'], 'error[ConfirmationMissing]'],
    [['--yes'], 'choose whom to notify'],
    [['--yes', '--no-notify', '--why', ' '], 'error[ReasonMissing]'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await restore(staleKey, args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(world.sandbox.requestCounts()).toEqual({});
  });

  it('needs a reason and a ledger', async () => {
    const { code, stderr } = await world.keysweep(['restore', staleKey, '--no-notify']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/required option '--(why|ledger)/);
  });
});
