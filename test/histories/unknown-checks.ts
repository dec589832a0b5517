/** What could not be read is said: no user whose keys could not be listed, or who is no longer there, just vanishes. */

import type { Snapshot } from '../../core/lifecycle/snapshot.ts';
import type { SweepResult } from '../../core/lifecycle/sweep-result.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** After a sweep: every user whose list IAM refused tonight is named, where anything seems to be wrong with its keys. */
export function checkRefusedSaid({ refused, night }: World, { audit }: Snapshot, result: SweepResult): void {
  const { actions, skipped, outcome, alreadySwept } = result;
  // By a clock that was put back a snapshot is older than the last one: it says so, and judges nothing.
  if (alreadySwept !== undefined) return;
  const named = new Set([...actions, ...skipped].map(({ principal }) => principal.name));
  const isOfKeys = /^access-key-(?:unused|never-used|too-old|inactive)$/;
  for (const { status, rule, principal } of audit.findings) {
    if (status !== 'error' || !isOfKeys.test(rule) || !refused.has(principal.name)) continue;
    if (!named.has(principal.name))
      throw new Violation(`invariant 4: ${principal.name} vanished in night ${night}: its list was refused`);
    if (outcome === 'complete')
      throw new Violation(`invariant 10: night ${night} is complete, and ${principal.name} could not be judged`);
  }
}

/** After an audit: every user that the report shows and IAM does not is named. */
export function checkMissingSaid({ missing, night }: World, { audit }: Snapshot): void {
  const said = new Set(audit.missingUsers ?? []);
  for (const name of missing) {
    if (!said.has(name)) throw new Violation(`${name} is no longer there in night ${night}, and no one says so`);
  }
}
