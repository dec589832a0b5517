import type { Observation, ObservedPrincipal } from '../../core/model.ts';

/**
 * An observation with every user changed.
 * @param change returns undefined if the user no longer exists in IAM under this name
 */
export function mapUsers(
  observation: Observation,
  change: (user: ObservedPrincipal) => ObservedPrincipal | undefined,
): Observation {
  const missing: string[] = [];
  const users = observation.users.flatMap((user) => {
    const changed = change(user);
    if (changed === undefined) missing.push(user.principal.name);
    return changed ?? [];
  });
  return missing.length === 0
    ? observed(users)
    : { ...observed(users), missingUsers: [...(observation.missingUsers ?? []), ...missing] };

  function observed(all: readonly ObservedPrincipal[]): Observation {
    return { ...observation, users: all };
  }
}
