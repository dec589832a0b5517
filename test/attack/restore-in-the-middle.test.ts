/** `keysweep restore` while a sweep is about to deactivate or delete the key: it says so, and wins wherever it can. */
import { describe, expect, it } from 'vitest';
import type { CredentialActions } from '../../core/ports.ts';
import { findRestoreCandidate, restore } from '../../engine/restore/restore.ts';
import { manualTiming } from '../support/manual-timing.ts';
import { doomedKey, dueKey, openMixedNight } from '../support/mixed-night.ts';
import { account, actionsOf, enforcePolicy, type SweepWorld } from '../support/sweep-world.ts';

const owner = { id: account, partition: 'aws' };
const person = { who: 'ann', why: 'production' };
const policy = enforcePolicy();

async function restoreNow(world: SweepWorld, id: string, ports: Partial<SweepWorld['ports']> = {}) {
  const candidate = await findRestoreCandidate(world.ports, owner, id, 'alice');
  const restoration = await restore({ ...world.ports, ...ports }, { candidate, ...person, id: 'by-hand' });
  return { candidate, restoration };
}

/** A sweep in which someone restores one key at a moment of its change. */
async function sweepAndRestore(id: string, moment: 'waiting' | 'before' | 'after', ports = {}) {
  const world = await openMixedNight();
  let restored: Awaited<ReturnType<typeof restoreNow>> | undefined;
  let error: unknown;
  const interrupt = async () => {
    try {
      restored ??= await restoreNow(world, id, ports);
    } catch (thrown) {
      error = thrown;
    }
  };
  const { actions } = world.ports;
  const around = async (credentialId: string, write: () => ReturnType<CredentialActions['remove']>) => {
    if (credentialId === id && moment === 'before') await interrupt();
    const outcome = await write();
    if (credentialId === id && moment === 'after') await interrupt();
    return outcome;
  };
  const disturbed: CredentialActions = {
    setStatus: (user, credential, status) => around(credential.id, () => actions.setStatus(user, credential, status)),
    remove: (user, credential) => around(credential.id, () => actions.remove(user, credential)),
  };
  const timing = manualTiming();
  const sleep = async (ms: number) => {
    await timing.sleep(ms);
    await interrupt();
  };
  if (moment === 'waiting') {
    const action = id === doomedKey ? 'iam:DeleteAccessKey' : 'iam:UpdateAccessKey';
    world.sandbox.faults.add({ action, user: 'alice', kind: 'throttle', count: 1 });
  }
  const result = await world.sweep(policy, { actions: disturbed, timing: { ...timing, sleep } }, { concurrency: 1 });
  return { world, result, restored, error };
}

const statusOf = (world: SweepWorld, id: string) => world.sandbox.account.findAccessKey(id)?.key.status;

describe.each([
  ['deletion', doomedKey, 'delete', 'restored'],
  ['deactivation', dueKey, 'deactivate', 'noted'],
] as const)('during a begun %s', (_, id, action, outcome) => {
  it('it stops the next attempt, and says what it stopped', async () => {
    const { world, result, restored } = await sweepAndRestore(id, 'waiting');
    expect(restored?.candidate.begun).toMatchObject({ action });
    expect(restored?.restoration).toMatchObject({ outcome, begun: { action }, problems: [] });
    expect(actionsOf(result)).toContain(`${action} ${id} skipped`);
    expect(statusOf(world, id)).toBe('Active');
    expect(await world.entry(id)).toMatchObject({ stage: 'restored', restoration: person });
    world.pass(1, []);
    await world.sweep(policy);
    expect(statusOf(world, id)).toBe('Active');
  });
});

it('a deletion that was sent already: it fails loudly, and the ledger says whose deletion it was', async () => {
  const { world, result, error } = await sweepAndRestore(doomedKey, 'after');
  expect(error).toMatchObject({ code: 'AccessKeyNotFound' });
  expect(result.outcome).toBe('complete');
  expect(await world.entry(doomedKey)).toMatchObject({ stage: 'deleted', deletion: { by: 'keysweep' } });
});

