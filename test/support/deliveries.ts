/** Who is known to have what an audit notified of. */
import type { FindingsDeliveries } from '../../core/findings/findings-outbox.ts';

export const audiences = ['alerts', 'digests', 'bus'] as const;
export type FindingsAudience = (typeof audiences)[number];

/** These audiences have everything, but for findings that no message had room to name. Events name everything. */
export function deliveredTo(reached: readonly FindingsAudience[], ...unnamed: readonly string[]): FindingsDeliveries {
  const deliveredAt = new Date('2026-11-22T03:00:00Z');
  return Object.fromEntries(
    reached.map((audience) => [audience, audience === 'bus' ? { deliveredAt } : { deliveredAt, undelivered: unnamed }]),
  );
}

export const deliveredToAll = deliveredTo(audiences);
