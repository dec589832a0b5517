/** What holds for a local date of the policy's zone: whether anything may happen on it, and how much. */
import type { Policy } from '../../core/policy/policy.ts';
import { expectThat } from './violation.ts';
import { dateIn, isAllowedDay } from './wall-clock.ts';
import type { ObservedWrite, World } from './world.ts';

export function checkCalendar(write: ObservedWrite, policy: Policy): void {
  expectThat(isAllowedDay(policy, write.at), 'outside the calendar, or in a freeze', write);
}

/** However many sweeps a day has: what is done tonight leaves the whole day within its caps. */
export function checkCaps(world: World, { limits, calendar }: Policy, tonight: readonly ObservedWrite[]): void {
  // Counted after the night; each deactivation took one out of the active ones.
  const active = world.account
    .users()
    .flatMap(({ accessKeys }) => accessKeys)
    .filter(({ status }) => status === 'Active').length;
  const done = (action: ObservedWrite['action']) => tonight.filter((write) => write.action === action);
  const inScope = active + done('deactivate').length;
  const capacity = (cap: Policy['limits']['maxDeletions']) => {
    if ('count' in cap) return cap.count;
    return cap.percent === 0 ? 0 : Math.max(1, Math.floor((cap.percent * inScope) / 100));
  };
  const doneThatDay = (action: ObservedWrite['action']) => {
    const [one] = done(action);
    if (one === undefined) return [];
    const today = dateIn(calendar.timezone, one.at);
    return world.writes.filter((write) => write.action === action && dateIn(calendar.timezone, write.at) === today);
  };
  const deactivated = doneThatDay('deactivate');
  expectThat(
    deactivated.length <= capacity(limits.maxDeactivations),
    'invariant 6: more deactivations in a day than the cap',
    deactivated,
  );
  // People may have made keys inactive since the report was made: the cap in percent is counted in its active ones.
  const slack = 'percent' in limits.maxDeletions ? 2 : 0;
  const deleted = doneThatDay('delete');
  expectThat(
    deleted.length <= capacity(limits.maxDeletions) + slack,
    'invariant 6: more deletions in a day than the cap',
    deleted,
  );
}
