/** A policy that says that an existing ledger is continued: an empty table is a mistake, not a new beginning. */
import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../core/policy/policy.ts';
import { createMemoryLedger } from '../../support/memory-ledger.ts';
import { account, enforcePolicy, openSweepWorld, staleKey } from '../../support/sweep-world.ts';

const plain = enforcePolicy();
const continued: Policy = { ...plain, deployment: { ...plain.deployment, ledgerTable: 'keysweep-restored' } };

describe.each(['warn', 'enforce'] as const)('in mode %s', (mode) => {
  it('refuses a ledger that knows no sweep of the account: no notice, no record, no change', async () => {
    const { sweep, ledger, notices, changes } = await openSweepWorld();
    await expect(sweep({ ...continued, mode })).rejects.toMatchObject({
      code: 'LedgerEmpty',
      message: expect.stringMatching(/keysweep-restored.*no sweep of account 111122223333/),
      hint: expect.stringContaining('deployment.ledgerTable'),
    });
    expect(notices).toEqual([]);
    expect((await ledger.entries(account)).entries).toEqual([]);
    expect(await ledger.sweptSnapshot(account)).toBeUndefined();
    expect(changes()).toEqual([]);
  });

  it('refuses it again on every retry', async () => {
    const { auditNow, rotateBy, notices } = await openSweepWorld();
    const snapshot = await auditNow(continued);
    for (const _ of [1, 2, 3]) {
      await expect(rotateBy(snapshot, { ...continued, mode })).rejects.toMatchObject({ code: 'LedgerEmpty' });
    }
    expect(notices).toEqual([]);
  });
});

it('continues a ledger that knows one: each key is deactivated on the night that was promised before', async () => {
  const world = await openSweepWorld();
  await world.nights(1, plain);
  await world.nights(13, continued);
  expect(world.changes()).toEqual([]);
  await world.nights(1, continued);
  expect(world.changes()).toContain(`Inactive ${staleKey}`);
});

it('does not mind an empty ledger in a dry run, nor in mode audit, which writes none', async () => {
  const { sweep, changes } = await openSweepWorld();
  await expect(sweep(continued, {}, { enforce: false })).resolves.toMatchObject({ dryRun: true });
  await expect(sweep({ ...continued, mode: 'audit' })).resolves.toMatchObject({ dryRun: true });
  expect(changes()).toEqual([]);
});

it('starts an empty ledger where the policy names none', async () => {
  const { sweep } = await openSweepWorld();
  await expect(sweep(plain, { ledger: createMemoryLedger() })).resolves.toMatchObject({ outcome: 'complete' });
});
