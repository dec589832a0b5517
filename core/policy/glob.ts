/**
 * A test of whether a whole text matches an anchored glob, prepared for many texts: `*` matches any run of characters
 * (also none), `?` matches one. Characters are code points; composed and decomposed forms of a letter are the same.
 *
 * Own code on purpose: the matchers on npm support paths, braces and negation, so a `/` or a `!` in a user name would
 * change what an exemption covers. Takes time proportional to the product of both lengths at worst.
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  const normal = pattern.normalize();
  const wildcard = normal.search(/[*?]/);
  // Most globs are plain names.
  if (wildcard < 0) return (text) => text === normal || text.normalize() === normal;
  const start = normal.slice(0, wildcard);
  const characters = [...normal];
  return (text) => {
    const candidate = text.normalize();
    return candidate.startsWith(start) && matchesCharacters(characters, [...candidate]);
  };
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
      // Dead end: let the last star take one more character.
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
