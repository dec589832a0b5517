/**
 * The outbox: whatever people or machines must learn is recorded before anyone is notified of it. From then on it is
 * *pending* for an audience, until that audience is known to have received it: *delivered*. Pure, and plain data.
 *
 *     recorded --> pending --(a message that names it was taken)--> delivered
 *                   ^   |
 *                   +---+ nothing was sent, no one is known to have received it, the message had no room for it,
 *                         or the run ended before the delivery could be recorded
 *
 * So everything is delivered to each audience at least once, and again only if it is not known to have been delivered.
 */

/** The record of one delivery to an audience. */
export interface DeliveryRecord {
  /** When it was delivered. Absent: the audience is not known to have received any of it. */
  readonly deliveredAt?: Date;
  /** Ids that were named neither in a message nor in a report that a message links to. Absent: there are none. */
  readonly undelivered?: readonly string[];
}

/** Whether the record with this id is still pending, according to the record of the delivery. */
export function isPending(id: string, delivery: DeliveryRecord | undefined): boolean {
  return delivery?.deliveredAt === undefined || delivery.undelivered?.includes(id) === true;
}

/** What is pending for each audience, oldest first. `Items` maps each audience to what it is notified of. */
export type Outbox<Items extends object> = { readonly [Audience in keyof Items]: readonly Items[Audience][] };

export function pending<Items extends object, Audience extends keyof Items>(
  outbox: Outbox<Items>,
  audience: Audience,
): readonly Items[Audience][] {
  return outbox[audience];
}

/** Records more for an audience. */
export function put<Items extends object, Audience extends keyof Items>(
  outbox: Outbox<Items>,
  audience: Audience,
  items: readonly Items[Audience][],
): Outbox<Items> {
  return items.length === 0 ? outbox : { ...outbox, [audience]: [...outbox[audience], ...items] };
}

/** What is left once an audience has received some of it; the same object if it has received none. */
export function delivered<Items extends object, Audience extends keyof Items>(
  outbox: Outbox<Items>,
  audience: Audience,
  isDelivered: (item: Items[Audience]) => boolean,
): Outbox<Items> {
  const left = outbox[audience].filter((item) => !isDelivered(item));
  return left.length === outbox[audience].length ? outbox : { ...outbox, [audience]: left };
}
