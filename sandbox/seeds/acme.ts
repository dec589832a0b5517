import type { AccountSeed } from '../state/seed.ts';
import { key, used } from './acme-builders.ts';
import { acmeMachines } from './acme-machines.ts';
import { acmePeople } from './acme-people.ts';
import { acmeNow, daysAgo } from './acme-time.ts';

export { acmeNow } from './acme-time.ts';

/**
 * The production account of a made-up company that has grown for years: about 60 people and machines, most of them
 * in order, the others with one of every case that an audit must judge. All times are relative to {@link acmeNow}.
 */
export const acmeAccount: AccountSeed = {
  now: acmeNow.toISOString(),
  id: '111122223333',
  alias: 'acme-production',
  root: {
    createdAt: '2013-02-11T08:04:31Z',
    passwordLastUsed: daysAgo(11.7),
    passwordLastChanged: daysAgo(1210.4),
    mfa: false,
    accessKeys: [key(1985.2, used(402.3, 'ec2', 'us-east-1'))],
  },
  users: [...acmePeople, ...acmeMachines],
  groups: [
    { name: 'platform', attachedPolicies: ['AdministratorAccess'] },
    { name: 'security', attachedPolicies: ['SecurityAudit'] },
    { name: 'payments', attachedPolicies: ['PowerUserAccess'] },
    { name: 'data', attachedPolicies: ['AmazonAthenaFullAccess', 'AmazonS3FullAccess'] },
    { name: 'finance', attachedPolicies: ['job-function/Billing'] },
    { name: 'machines' },
  ],
  roles: [
    { name: 'SecurityAudit', trust: {}, attachedPolicies: ['SecurityAudit'] },
    {
      name: 'KeysweepAuditor',
      trust: { externalId: 'acme-keysweep' },
      allow: ['iam:Generate*', 'iam:Get*', 'iam:List*', 'sts:GetAccessKeyInfo'],
    },
  ],
  topics: [{ name: 'keysweep-alerts', subscriptions: [{ protocol: 'email', endpoint: 'security@acme.example' }] }],
};
