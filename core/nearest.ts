/** The known name that a mistyped one most likely means. Pure. */

/** Undefined if none is near. Case, spaces and underscores do not count as differences. */
export function nearestOf<T extends string>(text: string, names: readonly T[]): T | undefined {
  const typed = plain(text);
  const distances = names.map((name) => ({ name, distance: distanceOf(typed, plain(name)) }));
  const [best] = distances.toSorted((a, b) => a.distance - b.distance);
  if (best === undefined) return undefined;
  const most = Math.max(1, Math.floor(Math.max(typed.length, best.name.length) / 3));
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

/** Letters to insert, delete, replace or swap with their neighbor: the Damerau-Levenshtein distance without overlaps. */
function distanceOf(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwap ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(a.length, b.length);
}
