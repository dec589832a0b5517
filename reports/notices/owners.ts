/** A digest by owner: who has to do something, the most urgent first. */
import type { OwnerSummary } from '../../core/notice.ts';
import { clip } from '../mail-text.ts';
import { withoutLinks } from '../printable.ts';
import type { NoticeItem } from './notice-item.ts';
import { sections } from './sections.ts';
import { sumsOf } from './sums.ts';

/** Of the text of an owner tag, in UTF-16 units. */
const longestOwner = 80;

/** One line for each owner, in the order of the sections; those without a known owner last. */
export function summarizeOwners(items: readonly NoticeItem[]): readonly OwnerSummary[] {
  const byOwner = new Map<string | undefined, NoticeItem[]>();
  for (const item of sections.flatMap(({ holds }) => items.filter(holds))) {
    const own = byOwner.get(item.owner);
    if (own === undefined) byOwner.set(item.owner, [item]);
    else own.push(item);
  }
  const known = [...byOwner].filter(([owner]) => owner !== undefined);
  const unknown = byOwner.get(undefined);
  return [...known, ...(unknown === undefined ? [] : [[undefined, unknown] as const])].map(([owner, own]) => ({
    ...(owner === undefined ? {} : { owner: clip(withoutLinks(owner), longestOwner) }),
    count: own.length,
    summary: sumsOf(own).join(', '),
  }));
}

/** `payments@acme.example`, or that no one is known. */
export function ownerInWords({ owner }: OwnerSummary): string {
  return owner ?? 'no owner known';
}
