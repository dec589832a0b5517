/** The next record of a credential in the ledger, with the event that explains it. Refuses what no history may contain. */
import { isInFuture } from '../future-dates.ts';
import { given } from '../given.ts';
import type { CredentialThresholds } from '../kinds/kind.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { Policy } from '../policy/policy.ts';
import { limitsOf, possibleThresholds } from '../policy/thresholds.ts';
import { factsOf } from './case.ts';
import type { Actor, LedgerEntry, LedgerEvent, NoticeKind, Stage } from './ledger.ts';
import type { CredentialState } from './state.ts';

/** The stages that may follow each stage. Any other transition is a bug, and refused. */
export const stageTransitions: Readonly<Record<Stage, readonly Stage[]>> = {
  // A person may restore what was deactivated before keysweep ever saw it.
  compliant: ['compliant', 'warned', 'deactivated', 'restored', 'deleted'],
  warned: ['warned', 'compliant', 'deactivated', 'restored', 'deleted'],
  deactivated: ['deactivated', 'restored', 'deleted'],
  restored: ['restored', 'warned', 'deactivated', 'deleted', 'compliant'],
  deleted: [],
};

/** What is written together: the entry and the event that explains it. */
export interface LedgerWrite {
  readonly entry: LedgerEntry;
  readonly event: LedgerEvent;
}

/** When and in which sweep something happens. */
export interface Moment {
  readonly now: Date;
  readonly sweep: string;
}

type Changes = Pick<
  LedgerEntry,
  'stage' | 'rules' | 'warning' | 'deactivation' | 'restoration' | 'deletion' | 'intent'
> & {
  readonly notice?: NoticeKind;
};

export function write(
  state: CredentialState,
  { now, sweep }: Moment,
  { notice, ...changes }: Changes,
  type: LedgerEvent['type'],
  by: Actor,
  detail: string,
): LedgerWrite {
  const { account, credential, principal, entry } = state;
  const from = entry?.stage ?? 'compliant';
  const to = changes.stage;
  if (!stageTransitions[from].includes(to)) throw new RangeError(`there is no transition from ${from} to ${to}`);
  // The last line of defense: keysweep deletes nothing without a recorded deactivation.
  if (to === 'deleted' && by === 'keysweep' && entry?.deactivation === undefined) {
    throw new RangeError(`there is no transition from ${from} to deleted without a recorded deactivation`);
  }
  const isOurs = by === 'keysweep' && (to === 'deactivated' || to === 'deleted');
  const isMeant = changes.intent !== undefined && changes.intent.action !== 'restore';
  if ((isOurs || isMeant) && kindOf(credential.kind).off !== 'status') {
    throw new RangeError(`keysweep never changes ${kindOf(credential.kind).noun.many}: it could not be undone`);
  }
  const version = (entry?.version ?? 0) + 1;
  const userId = state.userId ?? entry?.userId;
  const { deactivation } = changes;
  const lastDeactivationAt = deactivation?.by === 'keysweep' ? deactivation.at : entry?.lastDeactivationAt;
  // The grace is that of the current policy: it also applies to a key that was warned under a shorter one.
  const { restoration } = changes.deactivation === undefined ? (entry ?? {}) : {};
  // A denial is kept until keysweep has made the change: even after a new warning it retries at most once a week.
  const isDone =
    to === 'deleted' || (type === 'deactivated' && by === 'keysweep' && entry?.blocked?.action === 'deactivate');
  const next: LedgerEntry = {
    account,
    credential,
    principal,
    ...given({ userId }),
    createdAt: createdAtOf(state, now),
    version,
    since: from === to ? (entry?.since ?? now) : now,
    updatedAt: lastWriteAt(entry, now),
    ...given({ restoration }),
    ...(entry?.blocked === undefined || isDone ? {} : { blocked: entry.blocked }),
    ...changes,
    ...given({ lastDeactivationAt }),
    ...(notice === undefined ? {} : { notice: { kind: notice, sweep } }),
  };
  return { entry: next, event: { account, credential, version, at: now, sweep, type, by, from, to, detail } };
}

/** A restoration may overwrite an entry that a clock that ran ahead has left: it stays in doubt until that time. */
function lastWriteAt(entry: LedgerEntry | undefined, now: Date): Date {
  return entry !== undefined && isInFuture(entry.updatedAt, now) ? entry.updatedAt : now;
}

function createdAtOf({ entry, liveStatus }: CredentialState, now: Date): Date {
  if (entry !== undefined) return entry.createdAt;
  return liveStatus.kind === 'seen' ? liveStatus.createdAt : now;
}

/** What is kept of an entry while its stage does not change. */
export function kept({ entry }: CredentialState): Pick<LedgerEntry, 'warning' | 'deactivation' | 'restoration'> {
  if (entry === undefined) return {};
  const { warning, deactivation, restoration } = entry;
  return {
    ...given({ warning, deactivation, restoration }),
  };
}

export function surelyLimitsOf(state: CredentialState, policy: Policy): CredentialThresholds {
  // The decision was made by certain thresholds; the last of several is the policy's own.
  return limitsOf(possibleThresholds(policy, factsOf(state)).at(-1) ?? policy, state.credential.kind);
}
