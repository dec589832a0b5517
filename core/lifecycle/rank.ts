/** Which changes come first if a cap allows only some. */
import type { Duration } from '../model.ts';
import { blockOf } from './blocked.ts';
import type { Change } from './decision.ts';
import type { CredentialState } from './state.ts';

/**
 * Changes that an interrupted sweep began come first, then exposed, privileged and longest idle credentials; ids break ties.
 * Changes that AWS has denied come last: they take no other's place.
 */
export function rank<T extends { readonly state: CredentialState }>(
  items: readonly T[],
  change: Change['type'],
  now: Date,
): readonly T[] {
  return items
    .map((item) => ({ item, urgency: urgencyOf(item.state, change), idle: idleOf(item.state, now) }))
    .sort((a, b) => b.urgency - a.urgency || b.idle - a.idle || compareText(idOf(a.item), idOf(b.item)))
    .map(({ item }) => item);
}

/** One number for everything that is compared before the idle time; higher comes first. */
function urgencyOf({ entry, exposed, privileged }: CredentialState, change: Change['type']): number {
  const known = Number(entry?.intent !== undefined) * 4 + Number(exposed === true) * 2 + Number(privileged === true);
  return blockOf(entry, change) === undefined ? known : known - 8;
}

function idOf({ state }: { readonly state: CredentialState }): string {
  return state.credential.id;
}

/** Time since the last use in ms, or since creation if never used. An untracked credential may be in use now. */
function idleOf({ liveStatus }: CredentialState, now: Date): Duration {
  if (liveStatus.kind !== 'seen' || liveStatus.lastUse.kind === 'untracked') return 0;
  const { lastUse, createdAt } = liveStatus;
  return now.getTime() - (lastUse.kind === 'used' ? lastUse.at : createdAt).getTime();
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
