import type { Template } from 'aws-cdk-lib/assertions';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly [other: string]: unknown;
}

/**
 * What a role of the template may do: each allowed action with its resource. Fails on everything that this simple form
 * cannot show: managed policies, statements with conditions or NotAction, the same action twice.
 */
export function permissionsOf(template: Template, roleId: string): Record<string, unknown> {
  const role = template.findResources('AWS::IAM::Role')[roleId];
  if (role === undefined) throw new Error(`there is no role ${roleId}`);
  if (role.Properties.ManagedPolicyArns !== undefined) throw new Error(`${roleId} has managed policies`);
  const permissions: Record<string, unknown> = {};
  const policies: readonly { PolicyDocument: { Statement: readonly Statement[] } }[] = role.Properties.Policies;
  for (const { Effect, Action, Resource, Sid: _, ...rest } of policies.flatMap(
    (policy) => policy.PolicyDocument.Statement,
  )) {
    if (Effect !== 'Allow' || Object.keys(rest).length > 0)
      throw new Error(`${roleId} has a statement of another form`);
    for (const action of [Action].flat()) {
      if (action in permissions) throw new Error(`${roleId} allows ${action} twice`);
      permissions[action] = Resource;
    }
  }
  return permissions;
}
