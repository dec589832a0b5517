/** What the roles of a CloudFormation template allow, in plain text. */
import type { Template } from 'aws-cdk-lib/assertions';

export interface RoleStatement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What stands for a resource or pseudo parameter: its `Ref`, or one of its attributes. */
export type Words = (logicalId: string, attribute?: string) => string;

/** The inline policies of a role, statement by statement. Fails on everything that may grant something beside them. */
export function roleStatements(template: Template, roleId: string, words: Words): readonly RoleStatement[] {
  const role = template.findResources('AWS::IAM::Role')[roleId];
  if (role === undefined) throw new Error(`there is no role ${roleId}`);
  if (role.Properties.ManagedPolicyArns !== undefined) throw new Error(`${roleId} has managed policies`);
  const policies: readonly { PolicyDocument: { Statement: readonly unknown[] } }[] = role.Properties.Policies;
  return policies.flatMap(
    ({ PolicyDocument }) => resolveReferences(PolicyDocument.Statement, words) as RoleStatement[],
  );
}

/** A value of a template with `Ref`, `Fn::GetAtt` and `Fn::Join` replaced by text. */
export function resolveReferences(value: unknown, words: Words): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveReferences(item, words));
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return words(Ref);
  if (Array.isArray(attribute)) return words(String(attribute[0]), String(attribute[1]));
  if (Array.isArray(join)) return (resolveReferences(join[1], words) as unknown[]).join(String(join[0]));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveReferences(item, words)]));
}
