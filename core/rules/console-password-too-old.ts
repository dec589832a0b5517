import { judgePassword, passwordSetAt } from './console-passwords.ts';
import { describeOver } from './credentials.ts';
import type { UserRule } from './rule.ts';

/** Enabled, and changed more than `consolePasswords.maxAge` ago; without that setting passwords may be of any age. */
export const consolePasswordTooOld: UserRule = {
  id: 'console-password-too-old',
  subject: 'user',
  title: 'Console password is too old',
  condition:
    'Only if consolePasswords.maxAge is set: enabled, and changed more than that long ago. Exactly that long ago is fine.',
  why: 'Your policy requires a new password from time to time.',
  remedy: 'Ask the user to change the password. Better: sign in through IAM Identity Center.',
  severity: 'low',
  judge(user, { asOf, thresholds: { consolePasswords } }) {
    const { maxAge } = consolePasswords;
    if (maxAge === undefined) return [];
    return judgePassword(user, asOf, () => {
      const setAt = passwordSetAt(user, asOf);
      if (!setAt.known) return { unknown: setAt.why };
      const age = asOf.getTime() - setAt.value.getTime();
      return age <= maxAge ? undefined : { fail: describeOver('changed', age, maxAge) };
    });
  },
};
