import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import { forecastSchema } from '../../reports/forecast/schema.ts';
import { commandSandbox, enforceYaml } from '../support/command-sandbox.ts';
import { runInMemory } from '../support/memory-io.ts';
import { asPublished } from '../support/published.ts';
import { savedReportTime, staleReport } from '../support/saved-report.ts';
import { busyKey, oldKey, staleKey, unusedKey } from '../support/sweep-world.ts';

const world = commandSandbox();

async function forecastJson(...args: readonly string[]) {
  const result = await world.keysweep(['forecast', '--output', 'json', ...args]);
  return { ...result, printed: JSON.parse(result.stdout) };
}

describe('keysweep forecast', () => {
  it('prints the published JSON: which key is warned, deactivated and deleted on which date', async () => {
    await world.writePolicy(enforceYaml);
    const { code, printed } = await forecastJson('--days', '60');
    expect(code).toBe(0);
    expect(asPublished(forecastSchema, printed)).toEqual(printed);
    const events = printed.events.filter(
      ({ credential }: { credential: { id: string } }) => credential.id === staleKey,
    );
    expect(events.map(({ night, type, notice }: Record<string, string>) => [night, notice ?? type])).toEqual([
      ['2026-11-02T04:30:00.000Z', 'first-notice'],
      ['2026-11-09T04:30:00.000Z', 'reminder'],
      ['2026-11-15T04:30:00.000Z', 'final-notice'],
      ['2026-11-16T04:30:00.000Z', 'deactivate'],
      ['2026-12-15T04:30:00.000Z', 'final-notice'],
      ['2026-12-16T04:30:00.000Z', 'delete'],
    ]);
    expect(printed.totals).toMatchObject({ deactivated: 2, deleted: 2 });
  });

  it('shows each changed key once, with its dates, and in each night the changes before the reminders', async () => {
    await world.writePolicy(enforceYaml);
    const { stdout } = await world.keysweep(['forecast', '--days', '60']);
    const block = stdout
      .split('\n\n')
      .find((text) => text.startsWith('TO BE DEACTIVATED OR DELETED (2 access keys)\n'));
    expect(
      block
        ?.split('\n')
        .slice(1)
        .map((line) => line.trim().replace(/ +/g, ' ')),
    ).toEqual([
      `alice ${staleKey} deactivated 2026-11-16, deleted 2026-12-16: unused for 74 days (limit 45)`,
      `bob ${unusedKey} deactivated 2026-11-16, deleted 2026-12-16: never used for 62 days (limit 7)`,
    ]);
    const night = stdout.split('\n\n').find((text) => text.startsWith('2026-11-16'));
    expect(
      night
        ?.split('\n')
        .slice(1)
        .map((line) => /deactivated|reminder/.exec(line)?.[0]),
    ).toEqual(['deactivated', 'deactivated', 'reminder']);
  });

  it('lists no changed keys where there are none', async () => {
    await world.writePolicy(
      'version: 1\nexemptions: [{ match: { user: "*" }, rules: "*", reason: r, owner: o, expires: 2027-12-31 }]\n',
    );
    expect((await world.keysweep(['forecast'])).stdout).not.toContain('THE KEYS THAT GO');
  });

  it('models mode enforce whatever the policy says, and says so', async () => {
    const { printed } = await forecastJson();
    expect(printed.model).toMatchObject({ mode: 'enforce', policyMode: 'audit', nights: 180, use: 'continue' });
    expect(printed.model.assumptions[0]).toBe('Mode enforce. The policy is in mode audit, which does none of this.');
    expect(printed.totals.deactivated).toBe(2);
    await world.writePolicy(enforceYaml.replace('mode: enforce', 'mode: warn'));
    const [ofWarn] = (await forecastJson()).printed.model.assumptions;
    expect(ofWarn).toBe(
      'Mode enforce. The policy is in mode warn, which notifies people but deactivates and deletes nothing.',
    );
  });

  it('deactivates what is in use only where use stops', async () => {
    const off = async (use: string) => {
      const { printed } = await forecastJson('--assume', use);
      return printed.events
        .filter(({ type }: { type: string }) => type === 'deactivate')
        .map(({ credential }: { credential: { id: string } }) => credential.id)
        .toSorted();
    };
    expect(await off('continue')).toEqual([staleKey, unusedKey].toSorted());
    expect(await off('stop')).toEqual(expect.arrayContaining([busyKey, oldKey]));
  });

  it('shows on a terminal how far the model is, and leaves no trace of it', async () => {
    const { stderr } = await world.keysweep(['forecast', '--days', '3'], { columns: 80 });
    expect(stderr).toContain('] modeling nights 1/3');
    expect(stderr).toContain('] modeling nights 3/3');
    expect(stderr.split('\r\u001b[2K').at(-1)).not.toContain('modelling');
  });

  it('shows the nights and the sums by month to people', async () => {
    const { stdout, stderr } = await world.keysweep(['forecast'], { env: { COLUMNS: '110' } });
    expect(stdout).toContain('AWS account 111122223333 (acme): the next 180 nights in mode enforce');
    expect(stdout).toContain('2026-11-02 Mon  3 first notices');
    expect(stdout).toMatch(/alice +AKIASTALEAAAAAAAAAAA +first notice: unused for 60 days \(limit 45\)/);
    expect(stdout).toMatch(/carol +AKIAOLDAAAAAAAAAAAAA +first notice to rotate: created 670 days ago \(limit 90\)/);
    expect(stdout).toContain('MONTH      first notices  reminders  final notices  deactivated  deleted');
    expect(stdout).toContain('ASSUMPTIONS');
    expect(stderr).toContain('no --ledger given, so earlier notices and deactivations are unknown');
  });

  it('says why a key that is in order tonight has no id, and where to find it', async () => {
    const note = /A key that is compliant tonight .* aws iam list-access-keys --user-name NAME/;
    const { account, clock } = world.sandbox;
    account.useAccessKey(account.createAccessKey('dave').id, clock.now());
    clock.advance(DAY);
    const { printed } = await forecastJson('--assume', 'stop');
    expect(printed.events).toContainEqual(
      expect.objectContaining({ credential: { kind: 'access-key', id: 'dave (access key 1)' } }),
    );
    expect(printed.model.assumptions).toContainEqual(expect.stringMatching(note));
    // No one is left without an id where only the keys with findings are dealt with.
    expect((await forecastJson('--days', '30')).printed.model.assumptions).not.toContainEqual(
      expect.stringMatching(note),
    );
  });

  it('continues from where the ledger is', async () => {
    await world.writePolicy(enforceYaml);
    await world.keysweep(['sweep', '--enforce', '--yes', '--no-notify', '--ledger', 'file:L']);
    const { printed } = await forecastJson('--ledger', 'file:L');
    expect(printed.model.ledger).toBe('file:L');
    expect(printed.events[0]).toMatchObject({ night: '2026-11-09T04:30:00.000Z', notice: 'reminder' });
  });

  async function tonight(...args: readonly string[]) {
    const { code, printed } = await forecastJson('--ledger', 'file:L', '--days', '1', ...args);
    expect(code).toBe(0);
    return printed.events.map(
      ({ type, notice, change, credential }: Record<string, string> & { credential: { id: string } }) =>
        [type, notice, change, credential.id].filter(Boolean).join(' '),
    );
  }

  it('does not count notices that no one has got', async () => {
    await world.writePolicy(enforceYaml);
    await world.undeliveredSweep('file:L');
    world.sandbox.clock.advance(DAY);
    expect(await tonight()).toEqual([staleKey, unusedKey, oldKey].map((id) => `warn first-notice ${id}`));
  });

  it('finds what people have done since, and asks IAM only about that', async () => {
    await world.writePolicy(enforceYaml);
    await world.keysweep(['sweep', '--enforce', '--yes', '--no-notify', '--ledger', 'file:L']);
    world.sandbox.account.setAccessKeyStatus(staleKey, 'Inactive');
    world.sandbox.account.deleteUser('bob');
    world.sandbox.clock.advance(DAY);
    expect(await tonight()).toEqual([`observe deactivated ${staleKey}`, `observe deleted ${unusedKey}`]);
  });

  it('asks IAM about no key where the report agrees with the ledger', async () => {
    await world.writePolicy(enforceYaml);
    await forecastJson('--days', '1');
    // Without a ledger it looks for that of the installation.
    const { 'ssm:GetParametersByPath': _, ...requests } = world.sandbox.requestCounts();
    await world.keysweep(['sweep', '--enforce', '--yes', '--no-notify', '--ledger', 'file:L']);
    await tonight();
    expect(requests['iam:ListAccessKeys']).toBe(3);
    expect(world.sandbox.requestCounts()).toEqual(requests);
  });

  it('continues for a key deactivated beside one of the same second, where the report cannot distinguish the two', async () => {
    await world.writePolicy(enforceYaml);
    for (const days of [13, 1, 1]) {
      await world.keysweep(['sweep', '--enforce', '--yes', '--no-notify', '--ledger', 'file:L']);
      world.sandbox.clock.advance(days * DAY);
      for (const id of [busyKey, oldKey]) world.sandbox.account.useAccessKey(id, world.sandbox.clock.now());
      world.sandbox.clock.advance(DAY / 24);
    }
    const { printed } = await forecastJson('--ledger', 'file:L', '--days', '40');
    const deleted = printed.events.filter(({ type }: { type: string }) => type === 'delete');
    expect(deleted.map(({ credential }: { credential: { id: string } }) => credential.id)).toContain(staleKey);
    expect(printed.unknown).toEqual([]);
  });

  it('reads the tags of users that are in order tonight, where the policy matches tags', async () => {
    await world.writePolicy(`${enforceYaml}exemptions:
  - { match: { tag: { owner: "*" } }, rules: "*", reason: r, owner: o@example.com, expires: 2030-01-01 }
`);
    const { code, printed } = await forecastJson();
    expect(code).toBe(0);
    const users = new Set(printed.events.map(({ principal }: { principal: { name: string } }) => principal.name));
    expect([...users].toSorted()).toEqual(['bob', 'carol']);
  });

  it('is incomplete, and says of which keys, where something cannot be judged', async () => {
    world.sandbox.faults.add({ action: 'iam:ListAccessKeys', user: 'bob', kind: 'denied' });
    const { code, printed, stderr } = await forecastJson();
    expect(code).toBe(2);
    expect(printed.unknown).toHaveLength(1);
    expect(printed.unknown[0]).toMatchObject({ principal: { name: 'bob' } });
    expect(printed.unknown[0].why).toContain('iam:ListAccessKeys');
    expect(stderr).toContain('keysweep: incomplete: 1 key could not be judged (exit code 2)');
  });

  it('changes nothing, in the account and on the disk', async () => {
    await world.keysweep(['forecast', '--ledger', 'file:L']);
    expect(world.sandbox.writes).toEqual([]);
    await expect(stat(join(world.directory, 'L'))).rejects.toThrow('ENOENT');
  });

  it.each(['0', '-1', '1.5', 'many', '4000'])('refuses --days %s', async (days) => {
    const { code, stderr } = await world.keysweep(['forecast', '--days', days]);
    expect(code).toBe(2);
    expect(stderr).toContain('Give a number of nights from 1 to 3660.');
  });
});

describe('keysweep forecast of a saved report', () => {
  async function offline(...args: readonly string[]) {
    await writeFile(join(world.directory, 'report.csv'), staleReport);
    const all = ['forecast', '--report', 'report.csv', '--as-of', savedReportTime, ...args];
    return runInMemory(all, { directory: world.directory });
  }

  it('names keys by user and slot, and makes no AWS call', async () => {
    const { code, stdout } = await offline('--output', 'json');
    const printed = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(printed.model.offline).toBe(true);
    expect(printed.events[0].credential.id).toMatch(/ \(access key [12]\)$/);
    expect(world.sandbox.requestCounts()).toEqual({});
  });

  it('calls a key by its slot beside its user', async () => {
    const { stdout } = await offline();
    expect(stdout).toMatch(/ {2}\S+ {2}access key [12] +first notice/);
    expect(stdout).toContain('keys are named by user and slot');
  });

  it('cannot read a ledger in DynamoDB', async () => {
    const { code, stderr } = await offline('--ledger', 'dynamodb:ledger');
    expect(code).toBe(2);
    expect(stderr).toContain('error[LedgerNeedsAws]');
  });
});
