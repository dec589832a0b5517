/** What people do while a change is under way: between its attempts, and between two keys of one user. */
import { describe, expect, it } from 'vitest';
import { DAY } from '../../core/duration.ts';
import type { LedgerEntry, RetirableRef } from '../../core/lifecycle/ledger.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import { recordNotApplied, recordRestoration } from '../../core/lifecycle/transitions.ts';
import type { CredentialActions } from '../../core/ports.ts';
import type { AccountSeed } from '../../sandbox/index.ts';
import { manualTiming } from '../support/manual-timing.ts';
import { notifiedIn } from '../support/mixed-night.ts';
import {
  account,
  accountWith,
  actionsOf,
  enforcePolicy,
  openSweepWorld,
  type SweepWorld,
} from '../support/sweep-world.ts';

const first = 'AKIAKEYONEAAAAAAAAAA';
const second = 'AKIAKEYTWOAAAAAAAAAA';
const policy = enforcePolicy();

function bobWith(...ids: readonly string[]): AccountSeed {
  const accessKeys = ids.map((id, index) => ({ id, createdAt: `2026-0${8 + index}-15T00:00:00Z` }));
  return accountWith([{ name: 'bob', accessKeys }]);
}

/** On the night on which every key of bob is going to be deleted, or deactivated. */
async function openBefore(change: 'deletion' | 'deactivation', ...ids: readonly string[]): Promise<SweepWorld> {
  const world = await openSweepWorld({ seed: bobWith(...ids) });
  const isDue = async (id: string) => {
    const entry = await world.entry(id);
    const clock = change === 'deletion' ? entry?.deactivation : entry?.warning;
    const at = clock === undefined ? undefined : 'deleteAt' in clock ? clock.deleteAt : clock.deactivateAt;
    return clock?.finalNoticeAt !== undefined && at !== undefined && at <= world.sandbox.clock.now();
  };
  for (let night = 0; night < 60; night++) {
    if ((await Promise.all(ids.map(isDue))).every(Boolean)) return world;
    await world.sweep(policy);
    world.pass(1, []);
  }
  throw new Error('it never became due');
}

/** Something happens during the n-th wait between two attempts. */
function whileWaiting(happening: () => Promise<void> | void, nth = 1) {
  const timing = manualTiming();
  return {
    ...timing,
    sleep: async (ms: number) => {
      await timing.sleep(ms);
      if (timing.sleeps.length === nth) await happening();
    },
  };
}

function stateFor(entry: LedgerEntry): CredentialState {
  const { principal, credential } = entry;
  const tags = { known: true, value: {} } as const;
  const liveStatus = { kind: 'unknown', why: 'not read' } as const;
  return { account, principal, credential, tags, liveStatus, findings: [], entry };
}

/** What `keysweep restore` writes about a key, before and after it asks IAM. */
async function restoreInLedger(world: SweepWorld, id: string, happening: () => void): Promise<void> {
  for (const phase of ['intended', 'done'] as const) {
    const entry = await world.entry(id);
    if (entry === undefined) throw new Error('no entry');
    const write = recordRestoration(
      stateFor(entry),
      phase,
      { who: 'ann', why: 'production' },
      { now: world.sandbox.clock.now(), sweep: 'by-hand' },
    );
    expect(await world.ledger.write(write.entry, write.event)).toBe('written');
    if (phase === 'intended') happening();
  }
}

