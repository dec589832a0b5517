import { accessKey } from '../kinds/access-key.ts';
import type { ObservedCredential } from '../model.ts';
import { judgeEach, verdictOn } from './credentials.ts';
import { deleteAsRoot, howToDelete, rootPassword } from './root-remedies.ts';
import type { Judgement, RootRule, Verdict } from './rule.ts';

const moveWork = 'Find out who uses the key (CloudTrail, user identity Root), move that work to a role, then';

/** One finding for each access key of the root user: critical when active, high when inactive. */
export const rootAccessKey: RootRule = {
  id: 'root-access-key',
  subject: 'root',
  appliesTo: ['full', 'keys-only', 'none'],
  title: 'Root user has an access key',
  condition:
    'The root user has an access key: one finding for each, critical when the key is active or known from iam:GetAccountSummary alone, high when it is inactive.',
  why: 'A root key can do everything. No policy in the account limits it, and no MFA protects it.',
  remedy: `${moveWork} ${deleteAsRoot}.`,
  severity: 'critical',
  judge(root, context) {
    const remedy = `${moveWork} ${howToDelete(root, context)}.`;
    const isUnseen = root.onlyInIam?.accessKey === true;
    // The key that is not shown has a verdict of its own.
    const shown = isUnseen ? { credentials: root.credentials } : root;
    const verdicts = judgeEach(shown, accessKey.kind, (key) => verdictOn(key, judge(key), context.asOf));
    return [...verdicts, ...(isUnseen ? [unseen] : [])].map((verdict) => ({
      ...verdict,
      remedy,
      evidence: { ...verdict.evidence, ...rootPassword(root) },
    }));
  },
};

const unseen: Verdict = {
  status: 'fail',
  reason: 'root has an access key; the credential report does not show it, so whether it is active is not known',
  evidence: {},
  key: 'only-in-iam',
};

function judge({ status, lastUse }: ObservedCredential): Judgement {
  if (!status.known) return { unknown: status.why };
  const use = lastUse.kind === 'used' ? `, last used ${lastUse.at.toISOString().slice(0, 10)}` : '';
  const reason = `root has an access key, ${status.value.toLowerCase()}${use}`;
  return status.value === 'Active' ? { fail: reason } : { fail: reason, severity: 'high' };
}
