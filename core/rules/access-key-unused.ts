import { ageOf, describeIdle, judgeActiveKeys } from './access-keys.ts';
import { controlIds } from './controls.ts';
import type { UserRule } from './rule.ts';

/** Active, used before, and not for `accessKeys.maxIdle` or longer. */
export const accessKeyUnused: UserRule = {
  id: 'access-key-unused',
  subject: 'user',
  confirmedBy: 'last-use',
  title: 'Access key is unused',
  condition: 'Active, used before, and last used accessKeys.maxIdle ago or longer.',
  why: 'A key that nobody uses helps only a thief, and nobody would notice its theft.',
  remedy:
    'Ask the owner whether anything still needs the key. If not, or if nobody answers, deactivate it and delete it some weeks later.',
  severity: 'high',
  controls: controlIds({
    cis: ['1.12', '1.11', '2.11', '2.11'],
    securityHub: ['IAM.22', 'IAM.8'],
    pci: ['8.2.6'],
    nist: ['AC-2(3)'],
  }),
  judge(user, { asOf, thresholds: { accessKeys } }) {
    return judgeActiveKeys(user, asOf, ({ createdAt, lastUse }) => {
      if (lastUse.kind === 'never') return undefined;
      if (lastUse.kind === 'unknown') {
        // A key younger than the limit cannot have been idle for longer.
        const age = ageOf(createdAt, asOf);
        return age !== undefined && age < accessKeys.maxIdle ? undefined : { unknown: lastUse.why };
      }
      const idle = asOf.getTime() - lastUse.at.getTime();
      return idle < accessKeys.maxIdle
        ? undefined
        : { fail: describeIdle('unused', idle, accessKeys.maxIdle), restsOnLastUse: true };
    });
  },
};
