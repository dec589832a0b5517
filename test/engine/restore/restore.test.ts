import { describe, expect, it } from 'vitest';
import type { KeysweepEvent } from '../../../core/events.ts';
import { ledgerCorrupt } from '../../../core/lifecycle/ledger-errors.ts';
import { findRestoreCandidate, restore } from '../../../engine/restore/restore.ts';
import { listeners } from '../../support/listeners.ts';
import { account, enforcePolicy, openSweepWorld, staleKey } from '../../support/sweep-world.ts';

const owner = { id: account, partition: 'aws' };
const person = { who: 'alice', why: 'the export needs it' };

/** A world in which alice's stale key is deactivated. */
async function openWorld() {
  const world = await openSweepWorld();
  for (const days of [13, 1, 0]) {
    await world.sweep(enforcePolicy());
    world.pass(days);
  }
  expect(world.sandbox.account.findAccessKey(staleKey)?.key.status).toBe('Inactive');
  world.notices.length = 0;
  return world;
}

describe('restore', () => {
  it('believes IAM about a key that the ledger has as deleted, and writes nothing over that', async () => {
    const world = await openWorld();
    const entry = await world.entry(staleKey);
    if (entry === undefined) throw new Error('no entry');
    const version = entry.version + 1;
    const { credential, stage: from } = entry;
    const at = world.sandbox.clock.now();
    const deletion = { at, by: 'keysweep' } as const;
    await world.ledger.write(
      { ...entry, version, stage: 'deleted', deletion },
      {
        account,
        credential,
        version,
        at,
        sweep: 'x',
        type: 'deleted',
        by: 'keysweep',
        from,
        to: 'deleted',
        detail: '',
      },
    );
    const before = JSON.stringify(await world.entry(staleKey));
    const candidate = await findRestoreCandidate(world.ports, owner, staleKey, 'alice');
    expect(await restore(world.ports, { candidate, ...person, id: 'r' })).toMatchObject({
      outcome: 'restored',
      problems: [expect.stringContaining('the ledger says that it was deleted, but IAM shows it')],
    });
    expect(world.sandbox.account.findAccessKey(staleKey)?.key.status).toBe('Active');
    expect(JSON.stringify(await world.entry(staleKey))).toBe(before);
    world.sandbox.account.deleteAccessKey(staleKey);
    await expect(findRestoreCandidate(world.ports, owner, staleKey, 'alice')).rejects.toMatchObject({
      code: 'AccessKeyDeleted',
    });
  });

  it('reactivates where the entry is damaged only after it was looked for', async () => {
    const world = await openWorld();
    const candidate = await findRestoreCandidate(world.ports, owner, staleKey, 'alice');
    const write = () => Promise.reject(ledgerCorrupt('the entry', 'not-found', 'restore it'));
    const ledger = { ...world.ledger, write };
    expect(await restore({ ...world.ports, ledger }, { candidate, ...person, id: 'r' })).toMatchObject({
      outcome: 'restored',
      problems: [expect.stringContaining('the ledger is damaged at the entry')],
    });
    expect(world.sandbox.account.findAccessKey(staleKey)?.key.status).toBe('Active');
  });

  it('undoes what a sweep had sent before the entry was damaged', async () => {
    const world = await openWorld();
    const ledger = {
      ...world.ledger,
      entry: () => Promise.reject(ledgerCorrupt('the entry', 'not-found', 'restore it')),
    };
    const ports = { ...world.ports, ledger };
    const candidate = await findRestoreCandidate(ports, owner, staleKey, 'alice');
    let waits = 0;
    const sleep = async (ms: number) => {
      await world.ports.timing.sleep(ms);
      if (++waits === 3) world.sandbox.account.setAccessKeyStatus(staleKey, 'Inactive');
    };
    await restore({ ...ports, timing: { ...world.ports.timing, sleep } }, { candidate, ...person, id: 'r' });
    expect(world.sandbox.account.findAccessKey(staleKey)?.key.status).toBe('Active');
  });

  it('wins over a notice that a sweep has written in between', async () => {
    const world = await openWorld();
    const candidate = await findRestoreCandidate(world.ports, owner, staleKey, 'alice');
    world.pass(29);
    await world.sweep(enforcePolicy());
    expect((await world.entry(staleKey))?.deactivation?.finalNoticeAt).toBeDefined();
    const done = await restore(world.ports, { candidate, ...person, id: 'r' });
    expect(done).toMatchObject({ outcome: 'restored', problems: [] });
    expect(world.sandbox.account.findAccessKey(staleKey)?.key.status).toBe('Active');
    expect(await world.entry(staleKey)).toMatchObject({ stage: 'restored', restoration: person });
  });

  it('writes nothing to IAM where someone else has begun to restore the key', async () => {
    const world = await openWorld();
    const candidate = await findRestoreCandidate(world.ports, owner, staleKey, 'alice');
    const dying = { ...world.ports.actions, setStatus: () => Promise.reject(new Error('killed')) };
    const other = { candidate, who: 'bea', why: 'a test', id: 'r0' };
    await expect(restore({ ...world.ports, actions: dying }, other)).rejects.toThrow('killed');
    const before = world.changes().length;
    await expect(restore(world.ports, { candidate, ...person, id: 'r' })).rejects.toMatchObject({
      code: 'LedgerConflict',
    });
    expect(world.changes()).toHaveLength(before);
  });

  it.each(['before', 'after'] as const)(
    'may be tried again where the ledger fails %s the first write',
    async (when) => {
      const world = await openWorld();
      const candidate = await findRestoreCandidate(world.ports, owner, staleKey, 'alice');
      world.ledger.failWrite(1, when);
      await expect(restore(world.ports, { candidate, ...person, id: 'r1' })).rejects.toThrow();
      world.ledger.setHooks({});
      const again = await findRestoreCandidate(world.ports, owner, staleKey, 'alice');
      expect(await restore(world.ports, { candidate: again, ...person, id: 'r2' })).toMatchObject({
        outcome: 'restored',
        problems: [],
      });
      expect(await world.entry(staleKey)).toMatchObject({ stage: 'restored', restoration: person });
    },
  );

  it('does not wait for the repair of a damaged record of a sweep', async () => {
    const world = await openWorld();
    const candidate = await findRestoreCandidate(world.ports, owner, staleKey, 'alice');
    world.ledger.setHooks({
      before: (call) => {
        if (call.kind === 'read' && call.method === 'sweep')
          throw ledgerCorrupt('the sweep', 'not-found', 'restore it');
      },
    });
    const done = await restore(world.ports, { candidate, ...person, id: 'r' });
    expect(done).toMatchObject({ outcome: 'restored', problems: [] });
    expect(world.sandbox.account.findAccessKey(staleKey)?.key.status).toBe('Active');
  });

  it('counts as done where only the ledger failed afterwards; a second try records who and why', async () => {
    const world = await openWorld();
    const candidate = await findRestoreCandidate(world.ports, owner, staleKey, 'alice');
    world.ledger.failWrite(2, 'before');
    const first = await restore(world.ports, { candidate, ...person, id: 'r1' });
    expect(first.outcome).toBe('restored');
    expect(first.problems.join()).toContain('the ledger could not be written');
    world.ledger.setHooks({});
    const again = await findRestoreCandidate(world.ports, owner, staleKey, 'alice');
    expect(again.isActive).toBe(true);
    expect(await restore(world.ports, { candidate: again, ...person, id: 'r2' })).toMatchObject({ outcome: 'noted' });
    expect(await world.entry(staleKey)).toMatchObject({ stage: 'restored', restoration: person });
    expect(world.changes().filter((change) => change === `Active ${staleKey}`)).toHaveLength(1);
  });

  it.each([
    ['reactivated', false],
    ['found reactivated by someone', true],
  ])('puts an event on the bus for a key that is %s', async (_, observed) => {
    const world = await openWorld();
    if (observed) world.sandbox.account.setAccessKeyStatus(staleKey, 'Active');
    const candidate = await findRestoreCandidate(world.ports, owner, staleKey, 'alice');
    const published: KeysweepEvent[] = [];
    const events = { publish: async (all: readonly KeysweepEvent[]) => void published.push(...all) };
    await restore({ ...world.ports, events }, { candidate, ...person, id: 'r' });
    expect(published).toMatchObject([
      {
        type: 'Credential Restored',
        detail: { account, sweep: 'r', credential: { id: staleKey }, observed, why: 'alice: the export needs it' },
      },
    ]);
  });

  it('counts as done where the bus cannot be notified, and says so; people are notified all the same', async () => {
    const world = await openWorld();
    const candidate = await findRestoreCandidate(world.ports, owner, staleKey, 'alice');
    const events = { publish: () => Promise.reject(new Error('no such bus')) };
    const { outcome, problems } = await restore({ ...world.ports, events }, { candidate, ...person, id: 'r' });
    expect({ outcome, problems }).toEqual({
      outcome: 'restored',
      problems: ['the event could not be published: no such bus'],
    });
    expect(world.notices).toHaveLength(1);
  });

  it('notifies people once, however the answer of IAM is lost', async () => {
    const world = await openWorld();
    const candidate = await findRestoreCandidate(world.ports, owner, staleKey, 'alice');
    world.sandbox.faults.add({ action: 'iam:UpdateAccessKey', nth: 1, kind: 'reset', applied: true });
    await restore(world.ports, { candidate, ...person, id: 'r' });
    await world.sweep(enforcePolicy());
    expect(world.notices.map(({ subject }) => subject)).toEqual([`[${account}] ${staleKey} of alice reactivated`]);
  });

  it('reactivates where no one can be notified, says so, and leaves the notice to the next sweep that reaches people', async () => {
    const world = await openWorld();
    const candidate = await findRestoreCandidate(world.ports, owner, staleKey, 'alice');
    const notifier = { ...world.ports.notifier, ...listeners() };
    const { outcome, problems } = await restore({ ...world.ports, notifier }, { candidate, ...person, id: 'r' });
    expect({ outcome, problems }).toEqual({
      outcome: 'restored',
      problems: [expect.stringContaining('people could not be notified; the next digest includes it')],
    });
    expect(world.sandbox.account.findAccessKey(staleKey)?.key.status).toBe('Active');
    world.notices.length = 0;
    world.pass(1);
    await world.sweep(enforcePolicy());
    expect(world.notices.flatMap(({ data }) => data.items)).toContainEqual(
      expect.objectContaining({ notice: 'restored', credential: expect.objectContaining({ id: staleKey }) }),
    );
  });
});
