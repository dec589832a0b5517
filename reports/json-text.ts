/** JSON as every command prints it. */

/** Data as JSON: pretty-printed, times in ISO 8601 UTC, undefined left out, a newline at the end. */
export function jsonText(data: object): string {
  return `${escapeForTerminal(JSON.stringify(data, undefined, 2))}\n`;
}

/** Counts by name, in the order of the names. */
export function sortedByKey(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Writes as \u escapes what JSON would allow raw but a terminal may obey (DEL, C1 controls, bidirectional overrides).
 * Such characters can stand inside strings only, where the escape means the same.
 */
function escapeForTerminal(json: string): string {
  return json.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, unit) => escapeUnit(character.charCodeAt(unit))).join(''),
  );
}

function escapeUnit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
