/** How people get rid of root credentials: that depends on whether the root user can sign in. */
import type { Evidence, ObservedPrincipal } from '../model.ts';
import type { RuleContext } from './rule.ts';

/** Whether root has a password, as evidence: where it has none, no link to its console page helps. */
export function rootPassword({ password }: ObservedPrincipal): Evidence {
  return { passwordEnabled: password.enabled.known ? password.enabled.value : null };
}

/** For the catalog: every way. */
export const deleteAsRoot =
  'delete it: as the root user under Security credentials, or, where root has no password, through centralized root access (IAM console of the management account: Root access management)';

/** For a finding: the way that fits the account. `it` is a root credential. */
export function howToDelete({ password }: ObservedPrincipal, { partition }: Pick<RuleContext, 'partition'>): string {
  if (partition.rootUser !== 'full')
    return 'delete it. Root cannot sign in to the console in this partition: sign the request with a root access key (AWS CLI), or ask AWS Support';
  if (password.enabled.known && !password.enabled.value)
    return 'delete it. Root has no password here: in the management account, or in the delegated administrator account for IAM, choose Root access management in the IAM console; or call sts:AssumeRoot with the task policy IAMDeleteRootUserCredentials';
  return 'sign in as root and delete it under Security credentials. In a member account of an organization, rather remove all root credentials (IAM console of the management account: Root access management)';
}
