/** The account in a forecast: its credentials, and how they change from night to night. */
import { messageOf } from '../error.ts';
import { lastUseAsOf } from '../future-dates.ts';
import { kindOf } from '../kinds/kinds.ts';
import { isSameSecond, matchSlot } from '../match-slot.ts';
import type { LastUse, ObservedCredential } from '../model.ts';
import type { Policy } from '../policy/policy.ts';
import { limitsOf, possibleThresholds } from '../policy/thresholds.ts';
import { userOfDamaged } from './damaged.ts';
import { isChange } from './decision.ts';
import type { Item } from './item.ts';
import { buildStates, liveStatusOf } from './join.ts';
import type { DamagedEntry, LedgerEntry } from './ledger.ts';
import { hasPendingNotice } from './pending.ts';
import { prepareWrite } from './prepare.ts';
import type { Remembered } from './remembered.ts';
import type { Snapshot, SnapshotUser } from './snapshot.ts';
import type { CredentialState, LiveStatus } from './state.ts';
import { recordOutcome } from './transitions.ts';

/**
 * What the model assumes. `continue`: every key that was used within the in-use window is used every night, from the second
 * night on. `stop`: no key is used again.
 */
export type UseAssumption = 'continue' | 'stop';

/** What a recheck showed, by credential id: it replaces what the snapshot shows. */
export type FreshLiveStatuses = ReadonlyMap<string, LiveStatus>;

export interface ModelOptions {
  /** The first night that is modelled. */
  readonly from: Date;
  readonly use: UseAssumption;
  /** For the credentials that need one; see {@link needsLiveStatus}. Without it they stay unknown. */
  readonly liveStatuses?: FreshLiveStatuses;
}

/** A key in the model, which changes from night to night. */
export interface ModelKey {
  readonly base: CredentialState;
  /** The key is assumed to be used in every night after this one; absent: it is assumed to be unused from now on. */
  readonly usedAfter?: Date;
  /** The report shows it as active, whatever else is unknown about it: caps in percent count it. */
  readonly isActiveUnjudged: boolean;
  liveStatus: LiveStatus;
  entry: LedgerEntry | undefined;
  /**
   * The entry has an undelivered notice or a change that was begun: decisions do not rest on it as it is, and it is written
   * even if it is skipped. Few entries are open, and none for long.
   */
  isOpen: boolean;
}

/** Every credential of the snapshot with its entry, and every entry whose key no longer exists, as on the first night. */
export function modelKeys(
  snapshot: Snapshot,
  { entries, damaged, sweeps }: Remembered,
  policy: Policy,
  options: ModelOptions,
): readonly ModelKey[] {
  const isOpen = (entry: LedgerEntry) => entry.intent !== undefined || hasPendingNotice(entry, sweeps, options.from);
  const open = new Set(entries.filter(isOpen));
  const states = buildStates(snapshot, entries, damaged).filter(({ entry }) => entry !== undefined);
  const stateById = new Map(states.map((state) => [state.credential.id, state]));
  const entriesByUser = groupByUser(entries);
  const damagedOf = damagedBy(damaged, snapshot);
  const placed = new Set<string>();
  const inAccount = snapshot.users.flatMap((user) => {
    const ofUser = entriesByUser.get(user.principal.name.toLowerCase()) ?? [];
    return user.credentials.filter(hasLifecycle).map((key) => {
      const id = key.ref.id ?? idOfSlot(key, user.credentials, ofUser);
      const state = id === undefined ? undefined : stateById.get(id);
      if (state === undefined) {
        return modelKey(
          stateWithoutEntry(snapshot, user, key, doubtOf(key, ofUser, damagedOf(user))),
          key,
          policy,
          options,
        );
      }
      placed.add(state.credential.id);
      return modelKey(state, key, policy, options);
    });
  });
  const elsewhere = states.filter(({ credential, entry }) => {
    return entry?.stage !== 'deleted' && !placed.has(credential.id);
  });
  const all = [...inAccount, ...elsewhere.map((state) => modelKey(state, undefined, policy, options))];
  for (const key of all) key.isOpen = key.entry !== undefined && open.has(key.entry);
  return all;
}

