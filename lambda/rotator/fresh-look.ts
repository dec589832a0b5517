import { laterUse, plausibleUse } from '../../core/last-use.ts';
import type { CredentialState, Sighting } from '../../core/lifecycle/state.ts';
import type { LastUse } from '../../core/model.ts';
import type { CredentialSource, LiveAccessKey, LiveRead } from '../../core/ports.ts';

export type KeyList = LiveRead<readonly LiveAccessKey[]>;

/**
 * What IAM shows of a credential now, by the list of its user's keys that was just read.
 *
 * @param lastUse `read`: ask for the last use as well. `known`: whoever only wants the status saves the request.
 */
export async function lookAgain(
  source: CredentialSource,
  { principal, credential, sighting }: CredentialState,
  list: KeyList,
  lastUse: 'read' | 'known',
): Promise<Sighting> {
  if (!list.ok) {
    const { code, message } = list.problem;
    return code === 'not-found' ? lookElsewhere(source, { principal, credential }) : { kind: 'unknown', why: message };
  }
  const key = list.value.find(({ id }) => id === credential.id);
  if (key === undefined) return lookElsewhere(source, { principal, credential });
  const { status, createdAt } = key;
  const known: LastUse =
    sighting.kind === 'seen' ? sighting.lastUse : { kind: 'unknown', why: 'the last use was not read' };
  if (lastUse === 'known') return { kind: 'seen', status, createdAt, lastUse: known };
  const read = await source.accessKeyLastUse(principal.name, credential.id);
  const live: LastUse = read.ok ? laterUse(known, read.value) : { kind: 'unknown', why: read.problem.message };
  return { kind: 'seen', status, createdAt, lastUse: plausibleUse(live, createdAt) };
}

/**
 * A key that is not listed is gone, unless AWS still knows of its use: the keys of a user who was given another name are
 * listed under that one, and a list may lag. AWS denies the question for keys that do not exist.
 */
async function lookElsewhere(
  source: CredentialSource,
  { principal, credential }: Pick<CredentialState, 'principal' | 'credential'>,
): Promise<Sighting> {
  const read = await source.accessKeyLastUse(principal.name, credential.id);
  if (read.ok) return { kind: 'unknown', why: `${credential.id} is not listed, but AWS still knows it` };
  const { code, message } = read.problem;
  return code === 'access-denied' || code === 'not-found' ? { kind: 'gone' } : { kind: 'unknown', why: message };
}

/**
 * The audit saw it active after its deactivation. Where a fresh look cannot tell, that stands: to take note of it
 * stops a deletion, and does nothing else.
 */
export function isActiveAgain({ entry, sighting }: CredentialState): boolean {
  return entry?.stage === 'deactivated' && sighting.kind === 'seen' && sighting.status === 'Active';
}

/** Lists the keys of each user at most once. */
export function listOnce(source: CredentialSource): (userName: string) => Promise<KeyList> {
  const lists = new Map<string, Promise<KeyList>>();
  return (userName) => {
    const known = lists.get(userName);
    if (known !== undefined) return known;
    const list = source.accessKeys(userName);
    lists.set(userName, list);
    return list;
  };
}
