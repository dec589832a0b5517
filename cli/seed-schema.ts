/** Schema of an account in a file, for `keysweep sandbox --seed FILE`; what it means stands in sandbox/state/seed.ts. */
import { z } from 'zod';
import type { AccountSeed } from '../sandbox/index.ts';

/** In UTC to the second or finer: times of this form move along with the seed's `now`. */
const time = text('a time in UTC such as 2026-11-20T02:30:00Z', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
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
