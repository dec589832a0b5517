/** A snapshot opens one sweep: a retry resumes it, and whatever comes after it is closed changes nothing. */
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../core/duration.ts';
import { decodeSnapshot, encodeSnapshot } from '../../core/lifecycle/snapshot-codec.ts';
import { renderSweepJson } from '../../reports/sweep/json.ts';
import { sweepSchema } from '../../reports/sweep/schema.ts';
import { renderSweepTable } from '../../reports/sweep/table.ts';
import { asPublished } from '../support/published.ts';
import { actionsOf, enforcePolicy, openSweepWorld, type SweepWorld } from '../support/sweep-world.ts';

const policy = enforcePolicy();
const capped = enforcePolicy({ limits: { ...policy.limits, maxDeactivations: { count: 2 } } });

/** Eight keys that are due tonight. */
async function openDueNight() {
  const users = Array.from({ length: 8 }, (_, n) => ({
    name: `user-${n}`,
    accessKeys: [{ id: `AKIADUE${'ABCDEFGH'[n]}AAAAAAAAAAAA`, createdAt: '2026-09-15T00:00:00Z' }],
  }));
  const world = await openSweepWorld({ seed: { id: '111122223333', now: '2026-11-02T04:30:00Z', users } });
  await world.nights(14, capped, []);
  return world;
}

async function traceOf(world: SweepWorld) {
  const entries = await world.ledger.entries('111122223333');
  return JSON.stringify([world.changes(), world.notices.length, world.ledger.written, entries]);
}

describe('a replay', () => {
  it('every 6 hours changes nothing, notifies no one, and asks IAM nothing', async () => {
    const world = await openDueNight();
    const snapshot = await world.auditNow(capped);
    const first = await world.rotateBy(snapshot, capped);
    expect(world.changes()).toHaveLength(2);
    const trace = await traceOf(world);
    for (let replay = 0; replay < 4; replay++) {
      world.sandbox.clock.advance(6 * HOUR);
      const again = await world.rotateBy(snapshot, capped);
      expect(again.sweep).not.toBe(first.sweep);
      expect(again).toMatchObject({
        outcome: 'complete',
        problems: [],
        actions: [],
        skipped: [],
        alreadySwept: expect.stringMatching(/^this snapshot was already swept at 2026-11-16T04:30/),
        stats: { requests: {} },
      });
    }
    expect(await traceOf(world)).toBe(trace);
  });

  it('of a sweep that was partial changes nothing either', async () => {
    const world = await openDueNight();
    const snapshot = await world.auditNow(capped);
    world.sandbox.faults.add({ action: 'iam:UpdateAccessKey', user: 'user-0', kind: 'denied', count: 1 });
    expect(await world.rotateBy(snapshot, capped)).toMatchObject({ outcome: 'partial' });
    const trace = await traceOf(world);
    expect(await world.rotateBy(snapshot, capped)).toMatchObject({ alreadySwept: expect.anything() });
    expect(await traceOf(world)).toBe(trace);
  });

  it('says so in table and JSON', async () => {
    const world = await openDueNight();
    const snapshot = await world.auditNow(capped);
    await world.rotateBy(snapshot, capped);
    const result = await world.rotateBy(snapshot, capped);
    const document = { kind: 'sweep', result, report: snapshot.audit.report, requests: {}, canRestore: true } as const;
    expect(renderSweepTable(document, { width: 120, color: false })).toContain('Nothing was done: this snapshot');
    const printed = JSON.parse(renderSweepJson(document));
    expect(asPublished(sweepSchema('sweep'), printed)).toEqual(printed);
  });

  it('a forged one without an exemption’s tags leads to nothing', async () => {
    const exemption = {
      match: { tag: { keep: 'yes' } },
      rules: '*',
      reason: 'r',
      owner: 'o',
      expires: '2030-01-01',
    } as const;
    const exempting = enforcePolicy({ exemptions: [exemption] });
    const world = await openDueNight();
    world.sandbox.account.tagUser('user-0', { keep: 'yes' });
    const snapshot = await world.auditNow(exempting);
    await world.rotateBy(snapshot, exempting);
    const users = snapshot.users.map((user) => ({ ...user, tags: { known: true, value: {} } }) as const);
    const forged = decodeSnapshot(encodeSnapshot({ ...snapshot, users }), 'forged');
    const trace = await traceOf(world);
    await world.rotateBy(forged, exempting);
    expect(await traceOf(world)).toBe(trace);
  });
});

