import type { CfnManagedPolicy, CfnRole, IManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import type { RoleNaming } from '../core/policy/policy.ts';

/** The roles of an installation, by what their names end in, and the managed policies beside them. */
export interface NamedParts {
  readonly roles: Readonly<Record<string, Role>>;
  readonly policies: Readonly<Record<string, IManagedPolicy>>;
  /** The installation's mark: its name is fixed, so that there can be one only. */
  readonly mark: CfnRole;
}

/** Gives roles their names and their path, for accounts that require either. */
export function nameRoles({ roles, policies, mark }: NamedParts, { path, prefix }: RoleNaming): void {
  for (const [name, role] of Object.entries(roles)) {
    const resource = role.node.defaultChild as CfnRole;
    if (prefix !== undefined) resource.roleName = `${prefix}${name}`;
    if (path !== undefined) resource.path = path;
  }
  for (const [name, policy] of Object.entries(policies)) {
    const resource = policy.node.defaultChild as CfnManagedPolicy;
    if (prefix !== undefined) resource.managedPolicyName = `${prefix}${name}`;
    if (path !== undefined) resource.path = path;
  }
  if (path !== undefined) mark.path = path;
}
