/**
 * How urgent the credentials of a user are, by the managed policies that the user has. It only ever decides who goes
 * first where a cap bites, so it is read only then, and not knowing it holds nothing back.
 */
import type { AttachedPolicies } from '../ports.ts';
import type { CredentialState } from './state.ts';

/** AWS attaches it, in one of its versions, to a user whose key it found in public. Source: IAM User Guide. */
const quarantine = 'AWSCompromisedKeyQuarantine';

/** AWS managed policies that allow everything, nearly everything, or to grant oneself everything. */
const powerful: ReadonlySet<string> = new Set(['AdministratorAccess', 'IAMFullAccess', 'PowerUserAccess']);

/**
 * `exposed`: AWS has quarantined the user. `privileged`: a policy of {@link powerful}, of the user or of one of its
 * groups. The account's own policies and inline ones are not looked into.
 */
export type Risk = Required<Pick<CredentialState, 'exposed' | 'privileged'>>;

export function riskOf({ direct, viaGroups }: AttachedPolicies): Risk {
  return {
    exposed: direct.some((arn) => awsManagedName(arn)?.startsWith(quarantine)),
    privileged: [...direct, ...viaGroups].some((arn) => powerful.has(awsManagedName(arn) ?? '')),
  };
}

/** The state with its user's risk, where the answer mentions the user. */
export function withRisk(state: CredentialState, policies: ReadonlyMap<string, AttachedPolicies>): CredentialState {
  const attached = policies.get(state.principal.name);
  return attached === undefined ? state : { ...state, ...riskOf(attached) };
}

/** The name of an AWS managed policy, without its path; undefined for a policy of an account. */
function awsManagedName(arn: string): string | undefined {
  return /^arn:[^:]+:iam::aws:policy\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
}
