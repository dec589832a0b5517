import { expect, it } from 'vitest';
import { seedSchema } from '../../cli/sandbox-seed.ts';
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
