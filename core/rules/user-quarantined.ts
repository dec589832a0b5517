import { accessKey } from '../kinds/access-key.ts';
import type { Evidence, ObservedPrincipal } from '../model.ts';
import { quarantinePoliciesOf } from '../quarantine.ts';
import type { UserRule, Verdict } from './rule.ts';

/** AWS has attached a policy to the user because it found an access key exposed. Also if the key is in use. */
export const userQuarantined: UserRule = {
  id: 'user-quarantined',
  subject: 'user',
  title: 'User is quarantined by AWS',
  condition:
    'A managed policy AWSCompromisedKeyQuarantine, ...V2 or ...V3 is attached to the user. Read live, with three requests for the whole account; a saved credential report does not show it, and gives no finding.',
  why: 'AWS found an access key of the user in public, or used by someone else. The policy stops only the usual abuse: everything else that the user may do, the finder of the key may do as well.',
  remedy: remedyFor([]),
  severity: 'critical',
  needsRow: false,
  judge(user, { quarantine }) {
    const policies = quarantinePoliciesOf(quarantine, user.principal.name);
    return policies.length === 0 ? [] : [verdictOn(user, policies)];
  },
  /** Once, not for every user. */
  judgeAccount({ quarantine }) {
    if (quarantine?.unread === undefined) return [];
    return [{ status: 'error', reason: `cannot be judged: ${quarantine.unread}`, evidence: {} }];
  },
};

function verdictOn(user: ObservedPrincipal, policies: readonly string[]): Verdict {
  const names = policies.join(', ');
  const unreported = user.isUnreported ? `; ${user.unreadable}` : '';
  return {
    status: 'fail',
    reason: `quarantined with ${names}${unreported}`,
    evidence: { quarantinePolicies: names, ...evidenceOf(user) },
    remedy: remedyFor(policies),
  };
}

function evidenceOf({ credentials, password, unreadable }: ObservedPrincipal): Evidence {
  const keys = credentials.filter(({ ref }) => ref.kind === accessKey.kind);
  const isSure = unreadable === undefined && keys.every(({ status }) => status.known);
  const active = keys.filter(({ status }) => status.known && status.value === 'Active');
  return {
    activeAccessKeys: isSure ? active.length : null,
    passwordEnabled: password.enabled.known ? password.enabled.value : null,
  };
}

/**
 * What AWS asks for, and what the policies do to production meanwhile. Sources: the notice that AWS sends; the policies
 * (V1 of 2020-08; V2 and V3 as of 2024-10, which deny the same actions).
 */
function remedyFor(policies: readonly string[]): string {
  const onlyFirst = policies.length > 0 && policies.every((name) => !/V\d+$/.test(name));
  const denied = onlyFirst
    ? 'ec2:RunInstances, lambda:CreateFunction, iam:UpdateAccessKey'
    : 's3:GetObject, ecr:GetAuthorizationToken, ec2:RunInstances, iam:PassRole, iam:UpdateAccessKey';
  return `Today: deactivate the user’s keys and move its work, check CloudTrail in every region (new users, keys, roles, instances), answer AWS’s support case, delete the keys, and then detach the policy (aws iam detach-user-policy). Until then it denies the user, new keys included, ${denied} and more: production may fail.`;
}
