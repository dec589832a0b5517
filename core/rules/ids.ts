/** Every rule id, in the order of the catalogue. The policy file and the registry both build on this list. */
export const ruleIds = [
  'root-access-key',
  'root-mfa-missing',
  'root-used-recently',
  'access-key-unused',
  'access-key-never-used',
  'access-key-too-old',
  'access-key-inactive',
  'access-keys-two-active',
  'console-mfa-missing',
  'console-password-unused',
  'console-password-never-used',
  'console-password-too-old',
  'report-stale',
  'exemption-expired',
] as const;

export type RuleId = (typeof ruleIds)[number];
