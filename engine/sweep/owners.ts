import type { Item } from '../../core/lifecycle/item.ts';
import type { Tags } from '../../core/model.ts';
import type { ReadProblem } from '../../core/ports.ts';
import { tagValue } from '../../core/tags.ts';
import { counted } from '../../reports/words.ts';
import type { Run } from './run.ts';

/**
 * Adds the owners, from the owner tag of the users, to the items with a notice, and returns a sentence about unknown owners.
 * If the tags cannot be read, people are notified without the owner.
 *
 * @param accountUsers the number of users in the account
 */
export async function withOwners(
  { ports, policy, inspector }: Run,
  items: readonly Item[],
  accountUsers: number,
): Promise<{ readonly items: readonly Item[]; readonly notes: readonly string[] }> {
  if (ports.notifier === undefined) return { items, notes: [] };
  const states = items.flatMap(({ state, write }) => (write?.entry.notice === undefined ? [] : [state]));
  const tags = new Map<string, Tags>(
    states.flatMap(({ principal, tags }) => (tags.known ? [[principal.name, tags.value]] : [])),
  );
  const missing = states.filter(
    ({ principal, liveStatus }) => liveStatus.kind !== 'not-found' && !tags.has(principal.name),
  );
  const names = [...new Set(missing.map(({ principal }) => principal.name))];
  const answers = names.length === 0 ? [] : await inspector.reads.userTags(names, accountUsers);
  const unread: ReadProblem[] = [];
  for (const [name, answer] of answers) {
    if (answer.ok) tags.set(name, answer.value);
    else if (answer.problem.code !== 'not-found') unread.push(answer.problem);
  }
  const owned = items.map((item) => {
    const known = tags.get(item.state.principal.name);
    const owner = known && tagValue(known, policy.notices.ownerTag);
    return owner === undefined ? item : { ...item, owner };
  });
  const [first] = unread;
  return {
    items: owned,
    notes:
      first === undefined
        ? []
        : [`The owner tags of ${counted(unread.length, 'user')} could not be read: ${first.message}.`],
  };
}
