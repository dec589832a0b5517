import { judgePassword } from './console-passwords.ts';
import { judgeIdle } from './credentials.ts';
import type { UserRule } from './rule.ts';

/** Enabled, used before, and last used at least `consolePasswords.maxIdle` ago. */
export const consolePasswordUnused: UserRule = {
  id: 'console-password-unused',
  subject: 'user',
  title: 'Console password is unused',
  condition:
    'Enabled, used before, and last used at least consolePasswords.maxIdle ago. A new password alone is no use.',
  why: 'A password that no one uses can be guessed, phished or bought, and no one would notice.',
  remedy: 'Ask the user whether the console is still needed. If not, remove the password (delete the login profile).',
  severity: 'medium',
  judge(user, { asOf, thresholds: { consolePasswords } }) {
    return judgePassword(user, asOf, () => {
      const { lastUse } = user.password;
      if (lastUse.kind === 'never' || lastUse.kind === 'untracked') return undefined;
      if (lastUse.kind === 'unknown') return { unknown: lastUse.why };
      const fail = judgeIdle(lastUse.at, user.createdAt, consolePasswords.maxIdle, asOf);
      return fail === undefined ? undefined : { fail };
    });
  },
};
