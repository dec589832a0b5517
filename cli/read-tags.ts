import type { Snapshot } from '../core/lifecycle/snapshot.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { CredentialSource } from '../core/ports.ts';

/**
 * The snapshot with the tags of every user with access keys, where the policy matches tags: an audit reads only those
 * of users with findings, a forecast needs the others as well. What cannot be read stays unknown.
 */
export async function readAllTags(snapshot: Snapshot, policy: Policy, source: CredentialSource): Promise<Snapshot> {
  const matchesTags = [...policy.overrides, ...policy.exemptions].some(({ match }) => match.tag !== undefined);
  const names = snapshot.users.filter(({ tags }) => !tags.known).map(({ principal }) => principal.name);
  if (!matchesTags || names.length === 0) return snapshot;
  const answers = await source.userTags(names, snapshot.userNames.length);
  const users = snapshot.users.map((user) => {
    const answer = answers.get(user.principal.name);
    return answer?.ok === true ? { ...user, tags: { known: true as const, value: answer.value } } : user;
  });
  return { ...snapshot, users };
}
