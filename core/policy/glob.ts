/**
 * Whether the whole text fits an anchored glob: `*` stands for any run of characters (also none), `?` for one.
 * Characters are code points; composed and decomposed spellings of the same letter are the same.
 *
 * Own code on purpose: the matchers on npm know paths, braces and negation, where a `/` or a `!` in a user name would
 * change what an exemption covers. Takes time proportional to both lengths at worst; no pattern can make it explode.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  // Most globs are plain names.
  if (!/[*?]/.test(pattern)) return pattern.normalize() === text.normalize();
  return matchesCharacters([...pattern.normalize()], [...text.normalize()]);
}

function matchesCharacters(pattern: readonly string[], text: readonly string[]): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (pattern[p] === '?' || pattern[p] === text[t]) {
      p++;
      t++;
    } else if (star >= 0) {
      // Dead end: let the last star take one character more.
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
