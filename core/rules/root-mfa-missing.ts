import { accessKey } from '../kinds/access-key.ts';
import { howToDelete, rootPassword } from './root-remedies.ts';
import type { RootRule } from './rule.ts';

const signIn =
  'Sign in as root and register MFA, ideally two hardware keys. In a member account of an organization, rather remove the root credentials (IAM console of the management account: Root access management).';

/** The root user can sign in or sign requests, and has no MFA device. */
export const rootMfaMissing: RootRule = {
  id: 'root-mfa-missing',
  subject: 'root',
  appliesTo: ['full', 'none'],
  title: 'Root user has no MFA',
  condition:
    'The root user has a password or an access key, and no MFA device. A password that the report calls not_supported counts. Not in AWS GovCloud (US), where root can neither sign in nor have MFA.',
  why: 'Anyone who can read the root user’s mailbox can reset its password. Then only MFA protects the account.',
  remedy: `${signIn} Without a password, root cannot register MFA: delete its access key (keysweep rules root-access-key).`,
  severity: 'critical',
  judge(root, context) {
    const { password, credentials, mfaActive, incomplete, onlyInIam } = root;
    if (mfaActive.known && mfaActive.value) return [];
    const keys = credentials.filter(({ ref }) => ref.kind === accessKey.kind).length;
    const hidden = incomplete?.[accessKey.kind];
    const hasKey = keys > 0 || onlyInIam?.accessKey === true;
    const hasPassword = password.enabled.known ? password.enabled.value : undefined;
    if (!hasKey && hasPassword === false && hidden === undefined) return [];
    const evidence = {
      ...rootPassword(root),
      accessKeys: hidden === undefined ? keys : null,
      mfaActive: mfaActive.known ? mfaActive.value : null,
    };
    const doubt = mfaActive.known ? undefined : mfaActive.why;
    const existence = password.enabled.known ? hidden : password.enabled.why;
    const why = doubt ?? (hasKey || hasPassword ? undefined : existence);
    if (why !== undefined) return [{ status: 'error', reason: `cannot be judged: ${why}`, evidence }];
    if (hasPassword) return [{ status: 'fail', reason: 'root can sign in without MFA', evidence, remedy: signIn }];
    const remedy = `Without a password, root cannot register MFA. Move the work of the access key to a role, then ${howToDelete(root, context)}.`;
    return [{ status: 'fail', reason: 'root has an access key and no MFA', evidence, remedy }];
  },
};
