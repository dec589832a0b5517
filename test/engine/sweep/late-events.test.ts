/** Events arrive twice, late, and out of order: an audit that is not the latest word leads to nothing that is wrong by now. */
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../core/duration.ts';
import type { Ledger } from '../../../core/lifecycle/ledger.ts';
import type { Policy } from '../../../core/policy/policy.ts';
import {
  doomedKey,
  dueKey,
  finalKey,
  newKey,
  notifiedIn,
  openMixedNight,
  secondDueKey,
} from '../../support/mixed-night.ts';
import { actionsOf, enforcePolicy, type SweepWorld } from '../../support/sweep-world.ts';

const policy = enforcePolicy();

/** A ledger in which the sweep stays open: a second run resumes it. */
function neverClosing({ ports: { ledger } }: SweepWorld): Ledger {
  return {
    ...ledger,
    writeSweptSnapshot: async (record) =>
      record.closedAt === undefined ? ledger.writeSweptSnapshot(record) : 'conflict',
  };
}

describe('an event that is delivered twice while its sweep is open', () => {
  it('a key that the first run deactivated is not taken for restored where IAM cannot be asked', async () => {
    const world = await openMixedNight({ connect: { maxAttempts: 1 } });
    const snapshot = await world.auditNow(policy);
    await world.rotateBy(snapshot, policy, { ledger: neverClosing(world) });
    expect(world.changes()).toContain(`Inactive ${secondDueKey}`);
    world.sandbox.clock.advance(5 * MINUTE);
    world.sandbox.faults.add({ action: 'iam:ListAccessKeys', kind: 'denied' });

    const again = await world.rotateBy(snapshot, policy);

    expect(actionsOf(again)).toEqual([]);
    expect(again.outcome).toBe('partial');
    expect(await world.entry(secondDueKey)).toMatchObject({ stage: 'deactivated' });
    expect(world.notices).toHaveLength(1);
  });

  it('a key that the first run deleted no longer exists, though the audit saw it', async () => {
    const world = await openMixedNight();
    const snapshot = await world.auditNow(policy);
    await world.rotateBy(snapshot, policy, { ledger: neverClosing(world) });
    expect(world.changes()).toContain(`deleted ${doomedKey}`);
    world.sandbox.clock.advance(5 * MINUTE);
    expect(await world.rotateBy(snapshot, policy)).toMatchObject({ outcome: 'complete', actions: [] });
  });

  it('a key that an audit sees after its deletion is a riddle, and the run is partial', async () => {
    const world = await openMixedNight();
    const snapshot = await world.auditNow(policy);
    await world.rotateBy(snapshot, policy);
    const at = new Date(world.sandbox.clock.now().getTime() + 1);
    world.sandbox.clock.advance(5 * MINUTE);
    const { audit } = snapshot;
    const later = {
      ...snapshot,
      id: 'later',
      audit: { ...audit, asOf: at, report: { ...audit.report, generatedAt: at } },
    };
    const { outcome, skipped } = await world.rotateBy(later, policy);
    expect(outcome).toBe('partial');
    expect(skipped.find(({ credential }) => credential.id === doomedKey)).toMatchObject({ skipReason: 'unknown' });
  });
});

describe('an audit that is older than what the ledger says', () => {
  it('withdraws no warning that came after it', async () => {
    const world = await openMixedNight();
    // By the policy of that time nothing was wrong with anything.
    const lenient = enforcePolicy({}, { maxIdle: 1000 * DAY, maxAge: 1000 * DAY });
    const older = await world.auditNow(lenient);
    world.sandbox.clock.advance(5 * HOUR);
    await world.sweep(policy);
    expect(await world.entry(newKey)).toMatchObject({ stage: 'warned' });
    const late = await world.rotateBy(older, policy);
    expect(late).toMatchObject({
      outcome: 'complete',
      actions: [],
      alreadySwept: expect.stringContaining('is older than'),
    });
  });

  it('does not warn again about a key whose warning was withdrawn since', async () => {
    const world = await openMixedNight();
    const noAge = enforcePolicy({}, { maxAge: 1000 * DAY });
    const older = await world.auditNow(noAge);
    world.sandbox.clock.advance(5 * HOUR);
    world.sandbox.account.useAccessKey(finalKey);
    world.sandbox.clock.advance(5 * HOUR);
    expect(actionsOf(await world.sweep(noAge))).toContain(`resolve ${finalKey} applied`);
    expect(actionsOf(await world.rotateBy(older, noAge)).join()).not.toContain(finalKey);
    expect(await world.entry(finalKey)).toMatchObject({ stage: 'compliant' });
  });
});

it('an exemption by tag that came after the audit protects, also where the event is hours late', async () => {
  const exempting: Policy = enforcePolicy({
    exemptions: [
      {
        match: { tag: { keep: 'yes' } },
        rules: '*',
        reason: 'sealed',
        owner: 'sec@example.com',
        expires: '2027-06-30',
      },
    ],
  });
  const world = await openMixedNight();
  const snapshot = await world.auditNow(exempting);
  world.sandbox.account.tagUser('alice', { keep: 'yes' });
  world.sandbox.clock.advance(20 * HOUR);
  const result = await world.rotateBy(snapshot, exempting);
  expect(world.changes().join()).not.toMatch(/AKIADUEAAA|AKIADOOMED/);
  expect(actionsOf(result)).toContain(`deactivate ${secondDueKey} applied`);
  expect(notifiedIn(world.notices.map(({ body }) => body))).toContain(`RESOLVED ${dueKey}`);
});

it('what a crashed run did counts against the caps of the night, though only IAM knows of it', async () => {
  const capped = enforcePolicy({ limits: { ...policy.limits, maxDeactivations: { count: 1 } } });
  const world = await openMixedNight();
  const dying = {
    ...world.ports.ledger,
    write: async (...[entry, event]: Parameters<typeof world.ports.ledger.write>) => {
      if (event.type === 'deactivated') throw new Error('killed');
      return world.ports.ledger.write(entry, event);
    },
  };
  await world.sweep(capped, { ledger: dying });
  expect(world.changes().filter((change) => change.startsWith('Inactive'))).toHaveLength(1);
  world.sandbox.clock.advance(MINUTE);
  const again = await world.sweep(capped);
  expect(actionsOf(again)).toContain(`observe deactivated ${dueKey} applied`);
  expect(world.changes().filter((change) => change.startsWith('Inactive'))).toHaveLength(1);
});
