import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDynamoDbLedger } from '../../aws/dynamodb-ledger.ts';
import { connect } from '../../aws/session.ts';
import { DAY } from '../../core/duration.ts';
import { explainSchema } from '../../reports/explain/schema.ts';
import { restoreSchema } from '../../reports/restore-schema.ts';
import { commandSandbox, enforceYaml } from '../support/command-sandbox.ts';
import { damages, editableLedger, sortKeys, type TableItem } from '../support/damaged-items.ts';
import { TableName } from '../support/dynamodb-requests.ts';
import { createLedgerTable } from '../support/ledger-table.ts';
import { listenTo } from '../support/listeners.ts';
import { account, staleKey, unusedKey } from '../support/sweep-world.ts';

const world = commandSandbox();
const ledger = ['--ledger', `dynamodb:${TableName}`];
const enforced = ['sweep', '--enforce', '--yes', '--no-notify', '--quiet', ...ledger];

const asleep = (item: TableItem): TableItem => ({
  ...item,
  record: { M: { ...item.record?.M, stage: { S: 'asleep' } } },
});
const why = `the ledger is damaged at the item ACCOUNT#${account} CREDENTIAL#${staleKey}: stage: not one of compliant, warned, deactivated, restored, deleted`;

/** Two keys are deactivated; then the item of one is damaged. */
async function damageOne(edit: (item: TableItem) => TableItem = asleep) {
  const { url: endpoint, region, credentials } = world.sandbox;
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const session = connect({ endpointUrl: endpoint, region, credentials });
  onTestFinished(() => {
    client.destroy();
    session.close();
  });
  await createLedgerTable(client, TableName);
  await world.writePolicy(enforceYaml);
  for (const days of [13, 1, 1]) {
    expect(await world.keysweep(enforced)).toMatchObject({ code: 0, stderr: '' });
    world.sandbox.clock.advance(days * DAY);
  }
  const table = editableLedger(createDynamoDbLedger(session, TableName), client, account);
  const sound = await table.item(sortKeys.entry(staleKey));
  await table.edit(sortKeys.entry(staleKey), edit);
  const before = await table.item(sortKeys.entry(staleKey));
  const statusOf = (id: string) => world.sandbox.account.findAccessKey(id)?.key.status;
  expect([staleKey, unusedKey].map(statusOf)).toEqual(['Inactive', 'Inactive']);
  return {
    statusOf,
    repair: () => table.edit(sortKeys.entry(staleKey), () => sound ?? {}),
    isUntouched: async () => expect(await table.item(sortKeys.entry(staleKey))).toStrictEqual(before),
  };
}

