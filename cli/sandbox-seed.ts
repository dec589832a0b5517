import type { AccountSeed } from '../sandbox/index.ts';

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/**
 * The account of a seed with all its times moved, so that it looks at `now` as the seed looks at its own present: a
 * key that was 50 days idle still is. Without it a seed would age while it lies in the repository.
 */
export function seedAsOf(seed: AccountSeed, now: Date): AccountSeed {
  if (seed.now === undefined) return seed;
  const shift = now.getTime() - new Date(seed.now).getTime();
  const move = (_key: string, value: unknown) =>
    typeof value === 'string' && instant.test(value) ? new Date(Date.parse(value) + shift).toISOString() : value;
  return JSON.parse(JSON.stringify(seed), move) as AccountSeed;
}
