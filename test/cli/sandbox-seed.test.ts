import { describe, expect, it } from 'vitest';
import { seedAsOf, seedSchema } from '../../cli/sandbox-seed.ts';
import { type AccountSeed, acmeAccount, seedAccount } from '../../sandbox/index.ts';

type Whole<T> = T extends readonly (infer Item)[]
  ? readonly Whole<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]-?: Whole<T[Key]> }
    : T;

const at = '2026-01-01T00:00:00Z';
const accessKeys = [
  {
    id: 'AKIAEVEAAAAAAAAAAAAA',
    secret: 's',
    status: 'Expired',
    createdAt: at,
    lastUsed: { at, service: 'ec2', region: 'eu-west-1' },
  },
] as const;
const certificates = [{ status: 'Inactive', createdAt: at }] as const;

/** Every field that there is: a new one that is missing here does not compile. */
const whole: Whole<Omit<AccountSeed, 'users' | 'policies'>> & Pick<AccountSeed, 'users' | 'policies'> = {
  now: at,
  id: '111122223333',
  alias: 'acme',
  partition: 'aws-cn',
  root: {
    createdAt: at,
    passwordEnabled: 'not_supported',
    passwordLastUsed: at,
    passwordLastChanged: at,
    mfa: true,
    accessKeys,
    certificates,
  },
  users: [
    {
      name: 'eve',
      path: '/people/',
      createdAt: at,
      tags: { owner: 'eve' },
      groups: ['admins'],
      attachedPolicies: ['ReadOnlyAccess'],
      policies: { inline: { Version: '2012-10-17' } },
      permissionsBoundary: 'arn:aws:iam::111122223333:policy/b',
      password: { enabled: true, lastUsed: at, lastChanged: at },
      mfa: true,
      accessKeys,
      certificates,
      allow: ['iam:*'],
      additionalCredentialsInfo: '[]',
    } satisfies Required<AccountSeed['users'][number]>,
  ],
  groups: [{ name: 'admins', path: '/', attachedPolicies: ['AdministratorAccess'] }],
  roles: [
    {
      name: 'audit',
      path: '/',
      trust: { accounts: ['444455556666'], externalId: 'x' },
      maxSessionDuration: 3600,
      attachedPolicies: ['ReadOnlyAccess'],
      policies: { inline: { Version: '2012-10-17' } },
      allow: ['iam:*'],
    },
  ],
  policies: [{ name: 'p', path: '/', document: { Version: '2012-10-17' } }],
  topics: [
    {
      name: 't',
      region: 'eu-west-1',
      subscriptions: [
        { protocol: 'email', endpoint: 'a@example.com', confirmed: false, filterPolicy: { kind: ['alert'] } },
      ],
    },
  ],
  passwordMaxAgeDays: 90,
  quotas: { users: 10, accessKeysPerUser: 2 },
};

it.each([
  ['every field', whole],
  ['the company of the demo', acmeAccount],
  ['a generated account', seedAccount({ users: 5, staleFraction: 0.5, passwordFraction: 0.5 })],
])('takes %s, and leaves it as it is', (_, seed) => {
  expect(seedSchema.parse(JSON.parse(JSON.stringify(seed)))).toEqual(seed);
});

describe('seedAsOf', () => {
  it('skips what people wrote, though it looks like a time', () => {
    const tags = { reviewed: '2026-01-01T00:00:00Z' };
    const seed = { now: '2026-11-20T00:00:00Z', id: '111122223333', users: [{ name: 'eve', tags }] };
    expect(seedAsOf(seed, new Date(0)).users[0]?.tags).toEqual(tags);
  });

  it('moves every time by the same length, and nothing else', () => {
    const now = new Date(Date.parse(acmeAccount.now ?? '') + 1_000_000);
    const moved = seedAsOf(acmeAccount, now);
    expect(moved.now).toBe(now.toISOString());
    const masked = (seed: object) => JSON.stringify(seed).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
    expect(masked(moved)).toBe(masked(acmeAccount));
    expect(Date.parse(moved.root?.passwordLastUsed ?? '') - Date.parse(acmeAccount.root?.passwordLastUsed ?? '')).toBe(
      1_000_000,
    );
    expect(seedAsOf(seedAsOf(moved, new Date(0)), now)).toEqual(moved);
  });
});
