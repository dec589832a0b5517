/**
 * The ledger: the durable record of stages and of every transition, keyed by account and credential id.
 * What keysweep may do to a credential rests on these records, never on guesses from dates in AWS.
 */
import type { RetirableKind } from '../kinds/kinds.ts';
import type { LifecycleRule } from '../kinds/rules.ts';
import type { Principal } from '../model.ts';
import type { DeliveryRecord } from '../outbox.ts';

/** Identifies one retirable credential permanently: AWS never reuses an id. */
export interface RetirableRef {
  readonly kind: RetirableKind;
  readonly id: string;
}

/**
 * Where a retirable credential is in its lifecycle. Without an entry it is `compliant`. `deleted` is a tombstone: it is kept,
 * so that the deletion can be proven.
 */
export type Stage = 'compliant' | 'warned' | 'deactivated' | 'restored' | 'deleted';

/** `keysweep`: this tool. `person`: anyone else, as IAM shows, or with `keysweep restore`. */
export type Actor = 'keysweep' | 'person';

/** People were notified that a change comes later than promised, or not at all for now, because the policy was relaxed. */
export interface Deferral {
  /** When that notice was recorded. */
  readonly at: Date;
  /** The new date, which is also a promise. Absent: not at all under this policy. */
  readonly to?: Date;
}

/** The last final notice that was given while the policy's mode was `enforce`. There is no change without one. */
export interface FinalNotice {
  readonly finalNoticeAt?: Date;
  /** The start of the night that it named, or of a later night that a notice has named since; no change before it. */
  readonly promisedNight?: Date;
}

/** The warning period of a credential in stage `warned`. */
export interface Warning extends FinalNotice {
  /** The first notice; it starts the clock. */
  readonly firstNoticeAt: Date;
  readonly lastNoticeAt: Date;
  /** firstNoticeAt plus the warning period of the policy at that time: no change in a night that begins before it. */
  readonly deactivateAt: Date;
  /**
   * What the warning said if it announced no deactivation. `rotate`: the credential is in use and stays active. `remove`: the
   * owner should remove it, because keysweep never does. `unknown`: it is unknown whether it is in use. Such a warning does
   * not lead to a change.
   */
  readonly about?: 'rotate' | 'remove' | 'unknown';
  readonly deferral?: Deferral;
}

/** The recorded deactivation of a credential in stage `deactivated`. */
export interface Deactivation extends FinalNotice {
  /** When keysweep deactivated it, or first saw it Inactive. */
  readonly at: Date;
  readonly by: Actor;
  /** `at` plus `deleteAfter` of the policy at that time: no deletion in a night that begins before it. */
  readonly deleteAt: Date;
  /** The last use that was known at the time of the decision: IAM shows uses with a delay. Absent if none was known. */
  readonly lastUseAt?: Date;
  /** It was in use, and deactivated because the policy said `deactivateInUse`. */
  readonly inUse?: true;
  readonly deferral?: Deferral;
  /** The last notice of the deletion. */
  readonly lastNoticeAt?: Date;
}

/** When a credential was reactivated, and by whom and why, if known. */
export interface Restoration {
  readonly at: Date;
  readonly by: Actor;
  /** Who ran `keysweep restore`. */
  readonly who?: string;
  readonly why?: string;
}

/** A write to IAM that was about to happen. Recorded before the call, cleared with the outcome. */
export interface Intent {
  readonly action: 'deactivate' | 'delete' | 'restore';
  readonly at: Date;
  /** Id of the sweep that intended it. */
  readonly sweep: string;
  /** For a deactivation: see {@link Deactivation}. */
  readonly lastUseAt?: Date;
  readonly inUse?: true;
}

/** A change that a sweep has begun: its intent is recorded, its outcome is not. */
export interface BegunChange {
  readonly action: 'deactivate' | 'delete';
  readonly at: Date;
}

/** A change that AWS denied, for example by a service control policy or because the role lacks the permission. */
export interface Blocked {
  readonly action: 'deactivate' | 'delete';
  /** The first denial in a row. */
  readonly since: Date;
  readonly lastAttemptAt: Date;
  /** What AWS said, for people. */
  readonly why: string;
}

/**
 * What a notice says. `late-use`: the credential was in use when it was deactivated, but IAM showed that only afterward.
 * `deferred`: the promised change comes later, or not at all for now, because the policy was relaxed. `still-waiting`: the
 * change is due, but a cap defers its final notice. `blocked`: AWS denied the change.
 */
