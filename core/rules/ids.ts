import { type KindRuleId, kindRules } from '../kinds/rules.ts';

/** The most urgent of all. */
const ofExposure = ['user-quarantined'] as const;
const ofRoot = ['root-access-key', 'root-signing-certificate', 'root-mfa-missing', 'root-used-recently'] as const;
const ofUsersAndAccount = [
  'access-key-at-user-creation',
  'access-keys-two-active',
  'user-many-keys',
  'signing-certificate-active',
  'console-mfa-missing',
  'user-mfa-missing',
  'console-password-unused',
  'console-password-never-used',
  'console-password-too-old',
  'report-stale',
  'exemption-expired',
] as const;

/** Rules with a file of their own, which are not part of the spec of a kind. */
export type OwnRuleId = (typeof ofExposure)[number] | (typeof ofRoot)[number] | (typeof ofUsersAndAccount)[number];
export type RuleId = KindRuleId | OwnRuleId;

/** Every rule id, in the order of the catalog. The policy file and the registry both build on this list. */
export const ruleIds: readonly RuleId[] = [
  ...ofExposure,
  ...ofRoot,
  ...kindRules.map(({ id }) => id),
  ...ofUsersAndAccount,
];
