/** The live status of one credential: what IAM shows now, even if its user was renamed. */
import { liveStatusOf } from '../core/lifecycle/join.ts';
import type { CredentialState } from '../core/lifecycle/state.ts';
import type { LastUse, ObservedCredential } from '../core/model.ts';
import type { CredentialSource, LiveRead, LiveUser } from '../core/ports.ts';
import { observeLastUse } from '../core/triage.ts';

/** Whether to read the last use, or to use the known one, which saves the request. */
export type LastUseWanted = 'read' | 'known';

type Reads = Pick<CredentialSource, 'credentials' | 'lastUse' | 'ownerOf' | 'user'>;

/**
 * The credential as IAM shows it now. If its user was renamed, it is found under the new name, with its current principal,
 * tags and user id.
 */
export async function recheck(reads: Reads, state: CredentialState, wanted: LastUseWanted): Promise<CredentialState> {
  const { principal, credential } = state;
  const list = await reads.credentials(credential.kind, principal.name);
  if (!list.ok) {
    const { code, message } = list.problem;
    return code === 'not-found' ? recheckElsewhere(reads, state, wanted) : unknown(state, message);
  }
  const found = list.value.find(({ ref }) => ref.id === credential.id);
  return found === undefined ? recheckElsewhere(reads, state, wanted) : recheckFound(reads, state, found, wanted);
}

/**
 * The credential with its user as IAM has it now, for exemptions and overrides. Unknown if the user cannot be read, or is a
 * different one: a name may be reused, an id never is.
 */
export async function recheckUser(reads: Reads, state: CredentialState): Promise<CredentialState> {
  const { name } = state.principal;
  return withUser(state, await reads.user(name), name);
}

/**
 * The audit saw it active after its deactivation. If a recheck cannot determine the status, that counts: recording it only
 * stops a deletion.
 */
export function isActiveAgain({ entry, liveStatus }: CredentialState): boolean {
  return entry?.stage === 'deactivated' && liveStatus.kind === 'seen' && liveStatus.status === 'Active';
}

async function recheckFound(
  reads: Reads,
  state: CredentialState,
  listed: ObservedCredential,
  wanted: LastUseWanted,
): Promise<CredentialState> {
  const { principal, credential, liveStatus } = state;
  const lastUse: LastUse =
    liveStatus.kind === 'seen' ? liveStatus.lastUse : { kind: 'unknown', why: 'the last use was not read' };
  const known = { ...listed, lastUse };
  if (wanted === 'known') return { ...state, liveStatus: liveStatusOf(known) };
  const read = await reads.lastUse(principal.name, credential);
  return { ...state, liveStatus: liveStatusOf(observeLastUse(known, read)) };
}

/**
 * A credential that is not listed no longer exists, unless AWS still names its user: the credentials of a renamed user are
 * listed under the new name, and a list may lag. AWS denies this read for keys that do not exist.
 */
async function recheckElsewhere(reads: Reads, state: CredentialState, wanted: LastUseWanted): Promise<CredentialState> {
  const { principal, credential } = state;
  const owner = await reads.ownerOf(credential);
  if (!owner.ok) {
    const { code, message } = owner.problem;
    if (code === 'access-denied') return { ...state, liveStatus: { kind: 'not-found', denied: message } };
    return code === 'not-found' ? { ...state, liveStatus: { kind: 'not-found' } } : unknown(state, message);
  }
  if (owner.value === principal.name)
    return unknown(state, `${credential.id} is not listed, but AWS still shows its user`);
  const renamed = withUser(state, await reads.user(owner.value), owner.value);
  if (renamed.liveStatus.kind === 'unknown' && renamed.liveStatus !== state.liveStatus) return renamed;
  const list = await reads.credentials(credential.kind, owner.value);
  const found = list.ok ? list.value.find(({ ref }) => ref.id === credential.id) : undefined;
  if (found !== undefined) return recheckFound(reads, renamed, found, wanted);
  return unknown(
    renamed,
    list.ok ? `${credential.id} is not listed, but AWS still shows its user` : list.problem.message,
  );
}

function withUser(state: CredentialState, read: LiveRead<LiveUser>, name: string): CredentialState {
  if (!read.ok) return unknown(state, `its user ${name} could not be read: ${read.problem.message}`);
  const { principal, userId, tags } = read.value;
  const known = state.userId ?? state.entry?.userId;
  if (known !== undefined && known !== userId)
    return unknown(
      state,
      `its user had the id ${known}, but ${name} now has the id ${userId}: the name was given to another user`,
    );
  return { ...state, principal, userId, tags: { known: true, value: tags } };
}

function unknown(state: CredentialState, why: string): CredentialState {
  return { ...state, liveStatus: { kind: 'unknown', why } };
}
