/**
 * Matches the slots of the credential report to credentials. Slots hold no ids and come in no reliable order, so only the
 * second of creation tells them apart.
 */
import type { Known } from './model.ts';

/** Report and list give a creation to the second; some answers of AWS have milliseconds. */
export function isSameSecond(a: Date, b: Date): boolean {
  return Math.floor(a.getTime() / 1000) === Math.floor(b.getTime() / 1000);
}

/** `one`: this slot and no other. `none`: none of them. `unclear`: one of several, or unknown. */
export type SlotMatch<S> = { readonly kind: 'one'; readonly slot: S } | { readonly kind: 'none' | 'unclear' };

/**
 * The slot of a credential whose id is known. It is certain only if exactly one slot and exactly one such credential were
 * created in that second.
 *
 * @param slots what the report shows for one user and kind
 * @param named creation dates of all credentials of that user and kind whose ids are known, this one included
 */
export function matchSlot<S extends { readonly createdAt: Known<Date> }>(
  createdAt: Date,
  slots: readonly S[],
  named: readonly Date[],
): SlotMatch<S> {
  const [slot, ...others] = slots.filter((one) => one.createdAt.known && isSameSecond(one.createdAt.value, createdAt));
  if (slot === undefined) return { kind: slots.every((one) => one.createdAt.known) ? 'none' : 'unclear' };
  const twins = named.filter((one) => isSameSecond(one, createdAt));
  return others.length === 0 && twins.length <= 1 ? { kind: 'one', slot } : { kind: 'unclear' };
}
