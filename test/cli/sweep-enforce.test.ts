import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sweepSchema } from '../../reports/sweep/schema.ts';
import { enforceYaml } from '../support/command-sandbox.ts';
import { asPublished } from '../support/published.ts';
import { sweepCommands } from '../support/sweep-commands.ts';
import { staleKey, unusedKey } from '../support/sweep-world.ts';

const { world, sweep, pass, warnAll, changes } = sweepCommands();

describe('keysweep sweep --enforce', () => {
  it('deactivates and deletes exactly what the policy names, over successive days', async () => {
    await world.writePolicy(enforceYaml);
    for (const days of [7, 6, 1, 1, 28, 1, 1, 5]) {
      const { code, stderr } = await sweep(['--quiet']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      pass(days);
    }
    expect(changes().toSorted()).toEqual(
      [`Inactive ${staleKey}`, `Inactive ${unusedKey}`, `deleted ${staleKey}`, `deleted ${unusedKey}`].toSorted(),
    );
  });

  it('prints the published JSON of what it did', async () => {
    await world.writePolicy(enforceYaml);
    await warnAll();
    const { code, stdout } = await sweep(['--output', 'json']);
    const printed = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(asPublished(sweepSchema('sweep'), printed)).toEqual(printed);
    expect(printed).toMatchObject({
      schema: 'keysweep/sweep/v1',
      dryRun: false,
      ledger: 'file:L',
      outcome: 'complete',
      summary: { actions: { deactivate: 2 }, outcomes: { applied: 3 } },
    });
    expect(printed.stats.requests).toMatchObject({ 'iam:UpdateAccessKey': 2, 'iam:GenerateCredentialReport': 1 });
  });

  it('gives final notices to as many as a cap lets through, and changes one key a day', async () => {
    await world.writePolicy(`${enforceYaml}limits: { maxDeactivations: 1 }\n`);
    await warnAll();
    const { stdout } = await sweep();
    expect(stdout).toContain('DEACTIVATED (1)');
    expect(stdout).toContain('FINAL NOTICES (1)');
    expect(changes()).toHaveLength(1);
    pass(1);
    await sweep();
    expect(changes()).toHaveLength(2);
  });

  it('says that it begins a new ledger, once', async () => {
    await world.writePolicy(enforceYaml);
    const begins = `ledger ${join(world.directory, 'L')} did not exist: a new one was created, and every warning period starts over\n`;
    expect((await sweep()).stderr).toContain(begins);
    expect((await sweep()).stderr).not.toContain('a new one was created');
  });

  it('is partial, with exit code 2 and the reason, where one key fails; the others continue', async () => {
    await world.writePolicy(enforceYaml);
    await warnAll();
    world.sandbox.faults.add({ action: 'iam:UpdateAccessKey', user: 'alice', kind: 'denied' });
    const { code, stderr } = await sweep();
    expect(code).toBe(2);
    expect(stderr).toContain('keysweep: the sweep is partial: 1 key not processed (exit code 2)');
    expect(stderr).toContain(`alice ${staleKey}`);
    expect(changes()).toEqual([`Inactive ${unusedKey}`]);
  });

  it('stops cleanly when the user asks for it, and the next one continues', async () => {
    await world.writePolicy(enforceYaml);
    const { code, stderr } = await sweep([], { interrupted: async () => {} });
    expect(code).toBe(2);
    expect(stderr).toContain('no time was left');
    expect((await sweep()).stdout).toContain('FIRST NOTICES (2)');
  });

  it('refuses a ledger that another sweep holds, before it asks AWS for more than who calls', async () => {
    await world.writePolicy(enforceYaml);
    const { openFileLedger } = await import('../../files/file-ledger.ts');
    const locked = await openFileLedger(join(world.directory, 'L'));
    const { code, stdout, stderr } = await sweep();
    await locked.close();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('error[LedgerLocked]');
    expect(world.sandbox.requestCounts()).toEqual({ 'sts:GetCallerIdentity': 1 });
  });
});
