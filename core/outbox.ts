/**
 * The outbox: whatever is to be known outside is put on record before anybody is notified of it. From then on it is
 * *pending* for an audience until that audience is known to have it, which is *delivered*. Pure, and plain data.
 *
 *     put on record --> pending --(message taken, it is named in it)--> delivered
 *                        ^   |
 *                        +---+ nothing was sent, no one is known to have got it, it had no room for a name,
 *                              or the run ended before it could be recorded
 *
 * So everything is delivered at least once to each audience, and again only where no one knows that it was.
 */

/** What is on record of one delivery to an audience. */
export interface DeliveryRecord {
  /** When the audience was known to have it. Absent: it is not known to have anything of it. */
  readonly deliveredAt?: Date;
  /** Ids of what was to be delivered, and no message named, nor a report that one links to. Absent: there is none. */
  readonly undelivered?: readonly string[];
}

/** Whether what is on record under an id waits for its delivery still, as far as the record of that delivery says. */
export function isPending(id: string, delivery: DeliveryRecord | undefined): boolean {
  return delivery?.deliveredAt === undefined || delivery.undelivered?.includes(id) === true;
}

/** What is pending for each audience, oldest first. `Items` names the audiences, and what each of them is notified of. */
export type Outbox<Items extends object> = { readonly [Audience in keyof Items]: readonly Items[Audience][] };

export function pending<Items extends object, Audience extends keyof Items>(
  outbox: Outbox<Items>,
  audience: Audience,
): readonly Items[Audience][] {
  return outbox[audience];
}

/** Puts more on record for an audience. */
export function put<Items extends object, Audience extends keyof Items>(
  outbox: Outbox<Items>,
  audience: Audience,
  items: readonly Items[Audience][],
): Outbox<Items> {
  return items.length === 0 ? outbox : { ...outbox, [audience]: [...outbox[audience], ...items] };
}

/** What is left once an audience is known to have something of it; the same object where it has nothing of it. */
export function delivered<Items extends object, Audience extends keyof Items>(
  outbox: Outbox<Items>,
  audience: Audience,
  isDelivered: (item: Items[Audience]) => boolean,
): Outbox<Items> {
  const left = outbox[audience].filter((item) => !isDelivered(item));
  return left.length === outbox[audience].length ? outbox : { ...outbox, [audience]: left };
}
