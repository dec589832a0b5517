import { accessKey } from '../kinds/access-key.ts';
import type { ObservedPrincipal } from '../model.ts';
import type { UserRule, Verdict } from './rule.ts';

/** More than two access keys or signing certificates; one finding for the user. */
export const userManyKeys: UserRule = {
  id: 'user-many-keys',
  subject: 'user',
  confirmedBy: { kind: accessKey.kind, by: 'list' },
  title: 'User has more than two keys',
  condition:
    'The user has more than two access keys, or more than two signing certificates: one finding for the user. The credential report shows two of each; it says that there are more in its column additional_credentials_info, if it has that column. Otherwise this is seen when a live audit lists the keys of a user because of another finding.',
  why: 'IAM allows two. A user gets more when requests to create them run at the same time, and tools that read only the report, or expect two, never see them.',
  remedy:
    'List all of them (aws iam list-access-keys, aws iam list-signing-certificates), find out which are in use, deactivate the others, and delete them a few weeks later. Find out what created them, such as a pipeline that runs twice at once.',
  severity: 'medium',
  judge(user) {
    const verdict = judge(user);
    return verdict === undefined ? [] : [verdict];
  },
};

function judge({ credentials, certificates, moreThanShown, incomplete }: ObservedPrincipal): Verdict | undefined {
  const keys = credentials.filter(({ ref }) => ref.kind === accessKey.kind);
  const evidence = {
    accessKeys: keys.map(({ ref }) => ref.id ?? `slot ${ref.slot ?? '?'}`).join(', '),
    additionalCredentials: moreThanShown ?? null,
  };
  if (keys.length > 2)
    return { status: 'fail', reason: `${keys.length} access keys: ${evidence.accessKeys}`, evidence };
  if (moreThanShown === undefined) return undefined;
  const reported = `according to the credential report (${moreThanShown})`;
  if (incomplete?.[accessKey.kind] !== undefined) {
    const reason = `more than two access keys or certificates ${reported}`;
    const unverified = keys.find((key) => key.unverified !== undefined)?.unverified;
    if (unverified === undefined) return { status: 'fail', reason, evidence };
    return { status: 'error', reason: `${reason}; not confirmed: ${unverified}`, evidence };
  }
  // IAM has listed no more than two keys. Certificates beyond two fill both slots first; without them, keys were deleted since.
  if (certificates.length < 2) return undefined;
  return { status: 'fail', reason: `more than two signing certificates ${reported}`, evidence };
}
