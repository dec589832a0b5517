import { judgePassword } from './console-passwords.ts';
import type { UserRule } from './rule.ts';

/** An enabled password and no MFA device. */
export const consoleMfaMissing: UserRule = {
  id: 'console-mfa-missing',
  subject: 'user',
  title: 'Console user has no MFA',
  condition: 'The password is enabled, and the user has no MFA device.',
  why: 'Anyone who phishes or guesses the password can sign in.',
  remedy: 'Ask the user to register an MFA device, ideally a passkey. Better: sign in through IAM Identity Center.',
  severity: 'high',
  judge(user, { asOf }) {
    return judgePassword(user, asOf, () => {
      const { mfaActive } = user;
      if (!mfaActive.known) return { unknown: mfaActive.why };
      return mfaActive.value ? undefined : { fail: 'password without MFA' };
    });
  },
};
