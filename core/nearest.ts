/** The known name that a mistyped one most likely means. Pure. */
import leven from 'leven';

/** Undefined if none is near. Case, spaces and underscores do not count as differences. */
export function nearestOf<T extends string>(text: string, names: readonly T[]): T | undefined {
  const typed = plain(text);
  const distances = names.map((name) => ({ name, distance: leven(typed, plain(name)) }));
  const [best] = distances.toSorted((a, b) => a.distance - b.distance);
  if (best === undefined) return undefined;
  const longest = Math.max(typed.length, best.name.length);
  // Two letters in the wrong order are two replacements.
  const most = Math.max(longest < 4 ? 1 : 2, Math.floor(longest / 3));
  return best.distance <= most ? best.name : undefined;
}

/** `; did you mean NAME?`, or nothing: the end of a message about a name that does not exist. */
export function didYouMean(text: string, names: readonly string[]): string {
  const found = nearestOf(text, names);
  return found === undefined ? '' : `; did you mean ${found}?`;
}

function plain(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
}
