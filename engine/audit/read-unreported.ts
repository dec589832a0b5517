import { byName } from '../../core/confirm-users.ts';
import type { Observation } from '../../core/model.ts';
import type { CredentialSource } from '../../core/ports.ts';
import { unreportedUsers } from '../../core/quarantine.ts';
import type { Evaluator } from '../../core/rules/evaluate.ts';
import { withTags } from '../../core/triage.ts';

/**
 * An observation with the quarantined users whom the credential report does not show: their ARNs, and their tags if a finding
 * depends on them. Costs nothing if there are none. What cannot be read stays unknown.
 */
export async function readUnreported(
  observation: Observation,
  evaluator: Evaluator,
  reads: Pick<CredentialSource, 'users' | 'userTags'>,
): Promise<Observation> {
  const unread = unreportedUsers(observation);
  if (unread.length === 0) return observation;
  const list = await reads.users();
  const find = byName(list.ok ? list.value : []);
  const users = unread.map((user) => {
    const listed = find(user.principal.name);
    if (listed === undefined) return user;
    const { unknownPath: _, ...known } = user;
    return { ...known, principal: listed.principal };
  });
  const names = users.filter((user) => evaluator.dependsOnTags(user)).map(({ principal }) => principal.name);
  const tags = names.length === 0 ? new Map() : await reads.userTags(names, observation.users.length);
  const unreported = users.map((user) => {
    const read = tags.get(user.principal.name);
    return read === undefined ? user : withTags(user, read);
  });
  return { ...observation, unreported };
}
