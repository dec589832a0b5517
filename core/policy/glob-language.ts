/** What can be decided about globs without a text: which texts they could match at all. */

/** A run of characters of one kind. `most` may be infinite. */
export interface Run {
  readonly allows: (character: string) => boolean;
  readonly least: number;
  readonly most: number;
}

/** The possible texts, as a sequence of runs. */
export type Grammar = readonly Run[];

/** Exactly this text. */
export function literal(text: string): Grammar {
  return [...text].map((expected) => ({ allows: (character) => character === expected, least: 1, most: 1 }));
}

/** The characters of a glob that stand for themselves. */
export function literalsOf(glob: string): readonly string[] {
  return [...glob.normalize()].filter((character) => character !== '*' && character !== '?');
}

/** Whether any text of the grammar matches the glob. Exact; takes time proportional to glob times bounded runs. */
export function canMatch(glob: string, grammar: Grammar): boolean {
  const pattern = [...glob.normalize()];
  const seen = new Set<string>();
  const open: (readonly [place: number, run: number, taken: number])[] = [[0, 0, 0]];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const key = state.join();
    if (seen.has(key)) continue;
    seen.add(key);
    const [place, at, taken] = state;
    const run = grammar[at];
    const symbol = pattern[place];
    if (run === undefined && symbol === undefined) return true;
    if (symbol === '*') open.push([place + 1, at, taken]);
    if (run === undefined) continue;
    if (taken >= run.least) open.push([place, at + 1, 0]);
    if (symbol === undefined || taken >= run.most) continue;
    // In an unbounded run only `least` matters: counting further would add no new state.
    const counted = Number.isFinite(run.most) ? taken + 1 : Math.min(taken + 1, run.least);
    if (symbol === '*') open.push([place, at, counted]);
    else if (symbol === '?' || run.allows(symbol)) open.push([place + 1, at, counted]);
  }
  return false;
}

/** Whether any text matches both globs. Exact. */
export function globsOverlap(one: string, other: string): boolean {
  const a = [...one.normalize()];
  const b = [...other.normalize()];
  const seen = new Set<number>();
  const open: (readonly [number, number])[] = [[0, 0]];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const [i, j] = state;
    const key = i * (b.length + 1) + j;
    if (seen.has(key)) continue;
    seen.add(key);
    const [x, y] = [a[i], b[j]];
    if (x === undefined && y === undefined) return true;
    if (x === '*') open.push([i + 1, j]);
    if (y === '*') open.push([i, j + 1]);
    if (x === undefined || y === undefined) continue;
    if (x === '*') open.push([i, j + 1]);
    else if (y === '*') open.push([i + 1, j]);
    else if (x === '?' || y === '?' || x === y) open.push([i + 1, j + 1]);
  }
  return false;
}

/**
 * Whether everything that matches the inner glob matches the outer one. Never wrongly true; if false, the inner one may
 * still be covered in a way that is not detected here.
 */
export function globCovers(outer: string, inner: string): boolean {
  const pattern = symbolsOf(outer);
  const text = symbolsOf(inner);
  // reachable[p]: the first p symbols of the pattern cover what has been read of the inner glob.
  let reachable = closeOver(pattern, new Set([0]));
  for (const symbol of text) {
    const next = new Set<number>();
    for (const place of reachable) {
      const covering = pattern[place];
      if (covering === '*') next.add(place);
      else if (covering === symbol || (covering === '?' && symbol !== '*')) next.add(place + 1);
    }
    reachable = closeOver(pattern, next);
  }
  return reachable.has(pattern.length);
}

/** Puts runs of wildcards in a fixed order: `*?` and `?*` are the same. */
function symbolsOf(glob: string): readonly string[] {
  const sorted = glob.normalize().replace(/[*?]{2,}/g, (run) => {
    return `${'?'.repeat([...run].filter((wildcard) => wildcard === '?').length)}${run.includes('*') ? '*' : ''}`;
  });
  return [...sorted];
}

function closeOver(pattern: readonly string[], places: Set<number>): ReadonlySet<number> {
  // Iteration over a set includes what is added meanwhile.
  for (const place of places) if (pattern[place] === '*') places.add(place + 1);
  return places;
}
