/** Nothing happens before the night that people were notified of, and where nothing comes in between, in that night. */
import type { Policy } from '../../core/policy/policy.ts';
import { Violation } from './violation.ts';
import { isAllowedDay, isOverMidnight, nightOf } from './wall-clock.ts';
import type { ObservedWrite, PublishedNotice, World } from './world.ts';

/** What a notice names for one change of one key. */
interface NamedNight {
  readonly change: 'deactivate' | 'delete';
  readonly dueAt: Date;
}

type Item = PublishedNotice['data']['items'][number];

/** What an item says about the future of its key; undefined where it names no night. */
function namedBy({ notice, about, dueAt }: Item): NamedNight | undefined {
  if (dueAt === undefined || about === 'rotate' || about === 'unknown') return undefined;
  const isOfDeletion = about === 'delete' || notice === 'deactivated' || notice === 'late-use';
  return { change: isOfDeletion ? 'delete' : 'deactivate', dueAt: new Date(dueAt) };
}

function itemsOf(id: string, notices: readonly PublishedNotice[]): readonly Item[] {
  return notices.flatMap(({ data }) => data.items.filter(({ credential }) => credential?.id === id));
}

/** A write of tonight comes in the night that the latest notice names for it, or later. */
export function checkNotBefore(write: ObservedWrite, { notices }: World, policy: Policy): void {
  const named = itemsOf(write.accessKeyId, notices.slice(0, write.messagesBefore)).flatMap((item) => {
    const one = namedBy(item);
    return one?.change === write.action ? [one.dueAt] : [];
  });
  const last = named.at(-1);
  if (last === undefined || write.at >= last || nightOf(policy, write.at) >= nightOf(policy, last)) return;
  throw new Violation(`before the night that was named: ${JSON.stringify({ write, named })}`);
}

/** In a quiet stretch everything that was named for a night up to this one has happened. */
export function checkKept(world: World, policy: Policy): void {
  const { night, notices, writes, stretch, account } = world;
  const now = world.clock.now();
  if (stretch === undefined || night < stretch || !isBound(policy, now)) return;
  const tonight = nightOf(policy, now);
  const before = notices.filter((notice) => notice.night >= stretch && notice.night < night);
  const keys = account.users().flatMap(({ accessKeys }) => accessKeys.map(({ id }) => id));
  for (const id of keys) {
    const last = itemsOf(id, before).at(-1);
    const named = last && namedBy(last);
    if (named === undefined || nightOf(policy, named.dueAt) > tonight) continue;
    const isDone = writes.some((write) => {
      return write.accessKeyId === id && write.action === named.change && write.night >= stretch;
    });
    if (!isDone) throw new Violation(`not in the night that was named: ${JSON.stringify({ id, last, now, night })}`);
  }
}

/** Changes may happen in every promised night: no cap is in the way, and no window is too long for the days. */
function isBound(policy: Policy, now: Date): boolean {
  const { mode, limits, calendar } = policy;
  const isRoomy = [limits.maxDeactivations, limits.maxDeletions].every((cap) => 'count' in cap && cap.count >= 10);
  const isNeverWhole = calendar.days.length === 1 && isOverMidnight(policy, now);
  return mode === 'enforce' && isRoomy && !isNeverWhole && isAllowedDay(policy, now);
}
