/** Joins a snapshot with the ledger: one state for each credential that is in either of them. */
import { given } from '../given.ts';
import { kindOf, type RetirableKind } from '../kinds/kinds.ts';
import { isLifecycleRule } from '../kinds/rules.ts';
import { plausibleUse } from '../last-use.ts';
import { matchSlot } from '../match-slot.ts';
import type { Audit, Finding, LastUse, ObservedCredential } from '../model.ts';
import { skipDamaged } from './damaged.ts';
import type { Item } from './item.ts';
import type { DamagedEntry, LedgerEntries, LedgerEntry } from './ledger.ts';
import { isInScope, type Snapshot, type SnapshotUser } from './snapshot.ts';
import type { CredentialState, LiveStatus } from './state.ts';
import { findUnjudged, type UnjudgedCredential } from './unjudged.ts';

/** A snapshot and a ledger combined: what a sweep starts from. */
export interface Joined {
  readonly audit: AuditFacts;
  readonly states: readonly CredentialState[];
  /** Credentials whose entry cannot be read. */
  readonly damaged: readonly Item[];
  /** Credentials that could not be judged and have no state, because their ids are unknown; see {@link stillUnjudged}. */
  readonly unjudged: readonly UnjudgedCredential[];
}

/** What a sweep must know about the audit besides the credentials. */
export interface AuditFacts extends Pick<Audit, 'asOf' | 'report' | 'missingUsers' | 'usage'> {
  /** The number of users in the account. */
  readonly users: number;
  /** The number of active credentials, of every kind, that can be deactivated: the base of caps in percent. */
  readonly inScope: number;
}

export function joinLedger(snapshot: Snapshot, { entries, damaged }: LedgerEntries): Joined {
  return {
    states: buildStates(snapshot, entries, damaged),
    audit: factsOf(snapshot),
    damaged: skipDamaged(snapshot, damaged),
    unjudged: findUnjudged(snapshot),
  };
}

function factsOf({ audit, users, userNames }: Snapshot): AuditFacts {
  const { asOf, report, missingUsers, usage } = audit;
  return {
    asOf,
    report,
    users: userNames.length,
    inScope: users.flatMap(({ credentials }) => credentials).filter(isInScope).length,
    ...given({ missingUsers, usage }),
  };
}

/**
 * The states for a plan: every credential with a lifecycle finding or a ledger entry.
 *
 * A ledger entry whose key has no id in the snapshot (its user had no finding, so the keys were not listed) is matched by its
 * creation second. If that is ambiguous, its live status is unknown and must be rechecked.
 *
 * @param damaged credentials whose entry cannot be read: they get no state here, see damaged.ts
 */
export function buildStates(
  snapshot: Snapshot,
  entries: readonly LedgerEntry[],
  damaged: readonly DamagedEntry[] = [],
): readonly CredentialState[] {
  const account = snapshot.audit.account.id;
  const findingsById = groupFindings(snapshot.audit.findings);
  const entryById = new Map(entries.map((entry) => [entry.credential.id, entry]));
  const hidden = new Set(damaged.map(({ credential }) => credential.id));
  const named = snapshot.users.flatMap((user) =>
    user.credentials.flatMap((key): CredentialState[] => {
      const { kind, id } = key.ref;
      const entry = id === undefined ? undefined : entryById.get(id);
      const findings = id === undefined ? undefined : findingsById.get(id);
      if (id === undefined || (entry === undefined && findings === undefined) || hidden.has(id)) return [];
      return [
        {
          account,
          principal: user.principal,
          credential: { kind, id },
          tags: user.tags,
          liveStatus: entry === undefined ? liveStatusOf(key) : liveStatusSince(entry, key, snapshot),
          findings: findings ?? [],
          ...given({ entry }),
        },
      ];
    }),
  );
  const seen = new Set(named.map(({ credential }) => credential.id));
  const listed = new Set(snapshot.users.flatMap(({ credentials }) => credentials.map(({ ref }) => ref.id)));
  const isAnyHidden = (kind: RetirableKind) => {
    return damaged.some(({ credential }) => credential.kind === kind && !listed.has(credential.id));
  };
  const usersByName = new Map(snapshot.users.map((user) => [user.principal.name.toLowerCase(), user]));
  const userNames = new Set(snapshot.userNames);
  const remembered = entries
    .filter(({ credential }) => !seen.has(credential.id))
    .map((entry): CredentialState => {
      const name = entry.principal.name.toLowerCase();
      const user = usersByName.get(name);
      return {
        account,
        // Its path or the case of its name may have changed since the entry was written, and exemptions match them.
        principal: user?.principal ?? entry.principal,
        credential: entry.credential,
        tags: user?.tags ?? { known: false, why: 'the tags were not read' },
        liveStatus:
          mayExist(entry) && userNames.has(name)
            ? findUnnamed(entry, user, entries, isAnyHidden(entry.credential.kind), snapshot)
            : { kind: 'not-found' },
        findings: [],
        entry,
      };
    });
  return [...named, ...remembered];
}

