/** What the rules of the lifecycle could not judge: nothing is done by them, and that is said. Unknown is never a pass. */
import { isSameSecond } from '../creation-second.ts';
import { isLifecycleRule, kindRule } from '../kinds/rules.ts';
import type { Finding, Principal, SeenRef } from '../model.ts';
import type { Snapshot } from './snapshot.ts';
import type { CredentialState } from './state.ts';

/**
 * A credential that could not be judged, and has no state because its id is not known: the keys of its user could not be
 * listed. Where there may be more keys than the report shows, `credential` has no slot either.
 */
export interface UnjudgedCredential {
  readonly principal: Principal;
  readonly credential: SeenRef;
  readonly why: string;
}

/** Why a rule of the lifecycle could not judge a credential that is there; undefined where all could. */
export function doubtAbout({ sighting, findings, entry }: CredentialState): string | undefined {
  if (sighting.kind === 'gone' || entry?.stage === 'deleted') return undefined;
  return findings.find(({ status, rule }) => status === 'error' && isLifecycleRule(rule))?.reason;
}

/**
 * The credentials of the account that could not be judged and are among none of these states: a user whose keys could not
 * be listed would vanish otherwise. Each is named once, whatever number of rules failed on it.
 */
export function findUnjudged(snapshot: Snapshot, states: readonly CredentialState[]): readonly UnjudgedCredential[] {
  const found = new Map<string, UnjudgedCredential>();
  for (const finding of snapshot.audit.findings) {
    const { principal, rule, reason, credential: { slot } = {} } = finding;
    if (!isLifecycleRule(rule) || !isNameless(finding) || principal.kind !== 'user') continue;
    const { kind } = kindRule(rule).kind;
    const key = `${kind}/${principal.name}/${slot ?? ''}`;
    if (found.has(key)) continue;
    if (isAmong(states, finding, snapshot)) continue;
    const credential: SeenRef = { kind, ...(slot === undefined ? {} : { slot }) };
    found.set(key, { principal: { ...principal, kind: 'user' }, credential, why: reason });
  }
  return [...found.values()];
}

function isNameless({ status, credential }: Finding): boolean {
  return status === 'error' && credential?.id === undefined;
}

/** Whether the ledger knows the key in that slot by its id: then it has a state, which says what is not known. */
function isAmong(states: readonly CredentialState[], { principal, credential }: Finding, { users }: Snapshot): boolean {
  if (credential?.slot === undefined) return false;
  const name = principal.name.toLowerCase();
  const user = users.find((one) => one.principal.name.toLowerCase() === name);
  const key = user?.credentials.find(({ ref }) => ref.kind === credential.kind && ref.slot === credential.slot);
  if (key?.createdAt.known !== true) return false;
  const { value: createdAt } = key.createdAt;
  return states.some(({ entry, sighting, principal: of }) => {
    const isOfUser = entry?.credential.kind === credential.kind && of.name.toLowerCase() === name;
    return isOfUser && sighting.kind === 'unknown' && isSameSecond(entry.createdAt, createdAt);
  });
}
