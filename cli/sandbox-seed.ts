/** The account of `keysweep sandbox --seed`: a built-in account, or an account in a file. */
import { z } from 'zod';
import { KeysweepError } from '../core/error.ts';
import type { YamlProblem } from '../core/policy/checked-yaml.ts';
import type { AccountSeed } from '../sandbox/index.ts';
import { readUserFile } from './input.ts';
import type { Io } from './io.ts';

/**
 * The account that `--seed` names: `acme`, `empty` (only the root user), or a file, moved to the present. Throws KeysweepError `FileUnreadable` and `SeedInvalid`, with every problem and its place.
 */
export async function readSeed(named: string, io: Io): Promise<AccountSeed> {
  if (named === 'empty') return { id: '123456789012', users: [] };
  if (named !== 'acme') return seedAsOf(await readSeedFile(named, io), io.now());
  const { acmeAccount } = await import('../sandbox/seeds/acme.ts');
  return seedAsOf(acmeAccount, io.now());
}

async function readSeedFile(file: string, io: Io): Promise<AccountSeed> {
  const [{ lineOf, readCheckedYaml }, { SeedError, validateSeed }] = await Promise.all([
    import('../core/policy/checked-yaml.ts'),
    import('../sandbox/index.ts'),
  ]);
  const hint = 'Give --seed acme, --seed empty or a file. Relative paths start at the current directory.';
  const text = (await readUserFile(file, 'the account file', io, hint)).toString('utf8');
  const refuse = (problems: readonly string[]) =>
    new KeysweepError('SeedInvalid', problems.join('\n'), {
      hint: 'See docs/sandbox.md for an example, and sandbox/state/seed.ts for all fields.',
    });
  const refuseYaml = (problems: readonly YamlProblem[]) => refuse(problems.map((problem) => lineOf(file, problem)));
  const seed = readCheckedYaml(text, seedSchema, refuseYaml, ['secret']);
  try {
    // Before its times are moved, so that problems name the times that are in the file.
    validateSeed(seed, seed.now === undefined ? io.now().getTime() : Date.parse(seed.now));
    return seed;
  } catch (error) {
    throw error instanceof SeedError ? refuse(error.problems.map((problem) => `${file}: ${problem}`)) : error;
  }
}

/** In UTC to the second or finer: times of this form move with the seed's `now`. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** Fields with free text or documents, in which nothing is a time of the seed. */
const timeless: ReadonlySet<string> = new Set(['tags', 'policies', 'document']);

/**
 * The account of a seed with all its times moved, so that it looks at `now` as the seed looks at its own present: a
 * key that was idle for 50 days still is. Otherwise a seed would age in its file.
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

const time = text('a time in UTC such as 2026-11-20T02:30:00Z', instant);
const word = text('a text', /^/);
const words = z.array(word);
const flag = z.boolean();
const count = z.int({ error: 'expected a whole number' }).min(1, { error: 'expected 1 or more' });
const use = z.strictObject({ at: time, service: word.exactOptional(), region: word.exactOptional() });

const accessKey = z.strictObject({
  id: word.exactOptional(),
  secret: word.exactOptional(),
  status: oneOf('Active', 'Inactive', 'Expired').exactOptional(),
  createdAt: time,
  lastUsed: use.exactOptional(),
});

const certificate = z.strictObject({ status: oneOf('Active', 'Inactive').exactOptional(), createdAt: time });

const credentials = {
  accessKeys: z.array(accessKey).exactOptional(),
  certificates: z.array(certificate).exactOptional(),
  mfa: flag.exactOptional(),
};

const root = z.strictObject({
  createdAt: time.exactOptional(),
  passwordEnabled: z
    .union([flag, z.literal('not_supported')], { error: 'expected true, false or not_supported' })
    .exactOptional(),
  passwordLastUsed: time.exactOptional(),
  passwordLastChanged: time.exactOptional(),
  ...credentials,
});

const user = z.strictObject({
  name: word,
  path: word.exactOptional(),
  createdAt: time.exactOptional(),
  tags: z.record(z.string(), word, { error: 'expected tag keys with values' }).exactOptional(),
  groups: words.exactOptional(),
  attachedPolicies: words.exactOptional(),
  policies: z.record(z.string(), document(), { error: 'expected names with policy documents' }).exactOptional(),
  permissionsBoundary: word.exactOptional(),
  password: z
    .strictObject({ enabled: flag.exactOptional(), lastUsed: time.exactOptional(), lastChanged: time.exactOptional() })
    .exactOptional(),
  allow: words.exactOptional(),
  additionalCredentialsInfo: word.exactOptional(),
  ...credentials,
});

const group = z.strictObject({
  name: word,
  path: word.exactOptional(),
  attachedPolicies: words.exactOptional(),
});

const role = z.strictObject({
  name: word,
  path: word.exactOptional(),
  policies: z.record(z.string(), document(), { error: 'expected names with policy documents' }).exactOptional(),
  trust: z.strictObject({ accounts: words.exactOptional(), externalId: word.exactOptional() }),
  maxSessionDuration: count.exactOptional(),
  attachedPolicies: words.exactOptional(),
  allow: words.exactOptional(),
});

const topic = z.strictObject({
  name: word,
  region: word.exactOptional(),
  subscriptions: z
    .array(
      z.strictObject({
        protocol: word,
        endpoint: word,
        confirmed: z.boolean().exactOptional(),
        filterPolicy: z.record(z.string(), z.unknown()).exactOptional(),
      }),
    )
    .exactOptional(),
});

/** Schema of an account in a file; sandbox/state/seed.ts explains the fields. */
export const seedSchema: z.ZodType<AccountSeed> = z.strictObject({
  now: time.exactOptional(),
  id: text('an account id of 12 digits, in quotes: "111122223333"', /^\d{12}$/),
  alias: word.exactOptional(),
  partition: word.exactOptional(),
  root: root.exactOptional(),
  users: z.array(user),
  groups: z.array(group).exactOptional(),
  roles: z.array(role).exactOptional(),
  policies: z.array(z.strictObject({ name: word, path: word.exactOptional(), document: document() })).exactOptional(),
  topics: z.array(topic).exactOptional(),
  passwordMaxAgeDays: count.exactOptional(),
  quotas: z.strictObject({ users: count.exactOptional(), accessKeysPerUser: count.exactOptional() }).exactOptional(),
});

function text(expected: string, pattern: RegExp) {
  const error = `expected ${expected}`;
  return z.string({ error }).regex(pattern, { error });
}

function oneOf<const T extends readonly [string, ...string[]]>(...values: T) {
  return z.enum(values, { error: `expected one of ${values.join(', ')}` });
}

function document() {
  return z.record(z.string(), z.unknown(), { error: 'expected a policy document' });
}
