import { expect, it } from 'vitest';
import { actionsOf, enforcePolicy, openSweepWorld, staleKey } from '../../support/sweep-world.ts';

it('a write of another sweep in the same millisecond is not taken for one’s own: the owner is notified once', async () => {
  const world = await openSweepWorld();
  const policy = enforcePolicy();
  const snapshot = await world.auditNow(policy);
  const { ledger } = world.ports;
  let isFirst = true;
  const outpaced: typeof ledger = {
    ...ledger,
    write: async (entry, event) => {
      if (entry.credential.id !== staleKey || !isFirst) return ledger.write(entry, event);
      isFirst = false;
      // The clock of the sandbox stands still: the other sweep writes the same version of the same moment.
      await world.rotateBy(snapshot, policy);
      throw new Error('no answer');
    },
  };

  const result = await world.rotateBy(snapshot, policy, { ledger: outpaced }, { concurrency: 1 });

  expect(actionsOf(result)).toContain(`warn first-notice ${staleKey} skipped`);
  expect(world.notices.filter(({ body }) => body.includes(staleKey))).toHaveLength(1);
});
