/** The key that a person wants restored, and its status. */
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

/** The key to restore, as IAM and the ledger have it. */
export interface RestoreCandidate {
  readonly account: Account;
  readonly state: CredentialState;
  /** It is already active: there is nothing to do in IAM. */
  readonly isActive: boolean;
  /** A change that a sweep has begun and not recorded as done: it may be under way right now. */
  readonly begun?: BegunChange;
  /** What is wrong with its ledger entry, for people: the state then has no entry, and the entry is not overwritten. */
  readonly damage?: string;
}

/** The change that a sweep has begun, according to the entry of the key. */
export function begunChange(entry: LedgerEntry | undefined): BegunChange | undefined {
  const { intent } = entry ?? {};
  return intent === undefined || intent.action === 'restore' ? undefined : { action: intent.action, at: intent.at };
}

/**
 * Reads one key of one user, even if that user was renamed since. If the user cannot be read, it is taken from the ledger,
 * otherwise from the credential report: a missing permission must not stop a restoration.
 *
 * @throws KeysweepError AccessKeyDeleted, AccessKeyNotFound, or AccessKeyUnreadable if IAM does not answer
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
  // Only for its own user: another user may have that name now.
  const isOwn = user.ok && looked.principal === principal;
  const seen: CredentialState = isOwn ? { ...looked, userId: user.value.userId } : looked;
  const { liveStatus } = seen;
  const isDeleted = entry?.stage === 'deleted';
  if (isDeleted && liveStatus.kind !== 'seen') throw deleted(entry);
  if (liveStatus.kind === 'not-found') throw notFound(credential, principal, liveStatus.denied);
  if (liveStatus.kind === 'unknown') {
    throw new KeysweepError(
      'AccessKeyUnreadable',
      `cannot determine the status of ${credential.id}: ${liveStatus.why}`,
      {
        hint: 'Nothing was changed.',
      },
    );
  }
  const isActive = liveStatus.status === 'Active';
  if (found instanceof Error) return { account, state: seen, isActive, damage: found.message };
  if (isDeleted)
    return { account, state: seen, isActive, damage: 'the ledger says that it was deleted, but IAM shows it' };
  const state = { ...seen, ...given({ entry }) };
  const begun = begunChange(entry);
  return { account, state, isActive, ...given({ begun }) };
}

/** The user as the ledger or the report has it. A user who was renamed is found by the key. */
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
    hint: 'The report may be up to four hours old.',
  });
}

export function deleted({ credential, principal, deletion }: LedgerEntry): KeysweepError {
  const by = deletion?.by === 'keysweep' ? 'keysweep' : 'someone';
  const when = deletion === undefined ? '' : ` on ${deletion.at.toISOString().slice(0, 10)}`;
  return new KeysweepError('AccessKeyDeleted', `${credential.id} of ${principal.name} was deleted by ${by}${when}`, {
    hint: 'AWS cannot restore it. Create a new key or, better, use a role, and update whatever used the old key.',
  });
}

function notFound({ kind, id }: RetirableRef, { name }: Principal, denied: string | undefined): KeysweepError {
  const missing = `user ${name} has no ${kindOf(kind).noun.one} ${id}`;
  if (denied !== undefined) {
    const unknown = `${missing}, or AWS does not say which user has it now: ${denied}`;
    return new KeysweepError('AccessKeyNotFound', unknown, {
      hint: 'AWS denies this also for keys that do not exist. If the user was renamed, use --user NAME.',
    });
  }
  return new KeysweepError('AccessKeyNotFound', `${missing}, or no longer`, {
    hint: 'AWS cannot restore a deleted key. Create a new one or, better, use a role.',
  });
}
