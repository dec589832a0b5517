/** One user whose keys are deactivated and due for deletion, for tests of what comes in between. */
import { accountWith, enforcePolicy, openSweepWorld, type SweepWorld, type SweepWorldOptions } from './sweep-world.ts';

export const ripeKey = 'AKIAKEYONEAAAAAAAAAA';

/** Whether the night has come in which the key is to be deleted: deactivated, its time over, its final notice given. */
async function isRipe(world: SweepWorld, id: string): Promise<boolean> {
  const entry = await world.entry(id);
  const { deleteAt, finalNoticeAt } = entry?.deactivation ?? {};
  if (entry?.stage !== 'deactivated' || deleteAt === undefined || finalNoticeAt === undefined) return false;
  return deleteAt <= world.sandbox.clock.now();
}

/** A world on the night in which bob’s key is to be deleted. */
export async function openRipeWorld(options: SweepWorldOptions = {}): Promise<SweepWorld> {
  const seed = accountWith([{ name: 'bob', accessKeys: [{ id: ripeKey, createdAt: '2026-08-15T00:00:00Z' }] }]);
  const world = await openSweepWorld({ seed, ...options });
  const policy = enforcePolicy();
  for (let night = 0; night < 60 && !(await isRipe(world, ripeKey)); night++) {
    await world.sweep(policy);
    world.pass(1, []);
  }
  return world;
}