/** There is nothing to forecast for kinds that have only findings. */
function hasLifecycle({ ref }: ObservedCredential): boolean {
  return kindOf(ref.kind).off !== 'none';
}

function modelKey(
  state: CredentialState,
  key: ObservedCredential | undefined,
  policy: Policy,
  { from, use, liveStatuses }: ModelOptions,
): ModelKey {
  const { entry, ...known } = state;
  const seen = liveStatuses?.get(state.credential.id) ?? state.liveStatus;
  const isUsed = use === 'continue' ? isInUse(known, seen, policy, from) : false;
  const liveStatus: LiveStatus =
    isUsed === undefined ? { kind: 'unknown', why: 'an override may apply, but cannot be evaluated' } : seen;
  const isActive = key?.status.known === true && key.status.value === 'Active';
  return {
    base: { ...known, liveStatus, findings: [] },
    ...(isUsed === true ? { usedAfter: from } : {}),
    isActiveUnjudged: liveStatus.kind === 'unknown' && isActive,
    liveStatus,
    entry,
    isOpen: false,
  };
}

/** Whether an active key was used within the in-use window; undefined if that depends on an undecided match. */
function isInUse(
  { account, principal, tags, credential }: CredentialState,
  liveStatus: LiveStatus,
  policy: Policy,
  from: Date,
): boolean | undefined {
  if (liveStatus.kind !== 'seen' || liveStatus.status !== 'Active') return false;
  const lastUse = lastUseAsOf(liveStatus.lastUse, from);
  if (lastUse.kind !== 'used') return false;
  const idle = from.getTime() - lastUse.at.getTime();
  const thresholds = possibleThresholds(policy, { account, principal, tags, credential });
  const windows = thresholds.map((one) => limitsOf(one, credential.kind).inUseWindow);
  const [answer, ...others] = new Set(windows.map((window) => idle < window));
  return others.length === 0 ? answer : undefined;
}

/** The state of a key that the ledger does not know, or may know (then `doubt` says why that is unknown). */
function stateWithoutEntry(
  { audit }: Snapshot,
  { principal, tags }: SnapshotUser,
  key: ObservedCredential,
  doubt: string | undefined,
): CredentialState {
  const { kind, id, slot } = key.ref;
  return {
    account: audit.account.id,
    principal,
    credential: { kind, id: id ?? `${principal.name} (${kindOf(kind).noun.one} ${slot ?? '?'})` },
    tags,
    liveStatus: doubt === undefined ? liveStatusOf(key) : { kind: 'unknown', why: doubt },
    findings: [],
  };
}

/** Why it is unknown what the ledger says about a key that matches no single entry; undefined if it says nothing. */
function doubtOf(
  key: ObservedCredential,
  ofUser: readonly LedgerEntry[],
  damaged: readonly DamagedEntry[],
): string | undefined {
  const { id } = key.ref;
  if (id !== undefined) return damaged.find(({ credential }) => credential.id === id)?.why;
  if (ofUser.some((entry) => mayBe(entry, key)))
    return `the ledger has a ${kindOf(key.ref.kind).noun.short} created in the same second, and the report does not show whether it is this one`;
  const [perhaps] = damaged.filter(({ credential }) => credential.kind === key.ref.kind);
  return perhaps && `it may be ${perhaps.credential.id}: ${perhaps.why}`;
}

/** The damaged entries of the keys of each user. */
function damagedBy(
  damaged: readonly DamagedEntry[],
  snapshot: Snapshot,
): (user: SnapshotUser) => readonly DamagedEntry[] {
  const holders = damaged.map((one) => ({ one, name: userOfDamaged(one, snapshot).name.toLowerCase() }));
  return ({ principal }) => {
    if (holders.length === 0) return [];
    return holders.filter(({ name }) => name === principal.name.toLowerCase()).map(({ one }) => one);
  };
}

