/**
 * The ledger: the durable record of stages and of every transition, keyed by account and credential id.
 * What keysweep may do to a credential rests on what stands here, never on what a tool guesses from dates in AWS.
 */
import type { RetirableKind } from '../kinds/kinds.ts';
import type { LifecycleRule } from '../kinds/rules.ts';
import type { Principal } from '../model.ts';
import type { DeliveryRecord } from '../outbox.ts';

/** Names one retirable credential for good: AWS does not give an id twice. */
export interface RetirableRef {
  readonly kind: RetirableKind;
  readonly id: string;
}

/**
 * Where a retirable credential stands. One without an entry is `compliant`. `deleted` is a tombstone: it stays, so that
 * the deletion can be proven.
 */
export type Stage = 'compliant' | 'warned' | 'deactivated' | 'restored' | 'deleted';

/** `keysweep`: this tool. `person`: anybody else, as seen from what IAM shows, or by `keysweep restore`. */
export type Actor = 'keysweep' | 'person';

/** People were notified that something comes later than promised, or not at all for now: the policy was relaxed. */
export interface Deferral {
  /** When that notice was recorded. */
  readonly at: Date;
  /** The new date, which is a promise as well. Absent: for as long as the policy stays so, not at all. */
  readonly to?: Date;
}

/** What is on record of the last final notice that was given while the policy's mode was `enforce`. No change without one. */
export interface FinalNotice {
  readonly finalNoticeAt?: Date;
  /** The beginning of the night that it named, or a later one that a notice since has named; no change before it. */
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
   * `rotate`: it was said that the credential is in use and stays on; `remove`: that its owner is to remove it, because
   * keysweep never does; `unknown`: that no one can tell. No change by such a warning, whose clock is not that of a
   * deactivation.
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
  /** The last use that was known when it was decided on: IAM shows a use with a delay. Absent where none was. */
  readonly lastUseAt?: Date;
  /** It was in use, and deactivated because the policy said `deactivateInUse`. */
  readonly inUse?: true;
  readonly deferral?: Deferral;
  /** The last notice of the deletion. */
  readonly lastNoticeAt?: Date;
}

/** When a credential was reactivated, and as far as it is known by whom and why. */
export interface Restoration {
  readonly at: Date;
  readonly by: Actor;
  /** Who said so, with `keysweep restore`. */
  readonly who?: string;
  readonly why?: string;
}

/** A write to IAM that was about to happen. Recorded before the call, cleared with the outcome. */
export interface Intent {
  readonly action: 'deactivate' | 'delete' | 'restore';
  readonly at: Date;
  /** Id of the sweep that meant to do it. */
  readonly sweep: string;
  /** Of a deactivation: see {@link Deactivation}. */
  readonly lastUseAt?: Date;
  readonly inUse?: true;
}

/** A change that a sweep has begun: its intent is recorded, its outcome is not. */
export interface BegunChange {
  readonly action: 'deactivate' | 'delete';
  readonly at: Date;
}

/** A change that AWS denied, be it by a service control policy or because the role lacks the permission. */
export interface Blocked {
  readonly action: 'deactivate' | 'delete';
  /** The first denial in a row. */
  readonly since: Date;
  readonly lastAttemptAt: Date;
  /** What AWS said, for people. */
  readonly why: string;
}

/**
 * What people are to be notified of. `late-use`: it was in use when it was deactivated, which IAM showed only afterwards.
 * `deferred`: what was promised comes later, or not at all for now, because the policy was relaxed.
 * `still-waiting`: its change is due, and its final notice deferred by a cap. `blocked`: AWS denied the change.
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
 * A notice that was recorded with its transition. It is pending until the record of its sweep says that it was
 * delivered; while it is not, a later sweep takes it into its own digest.
 */
export interface PendingNotice {
  readonly kind: NoticeKind;
  readonly sweep: string;
}

