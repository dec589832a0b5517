import { expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { findRestoreCandidate, restore } from '../../../engine/restore/restore.ts';
import type { SweepPorts } from '../../../engine/sweep/ports.ts';
import { notifierTo } from '../../support/listeners.ts';
import { account, enforcePolicy, openSweepWorld, staleKey } from '../../support/sweep-world.ts';

const thresholds = { maxInactive: 10 * DAY, deleteAfter: DAY };
const noActions = { remove: () => Promise.reject(new Error('a restoration deletes nothing')) };
const refused = { code: 'access-denied', message: 'AccessDenied' } as const;
const broken = { notifier: notifierTo(() => Promise.reject(new Error('the topic is missing'))) };

it('the notice of what someone did comes first, though a final notice fell due before the topic was back', async () => {
  const policy = enforcePolicy({ calendar: { timezone: 'UTC', days: ['Wed'], freeze: [] } }, thresholds);
  const world = await openSweepWorld();
  world.sandbox.account.setAccessKeyStatus(staleKey, 'Inactive');
  world.pass(1);
  // Tuesday: it is found inactive. Wednesday: its deletion would be due, after a final notice.
  for (let night = 0; night < 2; night++) {
    await world.sweep(policy, broken);
    world.pass(1);
  }
  expect(world.notices).toEqual([]);
  await world.sweep(policy);
  expect(world.notices[0]?.data.items.find(({ credential }) => credential?.id === staleKey)).toMatchObject({
    notice: 'deactivated',
    by: 'person',
  });
  for (let night = 0; night < 14; night++) {
    world.pass(1);
    await world.sweep(policy);
  }
  expect(notifiedOf(world)).toEqual(['deactivated', 'final-notice', 'deleted']);
  expect(world.changes()).toContain(`deleted ${staleKey}`);
});

it('the notice of what will happen comes the night after, not in a second sweep of the same night', async () => {
  const policy = enforcePolicy({}, thresholds);
  const world = await openSweepWorld();
  world.sandbox.account.setAccessKeyStatus(staleKey, 'Inactive');
  world.pass(1);
  await world.sweep(policy, broken);
  world.pass(1);
  for (let run = 0; run < 3; run++) await world.sweep(policy);
  expect(notifiedOf(world)).toEqual(['deactivated']);
  world.pass(1);
  for (let run = 0; run < 3; run++) await world.sweep(policy);
  expect(notifiedOf(world)).toEqual(['deactivated', 'final-notice']);
});

it.each<[string, Partial<SweepPorts>]>([
  ['IAM refuses', { actions: { ...noActions, setStatus: async () => ({ kind: 'failed', problem: refused }) } }],
  ['is killed', { actions: { ...noActions, setStatus: () => Promise.reject(new Error('killed')) } }],
])(
  'notices of what someone did and of what will happen are delivered though a restoration that %s came in between',
  async (_, ports) => {
    const policy = enforcePolicy({}, thresholds);
    const world = await openSweepWorld();
    world.sandbox.account.setAccessKeyStatus(staleKey, 'Inactive');
    world.pass(1);
    await world.sweep(policy, broken);
    const restorer = { ...world.ports, ...ports };
    const candidate = await findRestoreCandidate(restorer, { id: account, partition: 'aws' }, staleKey, 'alice');
    await expect(restore(restorer, { candidate, who: 'alice', why: 'production', id: 'r' })).rejects.toThrow();
    world.pass(1);
    for (let night = 0; night < 30; night++) {
      await world.sweep(policy);
      world.pass(1);
    }
    expect(notifiedOf(world)).toEqual(['deactivated', 'final-notice', 'deleted']);
  },
);

function notifiedOf({ notices }: Awaited<ReturnType<typeof openSweepWorld>>) {
  const items = notices.flatMap(({ data }) => data.items.filter(({ credential }) => credential?.id === staleKey));
  return items.map(({ notice }) => notice);
}
