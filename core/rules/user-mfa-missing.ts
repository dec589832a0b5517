import type { UserRule } from './rule.ts';

/** No MFA device, whether or not the user has a password. */
export const userMfaMissing: UserRule = {
  id: 'user-mfa-missing',
  subject: 'user',
  isOffByDefault: true,
  title: 'IAM user has no MFA',
  condition: 'The user has no MFA device, with or without a password.',
  why: 'Some benchmarks ask for MFA for every user. With MFA, a policy can require it for what a key may do (aws:MultiFactorAuthPresent).',
  remedy:
    'For people: sign in through IAM Identity Center. For workloads: replace the key by a role; then no user is left that needs MFA. Else register an MFA device.',
  severity: 'medium',
  judge({ mfaActive, password }) {
    if (mfaActive.known && mfaActive.value) return [];
    const evidence = {
      mfaActive: mfaActive.known ? mfaActive.value : null,
      passwordEnabled: password.enabled.known ? password.enabled.value : null,
    };
    if (!mfaActive.known) return [{ status: 'error', reason: `cannot be judged: ${mfaActive.why}`, evidence }];
    return [{ status: 'fail', reason: 'no MFA device', evidence }];
  },
};
