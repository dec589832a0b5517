import { addTo, type Decision } from '../../core/lifecycle/decision.ts';
import type { SweepRecord } from '../../core/lifecycle/ledger.ts';
import { sweepRetention } from '../../core/lifecycle/pending.ts';
import type { CredentialState } from '../../core/lifecycle/state.ts';
import { type LedgerWrite, recordOutcome } from '../../core/lifecycle/transitions.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { sweepDigest } from '../../reports/digest.ts';
import type { NoticeItem, WaitingItem } from '../../reports/notices/notice-item.ts';
import type { Run } from './run.ts';

/** A notice that stands in the ledger, and what is known about its credential. */
export interface Telling {
  readonly state: CredentialState;
  /** Absent for a notice of an earlier sweep. */
  readonly decision?: Decision;
  readonly write: LedgerWrite;
}

export interface Announcement {
  /** Id under which the ledger keeps whether this digest went out. */
  readonly id: string;
  readonly tellings: readonly Telling[];
  readonly owners: Owners;
  readonly waiting?: { readonly deferred: readonly WaitingItem[]; readonly overdue: readonly WaitingItem[] };
  readonly isCorrection?: boolean;
}

/**
 * Notices about deeds that were announced in the sweep's own digest, and did not happen, go out under an id of their
 * own: a crash before they do must not look as if they had gone out with the first one.
 */
export function correctionsId(sweep: string): string {
  return `${sweep}/corrections`;
}

/**
 * Tells people, in one message, and lets the ledger know that it is out: at the moment that this answers with. Nothing
 * to tell is nothing to write.
 *
 * @throws KeysweepError where the message could not be handed over or the ledger could not be written
 */
export async function announce(run: Run, announcement: Announcement): Promise<Date | undefined> {
  const { id, tellings, owners, waiting = { deferred: [], overdue: [] }, isCorrection = false } = announcement;
  const told = tellings.filter(({ write }) => write.entry.notice?.sweep === id);
  if (told.length === 0) return undefined;
  const { ports, policy, snapshot, startedAt, sweep } = run;
  if (ports.notifier !== undefined) {
    const digest = sweepDigest({
      account: snapshot.audit.account,
      now: startedAt,
      sweep,
      mode: policy.mode,
      items: told.map((telling) => toItem(telling, owners, policy)),
      ...waiting,
      isCorrection,
    });
    if (digest !== undefined) await ports.notifier.publish(digest);
  }
  const digestAt = ports.clock.now();
  await ports.ledger.writeSweep({ ...sweepRecord(run, id), digestAt });
  return digestAt;
}

/** The record of a sweep, or of its corrections, as it begins. */
export function sweepRecord({ snapshot, startedAt }: Run, id: string): SweepRecord {
  return { account: snapshot.audit.account.id, id, startedAt, expiresAt: addTo(startedAt, sweepRetention) };
}

/** The owner of each user's credentials, by the user's name. */
export type Owners = ReadonlyMap<string, string>;

/** From the owner tag of the users who will be told about. One whose tags cannot be read is told about without it. */
export async function readOwners(run: Run, states: readonly CredentialState[]): Promise<Owners> {
  const { ports, policy, snapshot } = run;
  if (ports.notifier === undefined) return new Map();
  const tags = new Map(
    states.flatMap(({ principal, tags }) => (tags.known ? [[principal.name, tags.value] as const] : [])),
  );
  const missing = states.filter(({ principal, sighting }) => sighting.kind !== 'gone' && !tags.has(principal.name));
  const names = [...new Set(missing.map(({ principal }) => principal.name))];
  const answers = names.length === 0 ? [] : await ports.source.userTags(names, snapshot.userNames.length);
  for (const [name, answer] of answers) if (answer.ok) tags.set(name, answer.value);
  const { ownerTag } = policy.notices;
  return new Map(
    [...tags].flatMap(([name, value]) => {
      const owner = Object.hasOwn(value, ownerTag) ? value[ownerTag] : undefined;
      return owner === undefined ? [] : [[name, owner] as const];
    }),
  );
}

function toItem(telling: Telling, owners: Owners, policy: Policy): NoticeItem {
  const { state, decision, write } = telling;
  const { principal, credential } = state;
  const owner = owners.get(principal.name);
  return {
    principal,
    credential,
    ...(owner === undefined ? {} : { owner }),
    // A notice of an earlier sweep is told without it: its event says only that it is told again.
    ...(decision === undefined ? {} : { why: write.event.detail }),
    ...factsOf(telling, policy),
  };
}

function factsOf(
  { state, decision, write: { entry, event } }: Telling,
  policy: Policy,
): Pick<NoticeItem, 'kind' | 'about' | 'by' | 'dueAt'> {
  const { deactivation, deletion, restoration, notice, intent } = entry;
  const kind = notice?.kind ?? 'resolved';
  switch (kind) {
    case 'first-notice':
    case 'reminder':
    case 'final-notice':
      return decision?.type === 'warn' ? { kind, about: decision.about, dueAt: decision.dueAt } : { kind };
    case 'deactivated': {
      if (decision?.type !== 'deactivate') return { kind, ...given(deactivation?.by, deactivation?.deleteAt) };
      const after = recordOutcome({ ...state, entry }, decision, policy, { now: event.at, sweep: event.sweep }).entry;
      return { kind, ...given('keysweep', after.deactivation?.deleteAt) };
    }
    case 'deleted':
      return { kind, ...given(intent?.action === 'delete' ? 'keysweep' : deletion?.by) };
    case 'restored':
      return { kind, ...given(restoration?.by) };
    case 'resolved':
    case 'held-back':
      return { kind };
  }
}

function given(by: NoticeItem['by'], dueAt?: Date): Pick<NoticeItem, 'by' | 'dueAt'> {
  return { ...(by === undefined ? {} : { by }), ...(dueAt === undefined ? {} : { dueAt }) };
}
