/** What a message calls the credentials that it is about. */
import { allKinds, isRetirableKind, kindOf, type RetirableKind } from '../../core/kinds/kinds.ts';
import { counted } from '../words.ts';

/** A noun for running text: `a key`, `two keys`. */
export interface Noun {
  readonly one: string;
  readonly many: string;
}

/** `key` where all are access keys, `credential` where there are several kinds. */
export function nounOf(kinds: readonly RetirableKind[]): Noun {
  const [kind, ...others] = new Set(kinds);
  if (kind === undefined || others.length > 0) return { one: 'credential', many: 'credentials' };
  const { short, shortMany } = kindOf(kind).noun;
  return { one: short, many: shortMany };
}

/** How many there are of each kind, in the order of the registry. */
export function countKinds(kinds: readonly RetirableKind[]): Readonly<Partial<Record<RetirableKind, number>>> {
  const counts = allKinds.map(({ kind }) => [kind, kinds.filter((one) => one === kind).length] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** `2 access keys, 1 SSH key`. A kind that this version does not know is a credential. */
export function kindCountsInWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([kind, count]) => {
      const { one, many } = isRetirableKind(kind) ? kindOf(kind).noun : { one: 'credential', many: 'credentials' };
      return counted(count, one, many);
    })
    .join(', ');
}

/** What a workload is answered that still uses an inactive one of these kinds; undefined where that is not known. */
export function refusalsOf(kinds: readonly RetirableKind[]): string | undefined {
  const known = allKinds.filter(({ kind }) => kinds.includes(kind)).flatMap(({ refusedWith }) => refusedWith ?? []);
  return known.length === 0 ? undefined : known.join('; ');
}
