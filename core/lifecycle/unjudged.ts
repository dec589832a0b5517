/** What the lifecycle rules could not judge: nothing is done about it, and that is reported. Unknown is never a pass. */
import { given } from '../given.ts';
import { isLifecycleRule, kindRule } from '../kinds/rules.ts';
import { isSameSecond } from '../match-slot.ts';
import type { Principal, SeenRef } from '../model.ts';
import type { Snapshot } from './snapshot.ts';
import type { CredentialState } from './state.ts';

/**
 * A credential that could not be judged, and has no state because its id is unknown: the keys of its user could not be
 * listed. If there may be more keys than the report shows, `credential` has no slot either.
 */
export interface UnjudgedCredential {
  readonly principal: Principal;
  readonly credential: SeenRef;
  readonly why: string;
  /** Of the credential in that slot, if the report shows it. */
  readonly createdAt?: Date;
}

/** Why a lifecycle rule could not judge an existing credential; undefined if all could. */
export function doubtAbout({ liveStatus, findings, entry }: CredentialState): string | undefined {
  if (liveStatus.kind === 'not-found' || entry?.stage === 'deleted') return undefined;
  return findings.find(({ status, rule }) => status === 'error' && isLifecycleRule(rule))?.reason;
}

/**
 * The credentials of the account that could not be judged and whose ids the audit does not know: otherwise a user whose keys
 * could not be listed would be missing. Each is named once, however many rules failed on it.
 */
export function findUnjudged({ audit, users }: Snapshot): readonly UnjudgedCredential[] {
  const found = new Map<string, UnjudgedCredential>();
  for (const { status, rule, principal, reason, credential: { id, slot } = {} } of audit.findings) {
    if (status !== 'error' || id !== undefined || principal.kind !== 'user' || !isLifecycleRule(rule)) continue;
    const { kind } = kindRule(rule).kind;
    const key = `${kind}/${principal.name}/${slot ?? ''}`;
    if (found.has(key)) continue;
    const credential: SeenRef = { kind, ...given({ slot }) };
    const createdAt = slot === undefined ? undefined : creationOf(users, principal.name, credential);
    const about = { principal: { ...principal, kind: 'user' as const }, credential, why: reason };
    found.set(key, { ...about, ...given({ createdAt }) });
  }
  return [...found.values()];
}

function creationOf(users: Snapshot['users'], name: string, { kind, slot }: SeenRef): Date | undefined {
  const user = users.find(({ principal }) => isSameName(principal.name, name));
  const shown = user?.credentials.find(({ ref }) => ref.kind === kind && ref.slot === slot);
  return shown?.createdAt.known === true ? shown.createdAt.value : undefined;
}

/**
 * Those of them that have no state. A credential in a slot whose id the ledger knows has a state, which says what is unknown.
 */
export function stillUnjudged(
  unjudged: readonly UnjudgedCredential[],
  states: readonly CredentialState[],
): readonly UnjudgedCredential[] {
  return unjudged.filter(({ principal, credential, createdAt }) => {
    if (createdAt === undefined) return true;
    return !states.some(({ entry, liveStatus, principal: of }) => {
      const isOfUser = entry?.credential.kind === credential.kind && isSameName(of.name, principal.name);
      return isOfUser && liveStatus.kind === 'unknown' && isSameSecond(entry.createdAt, createdAt);
    });
  });
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
