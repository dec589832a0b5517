import { accessKey } from '../kinds/access-key.ts';
import type { ObservedCredential } from '../model.ts';
import { judgeEach, verdictOn } from './credentials.ts';
import { deleteAsRoot, howToDelete, rootPassword } from './root-remedies.ts';
import type { Judgement, RootRule } from './rule.ts';

const moveWork = 'Find out who uses the key (CloudTrail, user identity Root), move that work to a role, then';

/** One finding for each access key of the root user: critical when active, high when inactive. */
export const rootAccessKey: RootRule = {
  id: 'root-access-key',
  subject: 'root',
  appliesTo: ['full', 'keys-only', 'none'],
  title: 'Root user has an access key',
  condition:
    'The root user has an access key: one finding for each, critical when the key is active, high when it is inactive.',
  why: 'A root key can do everything. No policy in the account limits it, and no MFA protects it.',
  remedy: `${moveWork} ${deleteAsRoot}.`,
  severity: 'critical',
  judge(root, context) {
    const remedy = `${moveWork} ${howToDelete(root, context)}.`;
    const verdicts = judgeEach(root, accessKey.kind, (key) => verdictOn(key, judge(key), context.asOf));
    return verdicts.map((verdict) => ({
      ...verdict,
      remedy,
      evidence: { ...verdict.evidence, ...rootPassword(root) },
    }));
  },
};

function judge({ status, lastUse }: ObservedCredential): Judgement {
  if (!status.known) return { unknown: status.why };
  const use = lastUse.kind === 'used' ? `, last used ${lastUse.at.toISOString().slice(0, 10)}` : '';
  const reason = `root has an access key, ${status.value.toLowerCase()}${use}`;
  return status.value === 'Active' ? { fail: reason } : { fail: reason, severity: 'high' };
}
