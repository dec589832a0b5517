/** What errors say to do: sentences, in one style. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const rooms = ['aws', 'bin', 'cli', 'core', 'engine', 'files', 'lambda', 'lib', 'reports'];

/** The literals of hints. `${...}` counts as text. */
function hintsIn(source: string): readonly string[] {
  const literal =
    /\bhint(?::|\s=)\s*(?:[^'"`,;{}]*\?\s*)?(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|`((?:\\.|[^`\\])*)`)/g;
  return [...source.matchAll(literal)].map(([, ...texts]) => texts.find((text) => text !== undefined) ?? '');
}

/** A sentence; what is to be copied stands at its end, without a period. */
function isInStyle(hint: string): boolean {
  return /^(?:[A-Z“"]|\$\{)/.test(hint) && (/[.?)}]$/.test(hint) || /: \S.*$/.test(hint) || /such as \S+$/.test(hint));
}

describe('hints', () => {
  const found = rooms.flatMap((room) =>
    readdirSync(`${root}/${room}`, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => {
        return hintsIn(readFileSync(`${root}/${room}/${file}`, 'utf8')).map((hint) => ({ file, hint }));
      }),
  );

  it('are sentences that begin with a capital and end with a period, or with what to copy', () => {
    expect(found.length).toBeGreaterThan(80);
    expect(found.filter(({ hint }) => !isInStyle(hint))).toEqual([]);
  });

  it.each(['try again later', 'Try again later', 'use --yes.'])('%s would be noticed', (hint) => {
    expect(hintsIn(`{ hint: '${hint}' }`).every(isInStyle)).toBe(false);
  });
});
