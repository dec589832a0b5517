import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mutants } from './mutants.ts';

it.each(mutants)(
  'the mutant of invariant $invariant still fits its file: $what',
  ({ file, find, replace, noticedBy }) => {
    const parts = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8').split(find);
    expect(parts).toHaveLength(2);
    expect(replace).not.toBe(find);
    expect(noticedBy === undefined || existsSync(noticedBy)).toBe(true);
  },
);