describe('between the attempts of a change', () => {
  it('a key that someone reactivates is not deleted, and the deletion is sent no more', async () => {
    const world = await openBefore('deletion', first);
    world.sandbox.faults.add({ action: 'iam:DeleteAccessKey', kind: 'throttle', count: 4 });
    const timing = whileWaiting(() => world.sandbox.account.setAccessKeyStatus(first, 'Active'));
    const before = world.sandbox.requestCounts()['iam:DeleteAccessKey'] ?? 0;
    const result = await world.sweep(policy, { timing });
    expect(world.sandbox.requestCounts()['iam:DeleteAccessKey']).toBe(before + 1);
    expect(actionsOf(result)).toEqual([`delete ${first} skipped`]);
    expect(world.sandbox.account.findAccessKey(first)?.key.status).toBe('Active');
    expect(await world.entry(first)).toMatchObject({ stage: 'restored', restoration: { by: 'person' } });
    expect(notifiedIn([world.notices.at(-1)?.body ?? ''])).toEqual([`REACTIVATED ${first}`]);
  });

  it('a key whose restoration is in the ledger is left to the person who asked for it', async () => {
    const world = await openBefore('deletion', first);
    world.sandbox.faults.add({ action: 'iam:DeleteAccessKey', kind: 'throttle', count: 4 });
    // IAM does not show it yet.
    const timing = whileWaiting(() => restoreInLedger(world, first, () => {}), 2);
    const result = await world.sweep(policy, { timing });
    expect(actionsOf(result)).toEqual([`delete ${first} skipped`]);
    expect(world.changes()).toEqual([`Inactive ${first}`]);
    expect(await world.entry(first)).toMatchObject({ stage: 'restored', restoration: { who: 'ann' } });
  });

  it('a key that is used meanwhile stays active', async () => {
    const world = await openBefore('deactivation', first);
    world.sandbox.faults.add({ action: 'iam:UpdateAccessKey', kind: 'throttle', count: 2 });
    const timing = whileWaiting(() => {
      world.sandbox.account.useAccessKey(first, new Date(world.sandbox.clock.now().getTime() - DAY / 24));
    });
    const result = await world.sweep(policy, { timing });
    expect(actionsOf(result)).toEqual([`deactivate ${first} skipped`]);
    expect(world.changes()).toEqual([]);
  });

  it('nothing happens, and it is done in the same night', async () => {
    const world = await openBefore('deletion', first);
    world.sandbox.faults.add({ action: 'iam:DeleteAccessKey', kind: 'throttle', count: 4 });
    const timing = manualTiming();
    const result = await world.sweep(policy, { timing });
    expect(actionsOf(result)).toEqual([`delete ${first} applied`]);
    expect(timing.sleeps).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it('time runs out: no attempt is made unchecked, and people are notified that it did not happen', async () => {
    const world = await openBefore('deletion', first);
    world.sandbox.faults.add({ action: 'iam:DeleteAccessKey', kind: 'throttle' });
    let remaining = Number.POSITIVE_INFINITY;
    const timing = whileWaiting(() => {
      remaining = 0;
    });
    const result = await world.sweep(policy, { timing }, { remainingTime: () => remaining });
    expect(result.outcome).toBe('partial');
    expect(timing.sleeps).toHaveLength(1);
    expect(notifiedIn([world.notices.at(-1)?.body ?? ''])).toEqual([`ANNOUNCED, BUT NOT DONE ${first}`]);
    expect((await world.entry(first))?.intent).toBeUndefined();
  });

  it('an answer is lost, and the next look shows the change as done: it is not sent twice', async () => {
    const world = await openBefore('deactivation', first);
    world.sandbox.faults.add({ action: 'iam:UpdateAccessKey', kind: 'reset', applied: true });
    const result = await world.sweep(policy);
    expect(actionsOf(result)).toEqual([`deactivate ${first} applied`]);
    expect(world.changes()).toEqual([`Inactive ${first}`]);
    expect(await world.entry(first)).toMatchObject({ stage: 'deactivated', deactivation: { by: 'keysweep' } });
  });

  describe('an answer is lost, the next look speaks against the change, and it takes effect later', () => {
    it('a deactivation is known as ours, and people are notified', async () => {
      const match = { tag: { keep: 'yes' } };
      const exemption = { match, rules: '*', reason: 'r', owner: 'o', expires: '2030-01-01' } as const;
      const exempting = enforcePolicy({ exemptions: [exemption] });
      const world = await openBefore('deactivation', first);
      world.sandbox.faults.add({ action: 'iam:UpdateAccessKey', kind: 'server-error', count: 1 });
      const timing = whileWaiting(() => world.sandbox.account.tagUser('bob', { keep: 'yes' }));
      const result = await world.sweep(exempting, { timing });
      expect([result.outcome, ...actionsOf(result)]).toEqual(['partial', `deactivate ${first} failed`]);
      expect(notifiedIn([world.notices.at(-1)?.body ?? ''])).toEqual([`ANNOUNCED, BUT NOT DONE ${first}`]);
      world.sandbox.account.setAccessKeyStatus(first, 'Inactive');
      world.pass(1, []);
      await world.sweep(exempting);
      expect(await world.entry(first)).toMatchObject({ stage: 'deactivated', deactivation: { by: 'keysweep' } });
      expect(notifiedIn([world.notices.at(-1)?.body ?? ''])).toEqual([`DEACTIVATED TONIGHT ${first}`]);
    });

    it('a deletion is not blamed on a person', async () => {
      const world = await openBefore('deletion', first);
      world.sandbox.faults.add({ action: 'iam:DeleteAccessKey', kind: 'server-error', count: 1 });
      const timing = whileWaiting(() => world.sandbox.account.setAccessKeyStatus(first, 'Active'));
      const result = await world.sweep(policy, { timing });
      expect([result.outcome, ...actionsOf(result)]).toEqual(['partial', `delete ${first} failed`]);
      world.sandbox.account.deleteAccessKey(first);
      world.pass(1, []);
      await world.sweep(policy);
      expect(await world.entry(first)).toMatchObject({ stage: 'deleted', deletion: { by: 'keysweep' } });
    });

    it('where it never does, the key is taken for what IAM shows the night after', async () => {
      const world = await openBefore('deletion', first);
      world.sandbox.faults.add({ action: 'iam:DeleteAccessKey', kind: 'server-error', count: 1 });
      const timing = whileWaiting(() => world.sandbox.account.setAccessKeyStatus(first, 'Active'));
      await world.sweep(policy, { timing });
      world.pass(1, []);
      expect(await world.sweep(policy)).toMatchObject({ outcome: 'complete' });
      expect(await world.entry(first)).toMatchObject({ stage: 'restored', restoration: { by: 'person' } });
      expect(world.changes()).toEqual([`Inactive ${first}`]);
    });
  });

  it('an answer is lost, and then the ledger cannot be read: it is not said to be undone, and the next sweep reports it', async () => {
    const world = await openBefore('deactivation', first);
    world.sandbox.faults.add({ action: 'iam:UpdateAccessKey', kind: 'reset', count: 1 });
    const { ledger } = world;
    let isBroken = false;
    const timing = whileWaiting(() => {
      isBroken = true;
    });
    const entry: typeof ledger.entry = (...key) =>
      isBroken ? Promise.reject(new Error('away')) : ledger.entry(...key);
    const result = await world.sweep(policy, { timing, ledger: { ...ledger, entry } });
    expect(result).toMatchObject({
      outcome: 'partial',
      actions: [{ outcome: 'failed', detail: expect.stringMatching(/^it is unknown whether it was done: .*away$/) }],
    });
    world.sandbox.account.setAccessKeyStatus(first, 'Inactive');
    world.pass(1, []);
    await world.sweep(policy);
    expect(await world.entry(first)).toMatchObject({ stage: 'deactivated', deactivation: { by: 'keysweep' } });
  });

  it('reads that take long justify no change', async () => {
    const world = await openBefore('deletion', first);
    let elapsed = 0;
    const timing = { ...manualTiming(), monotonic: () => elapsed };
    const { source } = world;
    const slow = {
      ...source,
      lastUse: async (...args: Parameters<typeof source.lastUse>) => {
        elapsed += 60_000;
        return source.lastUse(...args);
      },
    };
    const result = await world.sweep(policy, { timing, source: slow });
    expect(result.actions).toMatchObject([{ outcome: 'failed', detail: expect.stringContaining('so slowly') }]);
    expect(world.changes()).toEqual([`Inactive ${first}`]);
  });
});

describe('the keys of one user', () => {
  it.each(['deletion', 'deactivation'] as const)('the second one is rechecked after the first (%s)', async (change) => {
    const world = await openBefore(change, first, second);
    const { actions } = world.ports;
    const seen: string[] = [];
    const meddle = async (credential: RetirableRef) => {
      seen.push(credential.id);
      const other = credential.id === first ? second : first;
      if (seen.length > 1) return;
      if (change === 'deletion') world.sandbox.account.setAccessKeyStatus(other, 'Active');
      else world.sandbox.account.deleteAccessKey(other);
    };
    const disturbed: CredentialActions = {
      setStatus: async (user, credential, status) => {
        const outcome = await actions.setStatus(user, credential, status);
        await meddle(credential);
        return outcome;
      },
      remove: async (user, credential) => {
        const outcome = await actions.remove(user, credential);
        await meddle(credential);
        return outcome;
      },
    };
    const before = world.changes().length;
    await world.sweep(policy, { actions: disturbed });
    expect(world.changes()).toHaveLength(before + 1);
    expect(seen).toHaveLength(1);
    const other = seen[0] === first ? second : first;
    const stage = change === 'deletion' ? 'restored' : 'deleted';
    expect(await world.entry(other)).toMatchObject({ stage });
  });
});

describe('a change that IAM applied although someone wrote to the ledger meanwhile', () => {
  it('a deletion is ours in the ledger, people are notified the same night, and no later sweep blames a person', async () => {
    const world = await openBefore('deletion', first);
    const { actions } = world.ports;
    const remove: CredentialActions['remove'] = async (user, credential) => {
      await restoreInLedger(world, first, () => world.sandbox.account.setAccessKeyStatus(first, 'Active'));
      return actions.remove(user, credential);
    };
    const result = await world.sweep(policy, { actions: { ...actions, remove } });
    expect(result.outcome).toBe('partial');
    expect(result.problems).toEqual([expect.stringContaining(`${first} of bob was deleted`)]);
    expect(await world.entry(first)).toMatchObject({ stage: 'deleted', deletion: { by: 'keysweep' } });
    expect(notifiedIn([world.notices.at(-1)?.body ?? ''])).toEqual([`DELETED TONIGHT ${first}`]);
    expect(world.notices.at(-1)?.subject).toMatch(/^\[acme\] Correction: /);
    const notified = world.notices.length;
    world.pass(1, []);
    const next = await world.sweep(policy);
    expect([next.outcome, next.actions, world.notices.length]).toEqual(['complete', [], notified]);
  });

  it('a deactivation is ours, people are notified, and it is not silently undone', async () => {
    const world = await openBefore('deactivation', first);
    const { actions } = world.ports;
    const setStatus: CredentialActions['setStatus'] = async (user, credential, status) => {
      await restoreInLedger(world, first, () => {});
      return actions.setStatus(user, credential, status);
    };
    const result = await world.sweep(policy, { actions: { ...actions, setStatus } });
    expect(result.outcome).toBe('partial');
    expect(result.problems).toEqual([expect.stringContaining(`${first} of bob was deactivated`)]);
    expect(await world.entry(first)).toMatchObject({ stage: 'deactivated', deactivation: { by: 'keysweep' } });
    expect(notifiedIn([world.notices.at(-1)?.body ?? ''])).toEqual([`DEACTIVATED TONIGHT ${first}`]);
    expect(world.changes()).toEqual([`Inactive ${first}`]);
  });

  it('a deactivation that another run wrote about is ours, also where IAM’s list lags, and is blamed on no one', async () => {
    const world = await openBefore('deactivation', first);
    const { actions, source } = world.ports;
    let isLagging = false;
    const setStatus: CredentialActions['setStatus'] = async (user, credential, status) => {
      const entry = await world.entry(first);
      if (entry === undefined) throw new Error('no entry');
      const other = recordNotApplied(stateFor(entry), 'the calendar', {
        now: world.sandbox.clock.now(),
        sweep: 'other',
      });
      expect(await world.ledger.write(other.entry, other.event)).toBe('written');
      isLagging = true;
      return actions.setStatus(user, credential, status);
    };
    const credentials: typeof source.credentials = async (kind, user) => {
      const list = await source.credentials(kind, user);
      if (!list.ok || !isLagging) return list;
      return { ok: true, value: list.value.map((one) => ({ ...one, status: { known: true, value: 'Active' } })) };
    };
    const result = await world.sweep(policy, {
      actions: { ...actions, setStatus },
      source: { ...source, credentials },
    });
    expect(result.outcome).toBe('partial');
    expect(result.problems).toEqual([expect.stringContaining('another run wrote about it')]);
    world.pass(1, []);
    await world.sweep(policy);
    expect(await world.entry(first)).toMatchObject({ stage: 'deactivated', deactivation: { by: 'keysweep' } });
  });

  it('a deactivation that someone has already undone does not touch the restoration', async () => {
    const world = await openBefore('deactivation', first);
    const { actions } = world.ports;
    const setStatus: CredentialActions['setStatus'] = async (user, credential, status) => {
      const outcome = await actions.setStatus(user, credential, status);
      await restoreInLedger(world, first, () => world.sandbox.account.setAccessKeyStatus(first, 'Active'));
      return outcome;
    };
    await world.sweep(policy, { actions: { ...actions, setStatus } });
    expect(await world.entry(first)).toMatchObject({ stage: 'restored', restoration: { who: 'ann' } });
    expect(world.sandbox.account.findAccessKey(first)?.key.status).toBe('Active');
  });
});
