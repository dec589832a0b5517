import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import { commandSandbox, enforceYaml } from '../support/command-sandbox.ts';
import { createLedgerTable } from '../support/ledger-table.ts';
import { listenTo } from '../support/listeners.ts';
import { staleKey } from '../support/sweep-world.ts';

const world = commandSandbox();
const ledger = ['--ledger', 'dynamodb:keysweep-ledger'];
const enforced = ['sweep', '--enforce', '--yes', '--no-notify', ...ledger];

async function createTable(): Promise<void> {
  const { url: endpoint, region, credentials } = world.sandbox;
  const client = new DynamoDBClient({ endpoint, region, credentials });
  await createLedgerTable(client, 'keysweep-ledger');
  client.destroy();
}

it('the commands keep one ledger in DynamoDB: sweep, plan, explain, forecast, restore', async () => {
  await createTable();
  await world.writePolicy(enforceYaml);
  for (const days of [13, 1, 0.1]) {
    expect(await world.keysweep([...enforced, '--quiet'])).toMatchObject({ code: 0, stderr: '' });
    world.sandbox.clock.advance(days * DAY);
  }
  const status = () => world.sandbox.account.findAccessKey(staleKey)?.key.status;
  expect(status()).toBe('Inactive');
  expect((await world.keysweep(['plan', ...ledger])).stdout).toContain('will be deleted: deactivated 2 hours ago');
  expect((await world.keysweep(['explain', staleKey, ...ledger])).stdout).toContain('stage        deactivated since');
  expect((await world.keysweep(['forecast', ...ledger])).stdout).toContain('as in the ledger dynamodb:keysweep-ledger');
  const restored = await world.keysweep(['restore', staleKey, '--why', 'w', '--no-notify', '--yes', ...ledger]);
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  expect(status()).toBe('Active');
});

it('a table that does not exist is an error before anything happens', async () => {
  await world.writePolicy(enforceYaml);
  const { code, stdout, stderr } = await world.keysweep(enforced);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^keysweep: error\[\w+\]: .*keysweep-ledger/m);
  expect(world.sandbox.writes).toEqual([]);
});

it('an alert goes out though the ledger cannot be asked whether it has', async () => {
  await createTable();
  await world.writePolicy(enforceYaml);
  world.sandbox.faults.add({ action: 'dynamodb:GetItem', kind: 'denied' });
  const topic = listenTo(world.sandbox, 'digests');
  await world.keysweep(['sweep', '--enforce', '--yes', ...ledger, '--topic-arn', topic]);
  expect(world.sandbox.messages[0]?.attributes).toMatchObject({ kind: { value: 'alert' } });
});