/** The state of one credential. */
export interface LedgerEntry {
  readonly account: string;
  readonly credential: RetirableRef;
  /** As it was called when this was written; it may have been given another name or path since. */
  readonly principal: Principal;
  /** IAM's id of the user, which no name given again can take over. Absent: never read. */
  readonly userId?: string;
  /** When the credential was created; its age counts from here through every stage. */
  readonly createdAt: Date;
  /** 1 for the first write, one more with each. A write is refused unless it follows the version in the ledger. */
  readonly version: number;
  readonly stage: Stage;
  /** When the stage was entered. */
  readonly since: Date;
  readonly updatedAt: Date;
  /** The rules that led to the stage: nothing is done to the credential unless one of them still condemns it. */
  readonly rules: readonly LifecycleRule[];
  readonly warning?: Warning;
  readonly deactivation?: Deactivation;
  /** The last one; stays until the credential is deactivated again. */
  readonly restoration?: Restoration;
  /** When keysweep last deactivated it. Stays when someone reactivates it: the caps of that night keep counting it. */
  readonly lastDeactivationAt?: Date;
  readonly deletion?: { readonly at: Date; readonly by: Actor };
  readonly intent?: Intent;
  /** Stays until keysweep has made that change. */
  readonly blocked?: Blocked;
  readonly notice?: PendingNotice;
}

/** One transition, as it happened; never changed afterwards. */
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
 * One sweep, for history and for what of its notices was delivered: of a sweep, {@link DeliveryRecord} is about its digest
 * and holds ids of credentials. Kept for a time only.
 */
export interface SweepRecord extends DeliveryRecord {
  readonly account: string;
  readonly id: string;
  readonly startedAt: Date;
  readonly endedAt?: Date;
  /** The operator said, with `--no-notify`, that people are notified in another way: that is why the notices count. */
  readonly notifiedBy?: 'operator';
  readonly outcome?: 'complete' | 'partial' | 'failed';
  /** After this the record may go. */
  readonly expiresAt: Date;
}

/**
 * The newest snapshot that opened a sweep of an account: one record an account. A snapshot opens one sweep; a retry
 * resumes that sweep until it is closed. Neither that snapshot nor an older one leads to anything after that.
 */
export interface SweptSnapshot {
  readonly account: string;
  /** Id of the snapshot. */
  readonly id: string;
  /** The moment of its audit. */
  readonly asOf: Date;
  readonly openedAt: Date;
  /** Ids of those that opened a sweep before it, the latest first, as far back as an event may still come. */
  readonly earlier: readonly string[];
  /** Absent while its sweep is under way, or has failed. */
  readonly closedAt?: Date;
  /** 1 for the first write, one more with each, whatever the snapshot. */
  readonly version: number;
}

/**
 * An entry that is there, and cannot be understood: edited by hand, say, or written by a newer keysweep. Its credential
 * may have been warned, deactivated or deleted, so it is not to be taken for one without an entry.
 */
export interface DamagedEntry {
  readonly credential: RetirableRef;
  /** As the damaged record has it, where that much can be read: for people, and no ground for a decision. */
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

/** Stores entries, events and sweeps. Adapters: a file, DynamoDB. Throws KeysweepError where it cannot be read or written. */
export interface Ledger {
  /**
   * Every entry of an account. One that is damaged does not hide the others; where it cannot even be notified whose entry it
   * is, LedgerCorrupt is thrown. A ledger that is good or bad as a whole has none of them.
   */
  entries(account: string): Promise<LedgerEntries>;
  /** Throws KeysweepError LedgerCorrupt or LedgerFromNewerVersion where the entry is damaged. */
  entry(account: string, credentialId: string): Promise<LedgerEntry | undefined>;
  /**
   * Writes an entry together with its event, both or neither. `conflict`: the ledger's version is not one less than
   * the entry's; nothing was written. Once it resolves with `written`, a crash cannot lose it.
   */
  write(entry: LedgerEntry, event: LedgerEvent): Promise<'written' | 'conflict'>;
  /** Every event of a credential, the oldest first. */
  events(account: string, credentialId: string): Promise<readonly LedgerEvent[]>;
  sweep(account: string, id: string): Promise<SweepRecord | undefined>;
  /** Writes or replaces the record of a sweep. */
  writeSweep(record: SweepRecord): Promise<void>;
  /** The newest snapshot that opened a sweep; undefined before the first one. */
  sweptSnapshot(account: string): Promise<SweptSnapshot | undefined>;
  /** `conflict`: as of {@link write}. A repetition of a write that happened may be one with itself. */
  writeSweptSnapshot(record: SweptSnapshot): Promise<'written' | 'conflict'>;
}
