import { KeysweepError } from '../core/error.ts';
import type { AccountSeed } from '../sandbox/index.ts';
import { readUserFile } from './input.ts';
import type { Io } from './io.ts';

/**
 * The account that `--seed` names: `acme`, `empty`, or a file, whose present is now. Undefined for an account with
 * nobody but root. Throws KeysweepError `FileUnreadable` and `SeedInvalid`, with every problem and its place.
 */
export async function readSeed(named: string, io: Io): Promise<AccountSeed | undefined> {
  if (named === 'empty') return undefined;
  if (named !== 'acme') return seedAsOf(await readSeedFile(named, io), io.now());
  const { acmeAccount } = await import('../sandbox/seeds/acme.ts');
  return seedAsOf(acmeAccount, io.now());
}

async function readSeedFile(file: string, io: Io): Promise<AccountSeed> {
  const [{ lineOf, readCheckedYaml }, { seedSchema }, { SeedError, validateSeed }] = await Promise.all([
    import('../core/policy/checked-yaml.ts'),
    import('./seed-schema.ts'),
    import('../sandbox/index.ts'),
  ]);
  const hint = 'Give --seed acme, --seed empty or a file; relative paths start at the current directory.';
  const text = (await readUserFile(file, 'the account file', io, hint)).toString('utf8');
  const refuse = (problems: readonly string[]) =>
    new KeysweepError('SeedInvalid', problems.join('\n'), {
      hint: 'docs/sandbox.md shows an account in a file, sandbox/state/seed.ts all that it may hold.',
    });
  const seed = readCheckedYaml(text, seedSchema, (problems) =>
    refuse(problems.map((problem) => lineOf(file, problem))),
  );
  try {
    // Before its times are moved: the file's own are the ones that its writer finds again.
    validateSeed(seed, seed.now === undefined ? io.now().getTime() : Date.parse(seed.now));
    return seed;
  } catch (error) {
    throw error instanceof SeedError ? refuse(error.problems.map((problem) => `${file}: ${problem}`)) : error;
  }
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** Texts of people and of AWS, in which nothing is a time of the seed. */
const timeless: ReadonlySet<string> = new Set(['tags', 'policies', 'document']);

/**
 * The account of a seed with all its times moved, so that it looks at `now` as the seed looks at its own present: a
 * key that was 50 days idle still is. Without it a seed would age while it lies in a file.
 */
export function seedAsOf(seed: AccountSeed, now: Date): AccountSeed {
  if (seed.now === undefined) return seed;
  return moved(seed, now.getTime() - new Date(seed.now).getTime()) as AccountSeed;
}

function moved(value: unknown, shift: number): unknown {
  if (typeof value === 'string') {
    return instant.test(value) ? new Date(Date.parse(value) + shift).toISOString() : value;
  }
  if (Array.isArray(value)) return value.map((item) => moved(item, shift));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, timeless.has(key) ? field : moved(field, shift)]),
  );
}