function groupByUser(entries: readonly LedgerEntry[]): ReadonlyMap<string, readonly LedgerEntry[]> {
  const byUser = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const name = entry.principal.name.toLowerCase();
    const group = byUser.get(name);
    if (group === undefined) byUser.set(name, [entry]);
    else group.push(entry);
  }
  return byUser;
}

/** The id of the entry that certainly belongs to this slot. */
function idOfSlot(
  slot: ObservedCredential,
  slots: readonly ObservedCredential[],
  ofUser: readonly LedgerEntry[],
): string | undefined {
  const entries = ofUser.filter((entry) => mayBe(entry, slot));
  const ofKind = slots.filter(({ ref }) => ref.kind === slot.ref.kind);
  return entries.find((entry) => {
    const match = matchSlot(
      entry.createdAt,
      ofKind,
      entries.map(({ createdAt }) => createdAt),
    );
    return match.kind === 'one' && match.slot === slot;
  })?.credential.id;
}

function mayBe(
  { credential, stage, createdAt: recorded }: LedgerEntry,
  { ref, createdAt }: ObservedCredential,
): boolean {
  if (credential.kind !== ref.kind) return false;
  return stage !== 'deleted' && createdAt.known && isSameSecond(recorded, createdAt.value);
}

/**
 * Whether the key is assumed to be used tonight. The first night needs no assumption: it rests on what is seen, as a sweep
 * at that moment does.
 */
export function isUsedTonight({ usedAfter, liveStatus }: ModelKey, now: Date): boolean {
  return usedAfter !== undefined && now > usedAfter && liveStatus.kind === 'seen' && liveStatus.status === 'Active';
}

export function useTonight(key: ModelKey, now: Date): void {
  if (!isUsedTonight(key, now) || key.liveStatus.kind !== 'seen') return;
  const lastUse: LastUse = { kind: 'used', at: now };
  key.liveStatus = { ...key.liveStatus, lastUse };
}

/** The number of active credentials that can be deactivated: the base of a cap in percent. */
export function countModelled(keys: readonly ModelKey[]): number {
  return keys.filter(({ base, liveStatus, isActiveUnjudged }) => {
    if (kindOf(base.credential.kind).off !== 'status') return false;
    return isActiveUnjudged || (liveStatus.kind === 'seen' && liveStatus.status === 'Active');
  }).length;
}

/** Whether there is nothing more to forecast for the key. */
export function isOver({ entry, liveStatus }: ModelKey): boolean {
  return entry?.stage === 'deleted' && liveStatus.kind !== 'seen';
}

/**
 * Does to the model what a sweep would do to the ledger and the account. If the entry does not allow the decision, nothing
 * happens, as in a sweep, and the result says why, for people.
 */
export function carryOut(key: ModelKey, item: Item, policy: Policy, now: Date): string | undefined {
  const moment = { now, sweep: modelledSweep(now) };
  const { state, decision } = item;
  try {
    const write = prepareWrite(item, policy, moment);
    if (write === undefined) return undefined;
    key.entry = write.entry;
    if (!isChange(decision)) return undefined;
    key.entry = recordOutcome({ ...state, entry: write.entry }, decision, policy, moment).entry;
  } catch (error) {
    return messageOf(error);
  } finally {
    // The digest is assumed to be delivered: nothing that the model has written is pending.
    if (key.entry !== state.entry) key.isOpen = key.entry?.intent !== undefined;
  }
  if (decision.type === 'delete') key.liveStatus = { kind: 'not-found' };
  else if (key.liveStatus.kind === 'seen') key.liveStatus = { ...key.liveStatus, status: 'Inactive' };
  return undefined;
}

/** The id of the sweep in a modeled night. */
export function modelledSweep(now: Date): string {
  return now.toISOString();
}
