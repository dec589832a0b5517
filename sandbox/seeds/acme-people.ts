import type { UserSeed } from '../state/seed.ts';
import { inactiveKey, key, password, person, used } from './acme-builders.ts';
import { daysAgo } from './acme-time.ts';

/** People as they should be: they sign in with MFA, their keys are young and in use, or they have none. */
const tidy: readonly UserSeed[] = [
  person('adam.novak', 'platform', 812.3, { password: password(61.2, 0.4), accessKeys: [key(33.1, used(0.3, 'ec2'))] }),
  person('alice', 'payments', 1204.6, {
    password: password(40.5, 0.6),
    accessKeys: [key(71.4, used(0.8, 'dynamodb'))],
  }),
  person('bob', 'payments', 930.2, { password: password(75.8, 1.3) }),
  person('carla.mendes', 'data', 655.7, { password: password(22.4, 0.5), accessKeys: [key(12.2, used(0.4, 's3'))] }),
  person('chidi.okafor', 'platform', 410.9, {
    password: password(30.6, 2.1),
    accessKeys: [key(58.3, used(1.1, 'eks'))],
  }),
  person('dana.levi', 'mobile', 512.4, { password: password(87.1, 3.4) }),
  person('emma.larsen', 'web', 377.8, { password: password(18.9, 0.7) }),
  person('fatima.zahra', 'data', 298.1, {
    password: password(44.3, 1.8),
    accessKeys: [key(80.2, used(1.6, 'athena'))],
  }),
  person('george.wu', 'web', 266.5, { password: password(52.7, 4.6) }),
  person('hanna.koch', 'finance', 590.3, { password: password(66.6, 6.2) }),
  person('ivan.petrov', 'platform', 733.9, {
    password: password(15.2, 0.2),
    accessKeys: [key(44.9, used(0.2, 'cloudformation'))],
  }),
  person('julia.rossi', 'mobile', 190.4, { password: password(29.3, 2.7) }),
  person('kenji.tanaka', 'payments', 845.5, {
    password: password(83.4, 1.2),
    accessKeys: [key(20.6, used(0.9, 'kms'))],
  }),
  person('lena.fischer', 'finance', 145.2, { password: password(35.5, 8.3) }),
  person('malice', 'web', 122.7, { password: password(10.1, 0.9) }),
  person('nadia.haddad', 'data', 467.6, { password: password(57.9, 5.5) }),
  person('Zoe.Martin', 'platform', 318.3, { password: password(25.7, 1.4), accessKeys: [key(64.8, used(2.2, 'ecr'))] }),
];

/** People with something to find. */
const untidy: readonly UserSeed[] = [
  // Left the team a while ago: neither password nor key is used any more.
  person('bobby', 'web', 1388.1, { password: password(620.3, 214.5), accessKeys: [key(640.2, used(221.7, 'ec2'))] }),
  // Signs in daily, without MFA.
  person('tom.becker', 'finance', 288.4, { password: password(78.2, 0.5), mfa: false }),
  // A password that no one ever used, for two years.
  person('trainee-2024', 'web', 731.6, { password: password(731.6), mfa: false, groups: [] }),
  // Started this week: password and key are hours and days old, and not used yet.
  person('olga.svensson', 'data', 2.1, { password: password(2.1), accessKeys: [key(0.05)] }),
  // The key was made together with the password, eight months ago, and never used.
  person('pavel.dvorak', 'mobile', 244.8, { password: password(30.2, 1.7), accessKeys: [key(244.8)] }),
  // Both keys in use: a rotation that was never finished.
  person('quentin.leroy', 'platform', 701.2, {
    password: password(48.8, 0.8),
    accessKeys: [key(502.6, used(0.6, 'ec2')), key(51.3, used(0.7, 's3'))],
  }),
  // Password unused for exactly 45 days: at the limit, and over it.
  person('rosa.alvarez', 'finance', 402.5, { password: password(200.4, 45) }),
  // Password unused for 44.99 days: not yet.
  person('sven.holm', 'finance', 398.7, { password: password(199.8, 44.99) }),
  // Key 1 is inactive, key 2 stale: checks that stop at the first key miss it.
  person('uma.patel', 'data', 955.9, {
    password: password(71.3, 3.9),
    accessKeys: [inactiveKey(900.4, used(310.2, 'redshift')), key(480.7, used(133.6, 'athena'))],
  }),
  // On parental leave, as the tag says.
  person('viktor.lang', 'payments', 1120.4, {
    password: password(330.6, 171.2),
    accessKeys: [key(350.1, used(171.3, 'dynamodb'))],
    tags: { owner: 'viktor.lang@acme.example', team: 'payments', kind: 'person', leave: '2026-06-01/2027-05-31' },
  }),
  // Characters that trip spreadsheets, shells and naive CSV readers.
  person('ana+eu=qa,team@acme.example', 'mobile', 233.3, {
    accessKeys: [key(233.3, used(97.8, 's3'))],
    tags: { owner: 'ana@acme.example', team: 'mobile', kind: 'person' },
  }),
  person('=cmd+helper', 'web', 176.9, { password: password(176.9, 88.4), mfa: false, tags: { kind: 'person' } }),
  // An old signing certificate, beside a password in order.
  person('wendy.clark', 'finance', 2490.5, {
    password: password(59.4, 2.8),
    certificates: [{ createdAt: daysAgo(2380.2) }],
  }),
  // No one knows any more whose this is: no tags, no groups.
  {
    name: 'xavier',
    createdAt: daysAgo(1893.4),
    password: password(1893.4, 702.8),
    accessKeys: [key(1893.4, used(702.6, 'iam', 'us-east-1'))],
  },
];

/** Sealed emergency access: never used on purpose. */
const breakGlass: readonly UserSeed[] = ['break-glass-1', 'break-glass-2'].map((name) => ({
  name,
  path: '/emergency/',
  createdAt: daysAgo(540.5),
  tags: { owner: 'security@acme.example', team: 'security', kind: 'break-glass' },
  attachedPolicies: ['AdministratorAccess'],
  password: password(540.5),
  mfa: true,
  accessKeys: [key(540.5)],
}));

export const acmePeople: readonly UserSeed[] = [...tidy, ...untidy, ...breakGlass];
