import type { ObservedCertificate, ObservedPrincipal } from '../model.ts';
import { certificateEvidence, certificateRef, hiddenCertificates, uploadedOn } from './certificates.ts';
import { deleteAsRoot, howToDelete, rootPassword } from './root-remedies.ts';
import type { RootRule, RuleContext, Verdict } from './rule.ts';

const findOut = 'Find out whether anything still signs with it (CloudTrail, user identity Root), then';

/** One finding for each signing certificate of the root user: critical when active, high when inactive. */
export const rootSigningCertificate: RootRule = {
  id: 'root-signing-certificate',
  subject: 'root',
  appliesTo: ['full', 'keys-only', 'none'],
  title: 'Root user has a signing certificate',
  condition:
    'The root user has an X.509 signing certificate: one finding for each, critical when it is active or known from iam:GetAccountSummary alone, high when it is inactive.',
  why: 'It signs requests as root, like a root access key: no policy in the account limits it, and no MFA protects it. IAM does not track its use.',
  remedy: `${findOut} ${deleteAsRoot}.`,
  severity: 'critical',
  judge(root, context) {
    const verdicts = root.certificates.map((certificate) => verdictOn(certificate, root, context));
    if (root.onlyInIam?.certificate !== true) return [...verdicts, ...hiddenCertificates(root)];
    const remedy = `${findOut} ${howToDelete(root, context)}.`;
    return [...verdicts, { ...unseen, evidence: rootPassword(root), remedy }];
  },
};

const unseen = {
  status: 'fail',
  reason:
    'root has a signing certificate; the credential report does not show it, so whether it is active is not known',
  key: 'only-in-iam',
} as const;

function verdictOn(certificate: ObservedCertificate, root: ObservedPrincipal, context: RuleContext): Verdict {
  const { active } = certificate;
  const about = {
    credential: certificateRef(certificate),
    evidence: { ...certificateEvidence(certificate, context.asOf), ...rootPassword(root) },
    remedy: `${findOut} ${howToDelete(root, context)}.`,
  };
  if (!active.known) return { status: 'error', reason: `cannot be judged: ${active.why}`, ...about };
  const status = active.value ? 'active' : 'inactive';
  const reason = `root has a signing certificate, ${status}${uploadedOn(certificate)}`;
  return { status: 'fail', reason, ...about, ...(active.value ? {} : { severity: 'high' }) };
}