function groupFindings(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const byId = new Map<string, Finding[]>();
  for (const finding of findings) {
    const id = finding.credential?.id;
    if (id === undefined || finding.principal.kind !== 'user' || !isLifecycleRule(finding.rule)) continue;
    const group = byId.get(id);
    if (group === undefined) byId.set(id, [finding]);
    else group.push(finding);
  }
  return byId;
}

/** The live status of an observed key; unknown if a live read did not confirm the report. */
export function liveStatusOf(key: ObservedCredential): LiveStatus {
  const { status, createdAt, unverified, lastUseUnverified } = key;
  if (unverified !== undefined) return { kind: 'unknown', why: unverified };
  if (!status.known) return { kind: 'unknown', why: status.why };
  if (!createdAt.known) return { kind: 'unknown', why: createdAt.why };
  // What could not be confirmed may be out of date: the key may have been used since.
  const lastUse: LastUse =
    lastUseUnverified === undefined
      ? plausibleUse(key.lastUse, createdAt.value)
      : { kind: 'unknown', why: lastUseUnverified };
  return { kind: 'seen', status: status.value, createdAt: createdAt.value, lastUse };
}

/**
 * The same for a credential with a ledger entry. If it was deactivated and has been seen active since, it counts as seen
 * even if something else about it could not be read: a deletion requires that it was inactive at every sweep. If it was seen
 * active only before its deactivation, its status is unknown, and if it was seen only before its deletion, it no longer
 * exists: the audit or its report may be older than the change if an event arrives twice or late.
 */
function liveStatusSince(entry: LedgerEntry, key: ObservedCredential, { audit }: Snapshot): LiveStatus {
  const liveStatus = liveStatusOf(key);
  const { status, createdAt, source, unverified } = key;
  const seenAt = source === 'live' ? audit.asOf : audit.report.generatedAt;
  const deletedAt = entry.stage === 'deleted' ? entry.deletion?.at : undefined;
  if (deletedAt !== undefined && seenAt !== undefined && seenAt <= deletedAt) return { kind: 'not-found' };
  const since = entry.stage === 'deactivated' ? entry.deactivation?.at : undefined;
  if (since === undefined || !status.known || status.value !== 'Active') return liveStatus;
  if (seenAt === undefined || seenAt <= since)
    return { kind: 'unknown', why: 'it was last seen active before its deactivation', refresh: true };
  if (liveStatus.kind !== 'unknown' || unverified === undefined || !createdAt.known) return liveStatus;
  return { kind: 'seen', status: 'Active', createdAt: createdAt.value, lastUse: { kind: 'unknown', why: unverified } };
}

/**
 * A key that is deleted according to the ledger is never matched to keys without ids: the report may be from before its
 * deletion, and the user’s other key may have been created in the same second.
 */
function mayExist({ stage }: LedgerEntry): boolean {
  return stage !== 'deleted';
}

/**
 * The key of an entry among the keys that the report shows without ids.
 * @param isAnyHidden a key whose entry is damaged may be among them, whose user and age are unknown
 */
function findUnnamed(
  entry: LedgerEntry,
  user: SnapshotUser | undefined,
  entries: readonly LedgerEntry[],
  isAnyHidden: boolean,
  snapshot: Snapshot,
): LiveStatus {
  const { kind } = entry.credential;
  if (user?.unreadable !== undefined) return { kind: 'unknown', why: user.unreadable };
  const keys = (user?.credentials ?? []).filter(({ ref }) => ref.kind === kind);
  // The user's keys were listed, and this one was not among them.
  if (keys.length > 0 && keys.every(({ ref }) => ref.id !== undefined)) return { kind: 'not-found' };
  const hidden = user?.incomplete?.[kind];
  if (hidden !== undefined) return { kind: 'unknown', why: hidden, refresh: true };
  const named = entries.filter((other) => isOfSameUser(other, entry)).map(({ createdAt }) => createdAt);
  const match = matchSlot(entry.createdAt, keys, named);
  if (match.kind === 'none') return { kind: 'not-found' };
  if (match.kind === 'one' && !isAnyHidden) return liveStatusSince(entry, match.slot, snapshot);
  const why = `the ${kindOf(kind).noun.short} matches no single slot of the credential report`;
  return { kind: 'unknown', why, refresh: true };
}

/** Of the same kind and user, and not known to be deleted. */
function isOfSameUser(other: LedgerEntry, { credential, principal }: LedgerEntry): boolean {
  return (
    mayExist(other) &&
    other.credential.kind === credential.kind &&
    other.principal.name.toLowerCase() === principal.name.toLowerCase()
  );
}