describe('the commands with one damaged entry in the ledger', () => {
  it('plan shows its key as one that cannot be judged, and why', async () => {
    await damageOne();
    const { code, stdout, stderr } = await world.keysweep(['plan', '--quiet', '--output', 'json', ...ledger]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'partial',
      skipped: expect.arrayContaining([
        expect.objectContaining({
          skipReason: 'unknown',
          credential: { kind: 'access-key', id: staleKey },
          principal: expect.objectContaining({ name: 'alice' }),
          why,
        }),
      ]),
    });
    expect(stderr).toBe(
      `keysweep: the plan is partial: 1 key not processed (exit code 2)\n  alice ${staleKey}: ${why}\n`,
    );
  });

  it('sweep deletes the other key when its time has come, and leaves that one', async () => {
    const { statusOf, isUntouched } = await damageOne();
    for (const days of [28, 1, 0]) {
      expect(await world.keysweep(enforced)).toMatchObject({
        code: 2,
        stderr: `keysweep: the sweep is partial: 1 key not processed (exit code 2)\n  alice ${staleKey}: ${why}\n`,
      });
      world.sandbox.clock.advance(days * DAY);
    }
    expect([staleKey, unusedKey].map(statusOf)).toEqual(['Inactive', undefined]);
    await isUntouched();
  });

  it('forecast says that it says nothing about that key', async () => {
    await damageOne();
    const { code, stdout } = await world.keysweep(['forecast', '--quiet', '--output', 'json', ...ledger]);
    expect(code).toBe(2);
    const { events, unknown } = JSON.parse(stdout);
    expect(unknown).toContainEqual({
      credential: { kind: 'access-key', id: staleKey },
      principal: expect.objectContaining({ name: 'alice' }),
      why,
    });
    const about = events.map(({ credential }: { credential: { id: string } }) => credential.id);
    expect(about).toContain(unusedKey);
    expect(about).not.toContain(staleKey);
  });

  it('explain shows what is known: the key, its history, and what is damaged', async () => {
    await damageOne();
    const explained = await world.keysweep(['explain', staleKey, ...ledger]);
    expect(explained.code).toBe(2);
    const text = explained.stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain('status Inactive');
    expect(text).toContain(`stage unknown: ${why}`);
    expect(text).toContain('deactivated by keysweep');
    expect(text).toContain('skipped (could not be judged)');
    expect(text).not.toContain('WHAT COMES NEXT');

    const { stdout } = await world.keysweep(['explain', staleKey, '--output', 'json', ...ledger]);
    const printed = JSON.parse(stdout);
    expect(explainSchema.safeParse(printed).error).toBeUndefined();
    expect(printed).toMatchObject({
      stageKnown: false,
      damage: why,
      decision: { type: 'skip', skipReason: 'unknown', why },
    });
    expect(printed).not.toHaveProperty('ledger');
    expect(printed.next).toMatchObject({ ifUsed: [], ifNotUsed: [] });
  });

  it('explain says of an entry that cannot be true what is wrong with it, and what it claims', async () => {
    // As someone may edit it who wants the key skipped for good.
    const times = { since: '2999-01-01T00:00:00.000Z', updatedAt: '2999-01-01T00:00:00.000Z' };
    const { statusOf } = await damageOne((item) => {
      const { deactivation: _, notice: __, ...record } = item.record?.M ?? {};
      const restoration = { M: { at: { S: times.since }, by: { S: 'person' } } };
      const changed = { stage: { S: 'restored' }, since: { S: times.since }, updatedAt: { S: times.updatedAt } };
      return { ...item, record: { M: { ...record, ...changed, restoration } } };
    });
    const explained = await world.keysweep(['explain', staleKey, ...ledger]);
    expect(explained.code).toBe(2);
    const text = explained.stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      'stage unknown: the ledger entry has its last write at 2999-01-01T00:00:00.000Z, which is in the future',
    );
    expect(text).toContain('“A damaged entry”');
    expect(text).toContain('entry says restored since 2999-01-01 00:00 UTC');
    expect(text).toContain('skipped (could not be judged)');
    expect(text).not.toContain('WHAT COMES NEXT');
    expect(statusOf(staleKey)).toBe('Inactive');

    const { stdout } = await world.keysweep(['explain', staleKey, '--output', 'json', ...ledger]);
    const printed = JSON.parse(stdout);
    expect(explainSchema.safeParse(printed).error).toBeUndefined();
    expect(printed).toMatchObject({
      stage: 'compliant',
      stageKnown: false,
      damage: expect.stringContaining('which is in the future'),
      ledger: { restoration: { at: times.since } },
      decision: { type: 'skip', skipReason: 'unknown' },
      next: { ifUsed: [], ifNotUsed: [] },
    });
  });

  it('explain says what is damaged where nothing else is known', async () => {
    await damageOne();
    world.sandbox.account.deleteAccessKey(staleKey);
    const { code, stderr } = await world.keysweep(['explain', staleKey, '--quiet', ...ledger]);
    expect(code).toBe(2);
    expect(stderr).toContain(`keysweep: error[LedgerCorrupt]: ${why}`);
  });

  const restoring = ['restore', staleKey, '--why', 'w', '--no-notify', '--yes', '--quiet', ...ledger];

  it.each(damages)(
    'restore reactivates the key where the entry is $what, says that the ledger does not know, and leaves the item',
    async (damage) => {
      const { statusOf, isUntouched } = await damageOne(damage.edit);
      const { code, stdout, stderr } = await world.keysweep(restoring);
      expect({ code, stdout }).toEqual({
        code: 2,
        stdout: `${staleKey} of alice in AWS account 111122223333 (acme) was reactivated\n`,
      });
      expect(stderr).toMatch(damage.says);
      expect(stderr).toContain('keysweep: the ledger does not record who restored it and why: ');
      expect(stderr).toContain('docs/operations.md, “A damaged entry”');
      expect(statusOf(staleKey)).toBe('Active');
      await isUntouched();
    },
  );

  it('no later sweep changes the key; once the entry is back, the command takes note and the grace begins', async () => {
    const { statusOf, isUntouched, repair } = await damageOne();
    await world.keysweep(restoring);
    for (const days of [14, 1, 30, 1]) {
      world.sandbox.clock.advance(days * DAY);
      expect(await world.keysweep(enforced)).toMatchObject({ code: 2 });
      expect(statusOf(staleKey)).toBe('Active');
    }
    await isUntouched();
    await repair();
    expect(await world.keysweep(restoring)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('was active already, which the ledger now records'),
    });
    expect((await world.keysweep(['plan', ...ledger])).stdout).toContain('SKIPPED, RECENTLY RESTORED (1)');
  });

  it('restore prints the published JSON, in which the stage is not known', async () => {
    await damageOne();
    const { stdout } = await world.keysweep([...restoring, '--output', 'json']);
    const printed = JSON.parse(stdout);
    expect(restoreSchema.parse(printed)).toEqual(printed);
    expect(printed).toMatchObject({
      outcome: 'restored',
      stageKnown: false,
      damage: why,
      problems: [expect.stringContaining(why)],
    });
  });

  it('restore does nothing to an active key, and says what is damaged', async () => {
    const { statusOf, isUntouched } = await damageOne();
    world.sandbox.account.setAccessKeyStatus(staleKey, 'Active');
    const { code, stdout, stderr } = await world.keysweep(restoring);
    expect(code).toBe(2);
    expect(stdout).toContain('is active; there was nothing to do');
    expect(stderr).toContain(why);
    expect(statusOf(staleKey)).toBe('Active');
    await isUntouched();
  });

  it('restore notifies people and the bus, whatever the ledger says', async () => {
    await damageOne();
    const topic = listenTo(world.sandbox, 'keysweep-digest');
    const receivers = ['--topic-arn', topic, '--event-bus', 'default'];
    await world.keysweep(['restore', staleKey, '--why', 'w', '--yes', '--quiet', ...receivers, ...ledger]);
    expect(world.sandbox.messages.map(({ attributes }) => attributes.kind?.value)).toEqual(['restored']);
    expect(world.sandbox.busEvents).toMatchObject([{ detailType: 'Credential Restored' }]);
  });

  it('restore says so where IAM refuses, and where the key no longer exists', async () => {
    const { statusOf } = await damageOne();
    const fault = world.sandbox.faults.add({ action: 'iam:UpdateAccessKey', kind: 'denied' });
    expect((await world.keysweep(restoring)).stderr).toContain('error[RestoreFailed]');
    expect(statusOf(staleKey)).toBe('Inactive');
    fault.remove();
    world.sandbox.account.deleteAccessKey(staleKey);
    const { code, stderr } = await world.keysweep([...restoring, '--user', 'alice']);
    expect(code).toBe(2);
    expect(stderr).toContain('error[AccessKeyNotFound]');
  });
});
