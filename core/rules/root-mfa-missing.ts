import { accessKey } from '../kinds/access-key.ts';
import type { RootRule } from './rule.ts';

/** The root user can sign in or sign requests, and has no MFA device. */
export const rootMfaMissing: RootRule = {
  id: 'root-mfa-missing',
  subject: 'root',
  title: 'Root user has no MFA',
  condition:
    'The root user has a password or an access key, and no MFA device. A password that the report calls not_supported counts.',
  why: 'Anyone who can read the root user’s mailbox can reset its password. Then only MFA protects the account.',
  remedy:
    'Sign in as root and register MFA, ideally two hardware keys. In an organization, remove the root credentials of member accounts.',
  severity: 'critical',
  judge({ password, credentials, mfaActive, incomplete }) {
    if (mfaActive.known && mfaActive.value) return [];
    const keys = credentials.filter(({ ref }) => ref.kind === accessKey.kind).length;
    const hidden = incomplete?.[accessKey.kind];
    const hasKey = keys > 0;
    const hasPassword = password.enabled.known ? password.enabled.value : undefined;
    if (!hasKey && hasPassword === false && hidden === undefined) return [];
    const evidence = {
      passwordEnabled: hasPassword ?? null,
      accessKeys: keys,
      mfaActive: mfaActive.known ? mfaActive.value : null,
    };
    const doubt = mfaActive.known ? undefined : mfaActive.why;
    const existence = password.enabled.known ? hidden : password.enabled.why;
    const why = doubt ?? (hasKey || hasPassword ? undefined : existence);
    if (why !== undefined) return [{ status: 'error', reason: `cannot be judged: ${why}`, evidence }];
    const reason = hasPassword ? 'root can sign in without MFA' : 'root has an access key and no MFA';
    return [{ status: 'fail', reason, evidence }];
  },
};
