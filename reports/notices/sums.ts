/** What a digest comes to, in the words of its subject and its first lines. */
import type { NoticeItem } from './notice-item.ts';
import { countKinds, kindCountsInWords, nounOf } from './nouns.ts';
import { sections } from './sections.ts';

/**
 * What there is, the most urgent first: `2 keys deactivated`, `1 deleted`. The noun stands once; where there are several
 * kinds, each number says of which: `1 access key, 1 SSH key deleted`.
 */
export function sumsOf(items: readonly NoticeItem[]): readonly string[] {
  const noun = nounOf(items.map(({ credential }) => credential.kind));
  const isMixed = new Set(items.map(({ credential }) => credential.kind)).size > 1;
  const present = sections
    .map(({ outcome, holds }) => ({ outcome, own: items.filter(holds) }))
    .filter(({ own }) => own.length > 0);
  return present.map(({ outcome, own }, at) => {
    const count = own.length;
    if (isMixed)
      return `${kindCountsInWords(countKinds(own.map(({ credential }) => credential.kind)))} ${outcome(count)}`;
    const what = at > 0 ? '' : ` ${count === 1 ? noun.one : noun.many}`;
    return `${count}${what} ${outcome(count)}`;
  });
}
