/** Commands in an account where keysweep is installed with another ledger than theirs. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { commandSandbox, enforceYaml } from '../support/command-sandbox.ts';
import { createLedgerTable } from '../support/ledger-table.ts';
import { account, fewKeys, staleKey } from '../support/sweep-world.ts';

const table = 'Keysweep-CredentialHygieneLedger84CAF86A-1ABCDEF';
const ledgerArn = `arn:aws:dynamodb:eu-west-1:${account}:table/${table}`;
const mark = {
  name: 'keysweep-installation',
  trust: { accounts: [] },
  policies: { ledger: { Statement: [{ Effect: 'Deny', Action: 'dynamodb:DeleteTable', Resource: ledgerArn }] } },
};
const world = commandSandbox({ ...fewKeys, roles: [mark] });
const warning = `To use that one: --ledger dynamodb:${table} --region eu-west-1`;

const commands: readonly (readonly string[])[] = [
  ['plan'],
  ['forecast'],
  ['explain', staleKey],
  ['sweep'],
  ['sweep', '--enforce', '--no-notify', '--yes'],
  ['restore', staleKey, '--why', 'w', '--no-notify', '--yes'],
];

it.each(commands)('%s %s: a ledger in a file is not that of the installation', async (...args) => {
  await world.writePolicy(enforceYaml);
  const { stderr } = await world.keysweep([...args, '--ledger', 'file:L']);
  expect(stderr).toContain(warning);
  expect(world.sandbox.requestCounts()).toMatchObject({ 'iam:GetRolePolicy': 1 });
});

it('a sweep that asks says it once', async () => {
  await world.writePolicy(enforceYaml);
  const asking = ['sweep', '--enforce', '--no-notify', '--ledger', 'file:L', '--quiet'];
  const { code, stderr } = await world.keysweep(asking, { ask: async () => account });
  expect(code).toBe(0);
  expect(stderr.split(warning)).toHaveLength(2);
});

it('what writes says it even with --quiet', async () => {
  await world.writePolicy(enforceYaml);
  const quiet = ['sweep', '--enforce', '--no-notify', '--yes', '--ledger', 'file:L', '--quiet'];
  expect((await world.keysweep(quiet)).stderr).toContain(`keysweep: warning: keysweep is installed`);
});

it.each([
  ['eu-west-1', table, false],
  ['us-east-1', table, true],
  ['eu-west-1', 'another', true],
])('in region %s the table %s: another one? %s', async (region, name, isOther) => {
  const { url: endpoint, credentials } = world.sandbox;
  const client = new DynamoDBClient({ endpoint, region, credentials });
  await createLedgerTable(client, name);
  client.destroy();
  await world.writePolicy(enforceYaml);
  const { stderr } = await world.keysweep(['plan', '--region', region, '--ledger', `dynamodb:${name}`]);
  expect(stderr.includes(warning)).toBe(isOther);
});

it('what may not be read is said to be unknown, and stops nothing', async () => {
  world.sandbox.faults.add({ action: 'iam:GetRolePolicy', kind: 'denied' });
  await world.writePolicy(enforceYaml);
  const { code, stderr } = await world.keysweep(['plan', '--ledger', 'file:L']);
  expect(code).toBe(0);
  expect(stderr).toContain('cannot determine whether keysweep is installed in this account with another ledger');
});
