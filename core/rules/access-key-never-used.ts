import { describeIdle, judgeActiveKeys } from './access-keys.ts';
import { controlIds } from './controls.ts';
import type { UserRule } from './rule.ts';

/** Active, never used, and `accessKeys.neverUsedGrace` or more after its creation. */
export const accessKeyNeverUsed: UserRule = {
  id: 'access-key-never-used',
  subject: 'user',
  confirmedBy: 'last-use',
  title: 'Access key was never used',
  condition: 'Active, never used, and created accessKeys.neverUsedGrace ago or longer.',
  why: 'A key that was never used is not needed, yet somebody holds its secret.',
  remedy:
    'Ask the owner what the key was made for. Deactivate it and delete it some weeks later; a new one is made in a minute.',
  severity: 'high',
  controls: controlIds({
    cis: ['1.12', '1.11', '2.11', '2.11'],
    securityHub: ['IAM.22', 'IAM.8'],
    pci: ['8.2.6'],
    nist: ['AC-2(3)'],
  }),
  judge(user, { asOf, thresholds: { accessKeys } }) {
    return judgeActiveKeys(user, asOf, ({ createdAt, lastUse }) => {
      if (lastUse.kind === 'used') return undefined;
      if (!createdAt.known) return { unknown: createdAt.why };
      const age = asOf.getTime() - createdAt.value.getTime();
      if (age < accessKeys.neverUsedGrace) return undefined;
      if (lastUse.kind === 'unknown') return { unknown: lastUse.why };
      return { fail: describeIdle('never used', age, accessKeys.neverUsedGrace), restsOnLastUse: true };
    });
  },
};
