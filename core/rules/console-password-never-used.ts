import { judgePassword, passwordSetAt } from './console-passwords.ts';
import { describeIdle } from './credentials.ts';
import type { UserRule } from './rule.ts';

/** Enabled, never used, and set at least `consolePasswords.neverUsedGrace` ago. */
export const consolePasswordNeverUsed: UserRule = {
  id: 'console-password-never-used',
  subject: 'user',
  title: 'Console password was never used',
  condition:
    'Enabled, never used, and set at least consolePasswords.neverUsedGrace ago. If its last change is unknown, or before the creation of the user, that creation counts.',
  why: 'An initial password is often still in an e-mail or a chat, where anyone who finds it can use it first.',
  remedy: 'Ask the user whether the console is needed. If not, remove the password (delete the login profile).',
  severity: 'medium',
  judge(user, { asOf, thresholds: { consolePasswords } }) {
    return judgePassword(user, asOf, () => {
      const { lastUse } = user.password;
      if (lastUse.kind === 'used' || lastUse.kind === 'untracked') return undefined;
      const setAt = passwordSetAt(user, asOf);
      if (!setAt.known) return { unknown: setAt.why };
      const age = asOf.getTime() - setAt.value.getTime();
      if (age < consolePasswords.neverUsedGrace) return undefined;
      if (lastUse.kind === 'unknown') return { unknown: lastUse.why };
      return { fail: describeIdle('never used', age, consolePasswords.neverUsedGrace) };
    });
  },
};
