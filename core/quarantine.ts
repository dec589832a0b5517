/**
 * The managed policies with which AWS quarantines a user: it attaches one of them when it finds an access key of the user
 * exposed. Source: AWS Managed Policy Reference Guide.
 */
import type { Observation, ObservedPrincipal, Quarantine } from './model.ts';
import { observeUnreported } from './observe.ts';
import type { LiveRead } from './ports.ts';

const first = 'AWSCompromisedKeyQuarantine';

/** Those that exist, oldest first. */
export const quarantinePolicies: readonly string[] = [first, `${first}V2`, `${first}V3`];

/** Whether an AWS managed policy is one of them, or a version to come. */
export function isQuarantinePolicy(name: string): boolean {
  return name.startsWith(first);
}

/** What is known once the users of each policy were read. An answer that is missing leaves the others true. */
export function quarantineOf(
  answers: readonly { readonly policy: string; readonly users: LiveRead<readonly string[]> }[],
): Quarantine {
  const policies = new Map<string, string[]>();
  let unread: string | undefined;
  for (const { policy, users } of answers) {
    if (!users.ok) unread ??= users.problem.message;
    for (const name of users.ok ? users.value : []) policies.set(name, [...(policies.get(name) ?? []), policy]);
  }
  const users = [...policies].map(([name, own]) => ({ name, policies: own }));
  return unread === undefined ? { users } : { users, unread };
}

/** The policies that quarantine a user. Case is ignored: names are unique without regard to it. */
export function quarantinePoliciesOf(quarantine: Quarantine | undefined, name: string): readonly string[] {
  return quarantine?.users.find((user) => foldCase(user.name) === foldCase(name))?.policies ?? [];
}

function foldCase(name: string): string {
  return name.toLowerCase();
}

/**
 * The quarantined users that the report does not show: created since, or renamed, or with the name of an earlier user. Those
 * of whom nothing was read are known by their names alone.
 */
export function unreportedUsers({
  account: { id, partition },
  users,
  quarantine,
  unreported = [],
  missingUsers = [],
}: Pick<
  Observation,
  'account' | 'users' | 'quarantine' | 'unreported' | 'missingUsers'
>): readonly ObservedPrincipal[] {
  if (quarantine === undefined || quarantine.users.length === 0) return [];
  const reported = new Set(users.map(({ principal }) => foldCase(principal.name)));
  const earlier = new Set(missingUsers.map(foldCase));
  const read = new Map(unreported.map((user) => [foldCase(user.principal.name), user]));
  return quarantine.users
    .filter(({ name }) => !reported.has(foldCase(name)))
    .map(({ name }) => {
      const known = read.get(foldCase(name));
      if (known !== undefined) return known;
      const arn = `arn:${partition}:iam::${id}:user/${name}`;
      const user = observeUnreported({ kind: 'user', name, arn }, { isNameReused: earlier.has(foldCase(name)) });
      return { ...user, unknownPath: 'the path of the user was not read' };
    });
}