it('a deletion that takes effect after IAM said Active: it rechecks, and does not say that all is well', async () => {
  const world = await openMixedNight();
  const { actions } = world.ports;
  let error: unknown;
  const remove: CredentialActions['remove'] = async (user, credential) => {
    const timing = manualTiming();
    // It was on its way when someone asked for the key.
    const sleep = async (ms: number) => {
      await timing.sleep(ms);
      if (timing.sleeps.length === 2) await actions.remove(user, credential);
    };
    await restoreNow(world, doomedKey, { timing: { ...timing, sleep } }).catch((thrown: unknown) => {
      error = thrown;
    });
    return { kind: 'done' };
  };
  const result = await world.sweep(policy, { actions: { ...actions, remove } });
  expect(error).toMatchObject({ code: 'RestoreTooLate', message: expect.stringContaining('a sweep had sent') });
  expect(result.outcome).toBe('partial');
  expect(await world.entry(doomedKey)).toMatchObject({ stage: 'deleted', deletion: { by: 'keysweep' } });
});

it('a deactivation that takes effect after it is undone', async () => {
  const world = await openMixedNight();
  const { actions } = world.ports;
  let restored: Awaited<ReturnType<typeof restoreNow>> | undefined;
  const setStatus: CredentialActions['setStatus'] = async (user, credential, status) => {
    if (credential.id !== dueKey || restored !== undefined) return actions.setStatus(user, credential, status);
    const timing = manualTiming();
    const sleep = async (ms: number) => {
      await timing.sleep(ms);
      if (timing.sleeps.length === 2) await actions.setStatus(user, credential, status);
    };
    restored = await restoreNow(world, dueKey, { timing: { ...timing, sleep }, actions });
    return { kind: 'done' };
  };
  await world.sweep(policy, { actions: { ...actions, setStatus } });
  expect(restored?.restoration).toMatchObject({ outcome: 'noted', problems: [] });
  expect(statusOf(world, dueKey)).toBe('Active');
  expect(await world.entry(dueKey)).toMatchObject({ stage: 'restored', restoration: person });
});

it('where nothing is under way it looks once, a moment later', async () => {
  const world = await openMixedNight();
  world.sandbox.account.setAccessKeyStatus('AKIARESTOREDAAAAAAAA', 'Inactive');
  const timing = manualTiming();
  const candidate = await findRestoreCandidate(world.ports, owner, 'AKIARESTOREDAAAAAAAA', 'erin');
  const done = await restore({ ...world.ports, timing }, { candidate, ...person, id: 'by-hand' });
  expect(done).toMatchObject({ outcome: 'restored', problems: [] });
  expect(timing.sleeps).toEqual([1_000]);
});

describe('a restoration that did not succeed', () => {
  const interrupted = () => Promise.reject(new Error('killed'));
  const denied = () =>
    Promise.resolve({ kind: 'failed', problem: { code: 'access-denied', message: 'not allowed' } } as const);

  it.each([
    ['killed', interrupted],
    ['denied', denied],
  ] as const)('(%s) keeps the key for restoreGrace, and a new final notice comes first', async (_, setStatus) => {
    const world = await openMixedNight();
    const actions = { ...world.ports.actions, setStatus };
    await expect(restoreNow(world, doomedKey, { actions })).rejects.toThrow();
    const steps: string[] = [];
    for (let night = 0; night < 18; night++) {
      const result = await world.sweep(policy);
      steps.push(...actionsOf(result).flatMap((one) => (one.includes(doomedKey) ? `${night} ${one}` : [])));
      world.pass(1, []);
    }
    expect(steps).toEqual([`14 warn final-notice ${doomedKey} applied`, `15 delete ${doomedKey} applied`]);
  });

  it('leaves what an interrupted sweep had done known as ours', async () => {
    const world = await openMixedNight();
    const { ledger } = world;
    const dying: typeof ledger = {
      ...ledger,
      write: (entry, event) =>
        event.type === 'deactivated' ? Promise.reject(new Error('not-found')) : ledger.write(entry, event),
    };
    await world.sweep(policy, { ledger: dying });
    expect(statusOf(world, dueKey)).toBe('Inactive');
    await expect(
      restoreNow(world, dueKey, { actions: { ...world.ports.actions, setStatus: denied } }),
    ).rejects.toThrow();
    world.pass(1, []);
    await world.sweep(policy);
    expect(await world.entry(dueKey)).toMatchObject({ stage: 'deactivated', deactivation: { by: 'keysweep' } });
  });
});
