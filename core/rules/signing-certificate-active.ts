import { certificateEvidence, certificateRef, hiddenCertificates, uploadedOn } from './certificates.ts';
import type { UserRule, Verdict } from './rule.ts';

/** One finding for each active X.509 signing certificate of a user. */
export const signingCertificateActive: UserRule = {
  id: 'signing-certificate-active',
  subject: 'user',
  title: 'User has an active signing certificate',
  condition: 'An X.509 signing certificate of the user is active: one finding for each.',
  why: 'Anyone who has its private key can sign requests as the user. It never expires for IAM, IAM does not track its use, and almost nothing needs one today.',
  remedy:
    'Ask the owner. If no one can name a use, set it to inactive (aws iam update-signing-certificate), and delete it a few weeks later. Replace a use by a role.',
  severity: 'medium',
  judge(user, { asOf }) {
    const verdicts = user.certificates.flatMap((certificate): Verdict[] => {
      const { active } = certificate;
      if (active.known && !active.value) return [];
      const about = { credential: certificateRef(certificate), evidence: certificateEvidence(certificate, asOf) };
      if (!active.known) return [{ status: 'error', reason: `cannot be judged: ${active.why}`, ...about }];
      return [{ status: 'fail', reason: `active signing certificate${uploadedOn(certificate)}`, ...about }];
    });
    return [...verdicts, ...hiddenCertificates(user)];
  },
};
