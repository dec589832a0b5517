/** Where no one reads what is published, nothing is changed, the sweep says so, and who wants a key back gets it. */
import type { SweepResult } from '../../core/lifecycle/sweep-result.ts';
import { mustTry, reaches } from './audience.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** After a night with all its sweeps. */
export function checkNothingChanged({ audience, night, writes }: World): void {
  if (reaches(audience)) return;
  const changes = writes.filter((write) => Math.floor(write.night) === night);
  if (changes.length > 0) {
    throw new Violation(
      `changed in night ${night}, in which no one is reached (${audience}): ${JSON.stringify(changes)}`,
    );
  }
}

/** After a sweep. What must be tried is only known not to have reached people where there was something to publish. */
export function checkSilenceSaid(
  { audience, night, notices }: World,
  result: SweepResult,
  messagesBefore: number,
): void {
  const { outcome, mode, actions, notices: notified, alreadySwept } = result;
  if (audience === undefined || mode === 'audit' || alreadySwept !== undefined) return;
  const hasPublished = notices.length > messagesBefore;
  if (reaches(audience)) {
    if (notified?.reached !== true) throw new Violation(`night ${night} says that no one is reached by ${audience}`);
    return;
  }
  if (mustTry(audience) && !hasPublished) return;
  if (outcome === 'complete') throw new Violation(`night ${night} is complete, and no one is reached (${audience})`);
  if (outcome === 'failed') return;
  if (notified?.reached !== false) throw new Violation(`night ${night} counts ${audience} as people`);
  const done = actions.filter(({ type, outcome }) => {
    return outcome === 'applied' && ['warn', 'deactivate', 'delete'].includes(type);
  });
  if (done.length > 0) {
    throw new Violation(`applied in night ${night}, in which no one is reached (${audience}): ${JSON.stringify(done)}`);
  }
}

/** After `keysweep restore` of a key that nothing else stood in the way of: it is active, no matter who is notified. */
export function checkRestored({ account, audience, night }: World, accessKeyId: string): void {
  const status = account.findAccessKey(accessKeyId)?.key.status;
  if (status !== 'Active') {
    throw new Violation(`restored in night ${night}, and ${accessKeyId} is ${status} (${audience ?? 'all is well'})`);
  }
}