describe('an older snapshot', () => {
  it('leads to nothing once a newer one was swept, however late its event comes', async () => {
    const world = await openDueNight();
    const older = await world.auditNow(capped);
    world.sandbox.clock.advance(HOUR);
    await world.sweep(capped);
    const trace = await traceOf(world);
    const late = await world.rotateBy(older, capped);
    expect(late).toMatchObject({ outcome: 'complete', alreadySwept: expect.stringContaining('is older than') });
    expect(await traceOf(world)).toBe(trace);
  });

  it('the next night’s snapshot opens the next sweep', async () => {
    const world = await openDueNight();
    await world.sweep(capped);
    world.pass(1, []);
    expect((await world.sweep(capped)).alreadySwept).toBeUndefined();
    expect(world.changes()).toHaveLength(4);
  });
});

describe('a retry', () => {
  it('resumes a sweep whose digest did not go out, and closes it', async () => {
    const world = await openDueNight();
    const snapshot = await world.auditNow(capped);
    const notifier = { ...world.ports.notifier, publish: () => Promise.reject(new Error('no answer')) };
    expect(await world.rotateBy(snapshot, capped, { notifier })).toMatchObject({ outcome: 'failed' });
    expect(world.changes()).toEqual([]);
    const again = await world.rotateBy(snapshot, capped);
    expect(again).toMatchObject({ outcome: 'complete' });
    expect(world.changes()).toHaveLength(2);
    expect(await world.rotateBy(snapshot, capped)).toMatchObject({ alreadySwept: expect.anything() });
  });

  it('resumes a sweep that was killed between its changes, within its caps', async () => {
    const world = await openDueNight();
    const snapshot = await world.auditNow(capped);
    const { actions } = world.ports;
    let calls = 0;
    const dying = {
      ...actions,
      setStatus: async (...args: Parameters<typeof actions.setStatus>) => {
        if (++calls > 1) throw new Error('killed');
        return actions.setStatus(...args);
      },
    };
    const ledger = { ...world.ledger, writeSweptSnapshot: onlyOpening(world) };
    await world.rotateBy(snapshot, capped, { actions: dying, ledger });
    await world.rotateBy(snapshot, capped);
    expect(world.changes()).toHaveLength(2);
    expect(await world.rotateBy(snapshot, capped)).toMatchObject({ alreadySwept: expect.anything() });
  });

  it('two runs of one snapshot at once: every change once, within the caps, and closed after it', async () => {
    const world = await openDueNight();
    const snapshot = await world.auditNow(capped);
    await Promise.all([world.rotateBy(snapshot, capped), world.rotateBy(snapshot, capped)]);
    expect(world.changes()).toHaveLength(2);
    expect(new Set(world.changes()).size).toBe(2);
    expect(await world.rotateBy(snapshot, capped)).toMatchObject({ alreadySwept: expect.anything() });
  });
});

describe('moments that cannot be', () => {
  it('a snapshot from the future is refused, and nothing is written', async () => {
    const world = await openDueNight();
    const snapshot = await world.auditNow(capped);
    const asOf = new Date(snapshot.audit.asOf.getTime() + DAY);
    const trace = await traceOf(world);
    const forged = { ...snapshot, audit: { ...snapshot.audit, asOf } };
    await expect(world.rotateBy(forged, capped)).rejects.toMatchObject({ code: 'SnapshotInvalid' });
    expect(await traceOf(world)).toBe(trace);
  });

  it('a record from the future keeps no sweep from being opened, and makes it partial', async () => {
    const world = await openDueNight();
    const swept = await world.auditNow(capped);
    await world.rotateBy(swept, capped);
    world.pass(1, []);
    const ahead = new Date(world.sandbox.clock.now().getTime() + 900 * DAY);
    const last = await world.ledger.sweptSnapshot('111122223333');
    const forged = {
      account: '111122223333',
      id: 'x',
      asOf: ahead,
      openedAt: ahead,
      earlier: [String(last?.id)],
      version: (last?.version ?? 0) + 1,
    };
    expect(await world.ledger.writeSweptSnapshot(forged)).toBe('written');
    expect(await world.rotateBy(swept, capped)).toMatchObject({ actions: [], alreadySwept: expect.anything() });
    const result = await world.sweep(capped);
    expect(result).toMatchObject({ outcome: 'partial', problems: [expect.stringContaining('is in the future')] });
    expect(actionsOf(result).filter((action) => action.startsWith('deactivate'))).toHaveLength(2);
    expect(await world.sweep(capped)).toMatchObject({ outcome: 'complete' });
  });
});

it('a dry run and a plan open nothing', async () => {
  const world = await openDueNight();
  const snapshot = await world.auditNow(capped);
  const last = await world.ledger.sweptSnapshot('111122223333');
  expect(actionsOf(await world.rotateBy(snapshot, capped, {}, { enforce: false }))).not.toEqual([]);
  expect(await world.ledger.sweptSnapshot('111122223333')).toEqual(last);
});

function onlyOpening({ ledger }: SweepWorld): SweepWorld['ledger']['writeSweptSnapshot'] {
  return async (record) => {
    if (record.closedAt !== undefined) throw new Error('killed');
    return ledger.writeSweptSnapshot(record);
  };
}
