import type { RetirableKind } from '../core/kinds/kinds.ts';
import { laterUse, plausibleUse } from '../core/last-use.ts';
import type { Snapshot } from '../core/lifecycle/snapshot.ts';
import type { CredentialState, Sighting } from '../core/lifecycle/state.ts';
import type { LastUse } from '../core/model.ts';
import type { CredentialSource, LiveCredential, LiveRead, LiveUser } from '../core/ports.ts';

export type KeyList = LiveRead<readonly LiveCredential[]>;

/** What the last use is worth: whoever only wants the status saves the request. */
type LastUseWanted = 'read' | 'known';

/**
 * The credential as IAM shows it now, by the list of its user's keys that was just read. Where its user has been given
 * another name it is looked for under that one, and its principal, tags and user id are the present ones.
 *
 * @param lastUse `read`: ask for the last use as well
 */
export async function lookAgain(
  source: CredentialSource,
  state: CredentialState,
  list: KeyList,
  lastUse: LastUseWanted,
): Promise<CredentialState> {
  if (!list.ok) {
    const { code, message } = list.problem;
    return code === 'not-found' ? lookElsewhere(source, state, lastUse) : unknown(state, message);
  }
  const key = list.value.find(({ id }) => id === state.credential.id);
  return key === undefined ? lookElsewhere(source, state, lastUse) : lookAt(source, state, key, lastUse);
}

async function lookAt(
  source: CredentialSource,
  state: CredentialState,
  { status, createdAt }: LiveCredential,
  lastUse: LastUseWanted,
): Promise<CredentialState> {
  const { principal, credential, sighting } = state;
  const known: LastUse =
    sighting.kind === 'seen' ? sighting.lastUse : { kind: 'unknown', why: 'the last use was not read' };
  if (lastUse === 'known') return { ...state, sighting: { kind: 'seen', status, createdAt, lastUse: known } };
  const read = await source.lastUse(principal.name, credential);
  const live: LastUse = read.ok ? laterUse(known, read.value) : { kind: 'unknown', why: read.problem.message };
  const seen: Sighting = { kind: 'seen', status, createdAt, lastUse: plausibleUse(live, createdAt) };
  return { ...state, sighting: seen };
}

/**
 * A key that is not listed is gone, unless AWS still knows whose it is: the keys of a user who was given another name are
 * listed under that one, and a list may lag. AWS denies the question for keys that do not exist.
 */
async function lookElsewhere(
  source: CredentialSource,
  state: CredentialState,
  lastUse: LastUseWanted,
): Promise<CredentialState> {
  const { principal, credential } = state;
  const owner = await source.ownerOf(credential);
  if (!owner.ok) {
    const { code, message } = owner.problem;
    if (code === 'access-denied') return { ...state, sighting: { kind: 'gone', denied: message } };
    return code === 'not-found' ? { ...state, sighting: { kind: 'gone' } } : unknown(state, message);
  }
  if (owner.value === principal.name) return unknown(state, `${credential.id} is not listed, but AWS still knows it`);
  const renamed = withUser(state, await source.user(owner.value), owner.value);
  if (renamed.sighting.kind === 'unknown' && renamed.sighting !== state.sighting) return renamed;
  const list = await source.credentials(credential.kind, owner.value);
  const key = list.ok ? list.value.find(({ id }) => id === credential.id) : undefined;
  if (key !== undefined) return lookAt(source, renamed, key, lastUse);
  return unknown(renamed, list.ok ? `${credential.id} is not listed, but AWS still knows it` : list.problem.message);
}

/**
 * The credential with its user as IAM has it now, which exemptions and overrides are judged by. Unknown where the user
 * cannot be read, and where it is another one: a name may be given again, an id never is.
 */
export function withUser(state: CredentialState, read: LiveRead<LiveUser>, name: string): CredentialState {
  if (!read.ok) return unknown(state, `its user ${name} could not be read: ${read.problem.message}`);
  const { principal, userId, tags } = read.value;
  const known = state.userId ?? state.entry?.userId;
  if (known !== undefined && known !== userId)
    return unknown(state, `its user was ${known}, and ${name} is ${userId}: somebody else has that name now`);
  return { ...state, principal, userId, tags: { known: true, value: tags } };
}

function unknown(state: CredentialState, why: string): CredentialState {
  return { ...state, sighting: { kind: 'unknown', why } };
}

/**
 * The audit saw it active after its deactivation. Where a fresh look cannot tell, that stands: to take note of it
 * stops a deletion, and does nothing else.
 */
export function isActiveAgain({ entry, sighting }: CredentialState): boolean {
  return entry?.stage === 'deactivated' && sighting.kind === 'seen' && sighting.status === 'Active';
}

/** Looks for a plan: before a change everything is read again, see guard.ts. */
export interface Looker {
  /** The credentials of one kind that a user has, listed once. */
  list(kind: RetirableKind, userName: string): Promise<KeyList>;
  /** As {@link lookAgain}; unknown where a key seems gone only because AWS denies the question of whose it is. */
  look(state: CredentialState, lastUse: LastUseWanted): Promise<CredentialState>;
  /** Whether AWS tells whose a key is, where there is one to ask about: only then a denial means that a key is gone. */
  tellsOwners(kind: RetirableKind): Promise<boolean>;
}

/** How many keys, or users, are tried: some may have been deleted since the audit. */
const mostTried = 3;

/** @param users with credentials, as the audit saw them */
export function openLooker(source: CredentialSource, { users }: Pick<Snapshot, 'users'>): Looker {
  const lists = new Map<string, Promise<KeyList>>();
  function list(kind: RetirableKind, userName: string): Promise<KeyList> {
    const known = lists.get(`${kind} ${userName}`) ?? source.credentials(kind, userName);
    lists.set(`${kind} ${userName}`, known);
    return known;
  }

  async function askForOwners(kind: RetirableKind): Promise<boolean> {
    const ids = users.flatMap(({ credentials }) =>
      credentials.flatMap(({ ref }) => (ref.kind === kind && ref.id !== undefined ? [ref.id] : [])),
    );
    const tried = ids.length > 0 ? ids : await listedIds(kind);
    for (const id of tried.slice(0, mostTried)) if ((await source.ownerOf({ kind, id })).ok) return true;
    return tried.length === 0;
  }
  async function listedIds(kind: RetirableKind): Promise<readonly string[]> {
    const some = await Promise.all(users.slice(0, mostTried).map(({ principal }) => list(kind, principal.name)));
    return some.flatMap((one) => (one.ok ? one.value.map(({ id }) => id) : []));
  }
  const answers = new Map<RetirableKind, Promise<boolean>>();
  function tellsOwners(kind: RetirableKind): Promise<boolean> {
    const answer = answers.get(kind) ?? askForOwners(kind);
    answers.set(kind, answer);
    return answer;
  }

  return {
    list,
    tellsOwners,
    async look(state, lastUse) {
      const seen = await lookAgain(source, state, await list(state.credential.kind, state.principal.name), lastUse);
      const { sighting, credential } = seen;
      const isDoubtful =
        sighting.kind === 'gone' && sighting.denied !== undefined && !(await tellsOwners(credential.kind));
      return isDoubtful ? unknown(seen, sighting.denied) : seen;
    },
  };
}
