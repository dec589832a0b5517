/** The phases of a sweep run apart: other processes, other ports, and nothing between them but plain data. */
import { expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import type { Snapshot } from '../../../core/lifecycle/snapshot.ts';
import type { Policy } from '../../../core/policy/policy.ts';
import { act } from '../../../engine/sweep/act.ts';
import { inspect } from '../../../engine/sweep/inspect.ts';
import type { Night } from '../../../engine/sweep/night.ts';
import { correct, findAudience, notify } from '../../../engine/sweep/notify.ts';
import { closeSweep, openSweep } from '../../../engine/sweep/open-sweep.ts';
import { planNight } from '../../../engine/sweep/plan.ts';
import type { SweepPorts } from '../../../engine/sweep/ports.ts';
import { record } from '../../../engine/sweep/record.ts';
import { report } from '../../../engine/sweep/report.ts';
import { openRun, type Run } from '../../../engine/sweep/run.ts';
import { dueKey, endState, openMixedNight } from '../../support/mixed-night.ts';
import { enforcePolicy, type SweepWorld } from '../../support/sweep-world.ts';

const policy = enforcePolicy();
const sweep = 'apart';

/** What every step after the first is given of the sweep, beside the night. */
function later({ ports, sandbox }: SweepWorld, { id, audit }: Snapshot, changes: Partial<SweepPorts> = {}): Run {
  const about = { id, audit: { account: audit.account }, users: [] };
  const options = { sweep, enforce: true, startedAt: sandbox.clock.now() };
  return openRun({ ...ports, ...changes }, policy, about, options);
}

async function openApart(world: SweepWorld, by: Policy = policy) {
  const snapshot = await world.auditNow(by);
  const first = openRun({ ...world.ports, actions: undefined }, by, snapshot, { sweep, enforce: true });
  const opening = await openSweep(first, snapshot);
  if (opening.kind === 'replayed') throw new Error(opening.why);
  const planned = await planNight(first, await inspect(first, snapshot));
  return { snapshot, first, opening, planned };
}

/** As it would come out of a file. */
const away = (night: Night): Night => structuredClone(night);

it('come to the same as in one go', async () => {
  const whole = await openMixedNight();
  const expected = await whole.sweep(policy);
  const world = await openMixedNight();
  const { snapshot, first, opening, planned } = await openApart(world);
  const recorded = away(await record(first, await findAudience(first, away(planned))));
  const notified = away(await notify(later(world, snapshot, { actions: undefined }), recorded));
  const acted = away(await act(later(world, snapshot), notified));
  const corrected = await correct(later(world, snapshot), acted);
  const closed = await closeSweep(later(world, snapshot), corrected, opening);
  const { outcome, problems, notices, actions, skipped } = expected;
  expect(report(closed)).toEqual({ outcome, problems, notices, actions, skipped });
  expect(world.changes()).toEqual(whole.changes());
  expect(await endState(world)).toEqual(await endState(whole));
  expect(world.notices).toHaveLength(whole.notices.length);
});

it('lead to nothing where a phase is left out: what was not recorded or not notified is not done', async () => {
  const world = await openMixedNight();
  const { snapshot, first, planned } = await openApart(world);
  const unrecorded = await notify(later(world, snapshot), planned);
  await act(later(world, snapshot), unrecorded);
  const recorded = await record(first, await findAudience(first, planned));
  expect(recorded.items.map(({ outcome }) => outcome)).toContain('recorded');
  await act(later(world, snapshot), recorded);
  expect(world.changes()).toEqual([]);
});

it('act on what is true when they run, not on what the night was planned by', async () => {
  const world = await openMixedNight();
  const { snapshot, first, planned } = await openApart(world);
  const recorded = await record(first, await findAudience(first, planned));
  const notified = away(await notify(later(world, snapshot), recorded));
  world.sandbox.account.useAccessKey(dueKey, new Date(world.sandbox.clock.now().getTime() - DAY));
  const acted = await act(later(world, snapshot), notified);
  expect(world.changes()).not.toContain(`Inactive ${dueKey}`);
  expect(acted.items.find(({ state }) => state.credential.id === dueKey)).toMatchObject({ outcome: 'skipped' });
});
