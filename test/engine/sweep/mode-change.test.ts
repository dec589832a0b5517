/** The policy's mode may change while a change that people were notified of is still open. */
import { expect, it } from 'vitest';
import { notifierTo } from '../../support/listeners.ts';
import { notifiedIn, openMixedNight, secondDueKey } from '../../support/mixed-night.ts';
import { actionsOf, enforcePolicy } from '../../support/sweep-world.ts';

const policy = enforcePolicy();

/** A night that dies between its digest and its first change. */
async function announced() {
  const world = await openMixedNight();
  let remaining = 900_000;
  const notifier = notifierTo(async (notice) => {
    await world.ports.notifier.publish(notice);
    remaining = 0;
  });
  await world.sweep(policy, { notifier }, { remainingTime: () => remaining });
  expect(await world.entry(secondDueKey)).toMatchObject({ stage: 'warned', intent: { action: 'deactivate' } });
  expect(world.changes()).toEqual([]);
  return world;
}

it('to warn: people are notified that it did not happen, and it is announced again before it does', async () => {
  const world = await announced();
  world.pass(1, []);
  await world.sweep({ ...policy, mode: 'warn' });
  expect(world.changes()).toEqual([]);
  expect(notifiedIn([world.notices.at(-1)?.body ?? ''])).toContain(`ANNOUNCED, BUT NOT DONE ${secondDueKey}`);
  expect((await world.entry(secondDueKey))?.intent).toBeUndefined();
  world.pass(1, []);
  await world.sweep(policy);
  expect(notifiedIn([world.notices.at(-1)?.body ?? ''])).toContain(`DEACTIVATED TONIGHT ${secondDueKey}`);
});

it('to audit and back after weeks: there is a final notice again', async () => {
  const world = await announced();
  world.pass(1, []);
  await world.sweep({ ...policy, mode: 'audit' });
  expect(world.changes()).toEqual([]);
  world.pass(20, []);
  expect(actionsOf(await world.sweep(policy))).toContain(`warn final-notice ${secondDueKey} applied`);
  expect(world.changes().join()).not.toContain(secondDueKey);
});
