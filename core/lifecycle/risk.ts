/**
 * How urgent the credentials of a user are, by the managed policies of the user. It only decides which changes come first
 * under a cap, so it is read only then, and nothing is deferred because it is unknown.
 */
import type { AttachedPolicies } from '../ports.ts';
import { isQuarantinePolicy } from '../quarantine.ts';
import type { CredentialState } from './state.ts';

/** AWS managed policies that allow everything, nearly everything, or granting oneself everything. */
const powerful: ReadonlySet<string> = new Set(['AdministratorAccess', 'IAMFullAccess', 'PowerUserAccess']);

/**
 * `exposed`: AWS has quarantined the user. `privileged`: the user or one of its groups has a policy of {@link powerful}. The
 * account's own and inline policies are not examined.
 */
export type Risk = Required<Pick<CredentialState, 'exposed' | 'privileged'>>;

export function riskOf({ direct, viaGroups }: AttachedPolicies): Risk {
  return {
    exposed: direct.some((arn) => isQuarantinePolicy(awsManagedName(arn) ?? '')),
    privileged: [...direct, ...viaGroups].some((arn) => powerful.has(awsManagedName(arn) ?? '')),
  };
}

/** The state with its user's risk, if the answer has the user. */
export function withRisk(state: CredentialState, policies: ReadonlyMap<string, AttachedPolicies>): CredentialState {
  const attached = policies.get(state.principal.name);
  return attached === undefined ? state : { ...state, ...riskOf(attached) };
}

/** The name of an AWS managed policy, without its path; undefined for a policy of an account. */
function awsManagedName(arn: string): string | undefined {
  return /^arn:[^:]+:iam::aws:policy\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
}
