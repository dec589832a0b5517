/** Which key a person means, and how it stands. */

import { KeysweepError } from '../../core/error.ts';
import { given } from '../../core/given.ts';
import { kindOf, kindOfId } from '../../core/kinds/kinds.ts';
import type { BegunChange, LedgerEntry, RetirableRef } from '../../core/lifecycle/ledger.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import type { Account, Principal } from '../../core/model.ts';
import { observeReport } from '../../core/observe.ts';
import type { ReadProblem } from '../../core/ports.ts';
import { parseReport } from '../../core/report/parse.ts';
import { recheck } from '../recheck.ts';
import { orDamage } from '../remember.ts';
import type { SweepPorts } from '../sweep/ports.ts';

/** The key that is to be restored, as IAM and the ledger have it. */
export interface RestoreCandidate {
  readonly account: Account;
  readonly state: CredentialState;
  /** It is reactivated already: there is nothing to do in IAM. */
  readonly isActive: boolean;
  /** What a sweep has begun to do to it, and has not recorded as done: it may be under way this moment. */
  readonly begun?: BegunChange;
  /** What is wrong with its entry in the ledger, for people: the state has none then, and nothing is written over it. */
  readonly damage?: string;
}

/** The change that a sweep has begun, by the entry of the key. */
export function begunChange(entry: LedgerEntry | undefined): BegunChange | undefined {
  const { intent } = entry ?? {};
  return intent === undefined || intent.action === 'restore' ? undefined : { action: intent.action, at: intent.at };
}

/**
 * Looks at one key of one user, also where that user has been given another name since. Where the user itself cannot be
 * read it is taken from the ledger, else from the credential report: a permission that is missing stops no restoration.
 *
 * @throws KeysweepError AccessKeyDeleted, AccessKeyNotFound, or AccessKeyUnreadable where IAM does not tell
 */
export async function findRestoreCandidate(
  { source, ledger }: Pick<SweepPorts, 'source' | 'ledger'>,
  account: Account,
  credentialId: string,
  userName: string,
): Promise<RestoreCandidate> {
  const found = await orDamage(ledger.entry(account.id, credentialId));
  const entry = found instanceof Error ? undefined : found;
  const credential = entry?.credential ?? { kind: kindOfId(credentialId), id: credentialId };
  const user = await source.user(userName);
  const principal = user.ok ? user.value.principal : await rememberedUser({ source }, entry, userName, user.problem);
  const blank: CredentialState = {
    account: account.id,
    principal,
    credential,
    tags: { known: false, why: 'the tags were not read' },
    liveStatus: { kind: 'unknown', why: 'not read' },
    findings: [],
  };
  const looked = await recheck(source, blank, 'known');
  // Only of its own user: who has that name now may be someone else.
  const isOwn = user.ok && looked.principal === principal;
  const seen: CredentialState = isOwn ? { ...looked, userId: user.value.userId } : looked;
  const { liveStatus } = seen;
  const isDeleted = entry?.stage === 'deleted';
  if (isDeleted && liveStatus.kind !== 'seen') throw deleted(entry);
  if (liveStatus.kind === 'not-found') throw notFound(credential, principal, liveStatus.denied);
  if (liveStatus.kind === 'unknown') {
    throw new KeysweepError('AccessKeyUnreadable', `cannot determine how ${credential.id} stands: ${liveStatus.why}`, {
      hint: 'Nothing was changed.',
    });
  }
  const isActive = liveStatus.status === 'Active';
  if (found instanceof Error) return { account, state: seen, isActive, damage: found.message };
  if (isDeleted) return { account, state: seen, isActive, damage: 'the ledger has it as deleted, and IAM shows it' };
  const state = { ...seen, ...given({ entry }) };
  const begun = begunChange(entry);
  return { account, state, isActive, ...given({ begun }) };
}

/** Who has the name as the ledger knows it, or the report; whoever has it no more is found by the key. */
async function rememberedUser(
  ports: Pick<SweepPorts, 'source'>,
  entry: LedgerEntry | undefined,
  userName: string,
  { code }: ReadProblem,
): Promise<Principal> {
  const isKnown = entry?.principal.name.toLowerCase() === userName.toLowerCase();
  if (entry !== undefined && (isKnown || code === 'not-found')) return { ...entry.principal, name: userName };
  return findPrincipal(ports, userName);
}

async function findPrincipal({ source }: Pick<SweepPorts, 'source'>, userName: string): Promise<Principal> {
  const { content } = await source.credentialReport();
  const { users } = observeReport(parseReport(content));
  const user = users.find(({ principal }) => principal.name.toLowerCase() === userName.toLowerCase());
  if (user !== undefined) return user.principal;
  throw new KeysweepError('UserNotFound', `the credential report shows no user ${userName}`, {
    hint: 'It may be up to four hours old.',
  });
}

export function deleted({ credential, principal, deletion }: LedgerEntry): KeysweepError {
  const by = deletion?.by === 'keysweep' ? 'keysweep' : 'someone';
  const when = deletion === undefined ? '' : ` on ${deletion.at.toISOString().slice(0, 10)}`;
  return new KeysweepError('AccessKeyDeleted', `${credential.id} of ${principal.name} was deleted by ${by}${when}`, {
    hint: 'AWS cannot bring it back. Create a new key, or better a role, and change what used the old one.',
  });
}

function notFound({ kind, id }: RetirableRef, { name }: Principal, denied: string | undefined): KeysweepError {
  const missing = `user ${name} has no ${kindOf(kind).noun.one} ${id}`;
  if (denied !== undefined) {
    const unknown = `${missing}, or AWS does not tell whose it is now: ${denied}`;
    return new KeysweepError('AccessKeyNotFound', unknown, {
      hint: 'AWS denies this also for keys that do not exist (any more). If its user was given another name: --user NAME',
    });
  }
  return new KeysweepError('AccessKeyNotFound', `${missing} (any more)`, {
    hint: 'AWS cannot bring a deleted key back. Create a new one, or better a role.',
  });
}
