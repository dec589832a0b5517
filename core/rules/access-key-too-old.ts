import { describeOver, judgeActiveKeys } from './access-keys.ts';
import { controlIds } from './controls.ts';
import type { UserRule } from './rule.ts';

/** Active, and older than `accessKeys.maxAge`. Exactly that old is fine: keys rotate every 90 days *or less*. */
export const accessKeyTooOld: UserRule = {
  id: 'access-key-too-old',
  subject: 'user',
  confirmedBy: 'access-keys',
  title: 'Access key is too old',
  condition: 'Active, and created longer ago than accessKeys.maxAge; exactly that long ago is fine.',
  why: 'The longer a key lives, the more copies of it exist in files, images and logs, and the longer a leaked copy works.',
  remedy:
    'Create a second key, move every user of the old one to it, watch the old one fall idle, deactivate it, and delete it later. Better: replace the key by a role or IAM Identity Center.',
  severity: 'medium',
  controls: controlIds({
    cis: ['1.14', '1.13', '2.13', '2.12'],
    securityHub: ['IAM.3'],
    pci: ['8.3.9', '8.6.3'],
    nist: ['AC-2(1)', 'AC-2(3)', 'AC-3(15)'],
  }),
  judge(user, { asOf, thresholds: { accessKeys } }) {
    return judgeActiveKeys(user, asOf, ({ createdAt }) => {
      if (!createdAt.known) return { unknown: createdAt.why };
      const age = asOf.getTime() - createdAt.value.getTime();
      if (age <= accessKeys.maxAge) return undefined;
      return { fail: describeOver('created', age, accessKeys.maxAge) };
    });
  },
};
