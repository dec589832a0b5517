import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import { sweepSchema } from '../../reports/sweep/schema.ts';
import { commandSandbox, enforceYaml } from '../support/command-sandbox.ts';
import { asPublished } from '../support/published.ts';
import { staleKey, unusedKey } from '../support/sweep-world.ts';

const world = commandSandbox();

describe('keysweep plan', () => {
  it('shows what tonight would do, grouped, and what it skips and why', async () => {
    await world.writePolicy(`${enforceYaml}exemptions:
  - { match: { user: bob }, rules: "*", reason: on leave, owner: hr@example.com, expires: 2027-01-31 }
`);
    const { code, stdout, stderr } = await world.keysweep(['plan'], { env: { COLUMNS: '110' } });
    expect(code).toBe(0);
    expect(stdout).toContain('AWS account 111122223333 (acme): plan in mode enforce, 2026-11-02 04:30 UTC');
    expect(stdout).toContain('FIRST NOTICES (1)');
    expect(stdout).toContain(`alice  ${staleKey}  deactivated on 2026-11-16 or later; unused for 60 days (limit 45)`);
    expect(stdout).toContain('ROTATION TO BE REQUESTED (1)');
    expect(stdout).toContain('SKIPPED, EXEMPT (1)');
    expect(stdout).toContain(`bob    ${unusedKey}  exempt until 2027-01-31: on leave`);
    expect(stdout).toContain('Tonight: 0 deactivated, 0 deleted, 2 notices, 1 skipped.');
    expect(stderr).toContain('no --ledger');
  });

  it('prints the published JSON', async () => {
    await world.writePolicy(enforceYaml);
    const { code, stdout } = await world.keysweep(['plan', '--output', 'json']);
    const printed = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(asPublished(sweepSchema('plan'), printed)).toEqual(printed);
    expect(printed).toMatchObject({ schema: 'keysweep/plan/v1', mode: 'enforce', dryRun: true });
    expect(printed.actions[0]).toMatchObject({
      type: 'warn',
      notice: 'first-notice',
      outcome: 'planned',
      reasons: ['unused'],
      dueAt: '2026-11-16T04:30:00.000Z',
    });
  });

  it('continues from the ledger, and looks ahead with --as-of', async () => {
    await world.writePolicy(enforceYaml);
    await world.keysweep(['sweep', '--enforce', '--yes', '--no-notify', '--ledger', 'file:L']);
    const tonight = await world.keysweep(['plan', '--ledger', 'file:L']);
    expect(tonight.stdout).toContain('SKIPPED, WAITING FOR ITS DATE (2)');
    expect(tonight.stdout).toContain('until 2026-11-16: will be deactivated: unused for 60 days (limit 45)');
    const later = await world.keysweep(['plan', '--ledger', 'file:L', '--as-of', '2026-11-15T04:30:00Z']);
    expect(later.stdout).toMatch(/FINAL NOTICES \(\d\)/);
    expect(later.stdout).toContain('Credential report of 2026-11-15 04:30 UTC, just generated');
  });

  it('in mode audit names a forecast of the same account, by the same policy and ledger', async () => {
    await world.writePolicy('version: 1\n');
    const source = ['--profile', 'prod', '--region', 'eu-west-1', '--role-arn', 'arn:aws:iam::111122223333:role/audit'];
    const { stdout } = await world.keysweep([
      ...['plan', ...source, '--external-id', 'a secret', '--policy', 'keysweep.yaml', '--patience', '90s'],
      ...['--ledger', 'file:my ledger', '--as-of', '2026-12-24T02:30:00Z'],
    ]);
    expect(stdout).toContain(
      `keysweep forecast ${source.join(' ')} --external-id EXTERNAL_ID --patience 90s --policy keysweep.yaml --ledger 'file:my ledger' --as-of 2026-12-24T02:30:00.000Z\n`,
    );
    const { stdout: dryRun } = await world.keysweep(['sweep', '--policy', 'keysweep.yaml']);
    expect(dryRun.replaceAll(/\s+/g, ' ')).toContain('keysweep forecast --policy keysweep.yaml');
  });

  it('prints how each deactivation would be undone: with a ledger, and with the AWS CLI', async () => {
    await world.writePolicy(enforceYaml);
    const sweep = ['sweep', '--enforce', '--yes', '--no-notify', '--ledger', 'file:L'];
    for (const days of [13, 1]) {
      await world.keysweep(sweep);
      world.sandbox.clock.advance(days * DAY);
    }
    const { stdout } = await world.keysweep(['plan', '--ledger', 'file:L', '--output', 'json']);
    const { actions } = sweepSchema('plan').parse(JSON.parse(stdout));
    const undone = actions.filter(({ type }) => type === 'deactivate');
    expect(undone.map(({ undo }) => undo).toSorted()).toEqual(
      [staleKey, unusedKey].map(
        (id) => `keysweep restore ${id} --why WHY --ledger file:${world.directory}/L --topic-arn TOPIC_ARN`,
      ),
    );
    for (const { undoWithAwsCli, credential } of undone)
      expect(undoWithAwsCli).toContain(`--access-key-id ${credential.id} --status Active`);
    for (const { type, undoWithAwsCli } of actions) expect(undoWithAwsCli === undefined).toBe(type !== 'deactivate');
  });

  it('is one line in mode audit, with what to read instead, and sends nothing', async () => {
    const { code, stdout } = await world.keysweep(['plan']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'Mode audit makes no changes. What mode enforce would do: keysweep forecast\n',
    });
    expect(world.sandbox.requestCounts()).toEqual({});
    const json = await world.keysweep(['plan', '--output', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ schema: 'keysweep/plan/v1', mode: 'audit', actions: [] });
  });

  it('is incomplete where a key cannot be judged', async () => {
    await world.writePolicy(enforceYaml);
    world.sandbox.faults.add({ action: 'iam:ListAccessKeys', user: 'alice', kind: 'denied' });
    world.sandbox.faults.add({ action: 'iam:GetAccessKeyLastUsed', user: 'bob', kind: 'denied' });
    const { code, stdout, stderr } = await world.keysweep(['plan']);
    expect(code).toBe(2);
    expect(stdout).toContain('SKIPPED, COULD NOT BE JUDGED (2)');
    expect(stderr).toContain('keysweep: the plan is partial: 2 keys not processed (exit code 2)\n');
    for (const who of ['  alice access key 2: ', '  bob AKIA']) expect(stderr).toContain(who);
  });

  it('changes nothing', async () => {
    await world.writePolicy(enforceYaml);
    await world.keysweep(['plan', '--ledger', 'file:L']);
    expect(world.sandbox.writes).toEqual([]);
    expect(world.sandbox.messages).toEqual([]);
  });
});