export const noticeKinds = [
  'first-notice',
  'reminder',
  'final-notice',
  'deferred',
  'still-waiting',
  'deactivated',
  'deleted',
  'restored',
  'resolved',
  'not-applied',
  'blocked',
  'late-use',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/**
 * A notice that was recorded with its transition. It is pending until the record of its sweep says that it was delivered.
 * As long as it is not, a later sweep includes it in its own digest.
 */
export interface PendingNotice {
  readonly kind: NoticeKind;
  readonly sweep: string;
}

/** The state of one credential. */
export interface LedgerEntry {
  readonly account: string;
  readonly credential: RetirableRef;
  /** As of this write; its name or path may have changed since. */
  readonly principal: Principal;
  /** IAM's unique id of the user, which stays with this user even if its name is reused. Absent: never read. */
  readonly userId?: string;
  /** When the credential was created; its age counts from here through every stage. */
  readonly createdAt: Date;
  /** Starts at 1 and grows by one with each write. A write is refused unless it follows the version in the ledger. */
  readonly version: number;
  readonly stage: Stage;
  /** When the stage was entered. */
  readonly since: Date;
  readonly updatedAt: Date;
  /** The rules that led to the stage: nothing is done to the credential unless one of them still fails. */
  readonly rules: readonly LifecycleRule[];
  readonly warning?: Warning;
  readonly deactivation?: Deactivation;
  /** The last one; kept until the credential is deactivated again. */
  readonly restoration?: Restoration;
  /** When keysweep last deactivated it. Kept when someone reactivates it: the caps of that night keep counting it. */
  readonly lastDeactivationAt?: Date;
  readonly deletion?: { readonly at: Date; readonly by: Actor };
  readonly intent?: Intent;
  /** Kept until keysweep has made the change. */
  readonly blocked?: Blocked;
  readonly notice?: PendingNotice;
}

/** One transition; never changed afterward. */
export interface LedgerEvent {
  readonly account: string;
  readonly credential: RetirableRef;
  /** The version of the entry that was written with it: events of one credential are ordered by it. */
  readonly version: number;
  readonly at: Date;
  readonly sweep: string;
  readonly type:
    | 'warned'
    | 'reminded'
    | 'deferred'
    | 'deactivation-intended'
    | 'deactivated'
    | 'deletion-intended'
    | 'deleted'
    | 'restoration-intended'
    | 'restored'
    | 'resolved'
    | 'not-applied'
    | 'late-use';
  readonly by: Actor;
  readonly from: Stage;
  readonly to: Stage;
  /** One line for people. */
  readonly detail: string;
}

/**
 * One sweep, for the history and for the delivery of its notices: here {@link DeliveryRecord} is about the digest, and its ids
 * are those of credentials. It expires.
 */
export interface SweepRecord extends DeliveryRecord {
  readonly account: string;
  readonly id: string;
  readonly startedAt: Date;
  readonly endedAt?: Date;
  /** The operator said with `--no-notify` that people are notified in another way, so the notices count as delivered. */
  readonly notifiedBy?: 'operator';
  readonly outcome?: 'complete' | 'partial' | 'failed';
  /** After this the record may be deleted. */
  readonly expiresAt: Date;
}

/**
 * The newest snapshot that opened a sweep of an account: one record per account. A snapshot opens one sweep, and a retry
 * resumes that sweep until it is closed. After that, neither this snapshot nor an older one leads to anything.
 */
export interface SweptSnapshot {
  readonly account: string;
  /** Id of the snapshot. */
  readonly id: string;
  /** The moment of its audit. */
  readonly asOf: Date;
  readonly openedAt: Date;
  /** Ids of earlier snapshots that opened a sweep, the latest first, as far back as an event may still arrive. */
  readonly earlier: readonly string[];
  /** Absent while its sweep is under way, or if it failed. */
  readonly closedAt?: Date;
  /** Starts at 1 and grows by one with each write, for all snapshots. */
  readonly version: number;
}

/**
 * An entry that exists but cannot be read, for example because it was edited by hand or written by a newer keysweep. Its
 * credential may have been warned, deactivated or deleted, so it must not be treated as one without an entry.
 */
export interface DamagedEntry {
  readonly credential: RetirableRef;
  /** From the damaged record, if that part can be read: for people only, not for decisions. */
  readonly principal?: Principal;
  /** For people: where it is, and what is wrong with it. */
  readonly why: string;
}

/** The entries of an account. No credential is in both lists. */
export interface LedgerEntries {
  /** Tombstones included, ordered by credential id. */
  readonly entries: readonly LedgerEntry[];
  /** Ordered by credential id. */
  readonly damaged: readonly DamagedEntry[];
}

/** Stores entries, events and sweeps. Adapters: a file, DynamoDB. Throws KeysweepError if it cannot be read or written. */
export interface Ledger {
  /**
   * Every entry of an account. A damaged entry does not hide the others. If a damaged record does not even show which
   * credential it is about, LedgerCorrupt is thrown. A ledger that can be damaged only as a whole has no damaged entries.
   */
  entries(account: string): Promise<LedgerEntries>;
  /** Throws KeysweepError LedgerCorrupt or LedgerFromNewerVersion if the entry is damaged. */
  entry(account: string, credentialId: string): Promise<LedgerEntry | undefined>;
  /**
   * Writes an entry and its event, both or neither. `conflict`: the ledger's version is not one less than the entry's, and
   * nothing was written. Once it resolves with `written`, a crash cannot lose it.
   */
  write(entry: LedgerEntry, event: LedgerEvent): Promise<'written' | 'conflict'>;
  /** Every event of a credential, the oldest first. */
  events(account: string, credentialId: string): Promise<readonly LedgerEvent[]>;
  sweep(account: string, id: string): Promise<SweepRecord | undefined>;
  /** Writes or replaces the record of a sweep. */
  writeSweep(record: SweepRecord): Promise<void>;
  /** The newest snapshot that opened a sweep; undefined before the first one. */
  sweptSnapshot(account: string): Promise<SweptSnapshot | undefined>;
  /** `conflict`: as in {@link write}. Repeating a write that succeeded may conflict with itself. */
  writeSweptSnapshot(record: SweptSnapshot): Promise<'written' | 'conflict'>;
}
