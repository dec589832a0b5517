/** What the outside must offer to audits and sweeps. Adapters are in aws/ and files/; tests bring their own. */
import type { Subscription, SubscriptionDetails } from './channels/subscription.ts';
import type { KeysweepEvent } from './events.ts';
import type { OpenFindings } from './findings/open-findings.ts';
import type { RetirableKind } from './kinds/kinds.ts';
import type { RetirableRef } from './lifecycle/ledger.ts';
import type { Snapshot } from './lifecycle/snapshot.ts';
import type { Account, Known, LastUse, ObservedCredential, Principal, Tags } from './model.ts';
import type { Notice } from './notice.ts';

export type { Notice } from './notice.ts';

/** Why a live read gave no answer. The audit continues; what depends on the answer becomes a finding of status `error`. */
export interface ReadProblem {
  readonly code: 'access-denied' | 'not-found' | 'throttled' | 'unavailable' | 'unexpected';
  /** For people: `AccessDenied: the caller lacks iam:ListAccessKeys`. */
  readonly message: string;
}

/** The outcome of one live read: an answer, or why there is none. */
export type LiveRead<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: ReadProblem };

/** The credential report as AWS gave it. */
export interface ReportDocument {
  readonly content: Uint8Array;
  /** When AWS generated it; absent for a saved file. */
  readonly generatedAt?: Date;
  /** Why AWS generated no newer report, if it did not: this is the last one it had. */
  readonly notRenewed?: string;
}

/** A user as IAM has it now. */
export interface LiveUser {
  readonly principal: Principal;
  /** IAM's unique id: it differs even from that of an earlier or later user of the same name. */
  readonly userId: string;
  readonly tags: Tags;
}

/** A user as the list of all users shows it. */
export interface ListedUser {
  readonly principal: Principal;
  readonly createdAt: Date;
  /** The last sign-in with the password; absent if there was none, or if there is no password. */
  readonly passwordLastUsedAt?: Date;
}

/** The managed policies that one user has, by ARN. */
export interface AttachedPolicies {
  /** Attached to the user itself. */
  readonly direct: readonly string[];
  /** Attached to its groups. */
  readonly viaGroups: readonly string[];
}

/** What IAM shows of the root user now. Absent: it does not say. */
export interface RootFacts {
  readonly hasAccessKey?: boolean;
  readonly hasMfa?: boolean;
  readonly hasPassword?: boolean;
  readonly hasSigningCertificate?: boolean;
}

/** Reads of one account's credentials. Never writes. */
export interface CredentialSource {
  /** The account that is read. Throws KeysweepError if AWS does not know the caller. */
  account(): Promise<Account>;
  /** Its id alone, which takes one request less and no permission. Throws as {@link account} does. */
  accountId(): Promise<string>;
  /** Generates the credential report (if AWS considers it due) and fetches it. Throws KeysweepError when it times out. */
  credentialReport(): Promise<ReportDocument>;
  /** Of the root user, newer than the credential report. */
  rootFacts(): Promise<LiveRead<RootFacts>>;
  /** All credentials of one kind that one user has, as {@link observeListed} makes them. */
  credentials(kind: RetirableKind, userName: string): Promise<LiveRead<readonly ObservedCredential[]>>;
  /**
   * The last use of one credential of one user. A use that AWS attributes to another user is a problem. For a kind whose
   * use IAM does not track it is `untracked`, without a request.
   */
  lastUse(userName: string, credential: RetirableRef): Promise<LiveRead<LastUse>>;
  /** The current name of the user who has the credential. AWS denies the request for an access key that does not exist. */
  ownerOf(credential: RetirableRef): Promise<LiveRead<string>>;
  /** One user, by its current name. */
  user(userName: string): Promise<LiveRead<LiveUser>>;
  /** All users: one request for each 1,000. */
  users(): Promise<LiveRead<readonly ListedUser[]>>;
  /** The tags of the named users, with as few requests as possible; `accountUsers` is the number of users in the account. */
  userTags(userNames: readonly string[], accountUsers: number): Promise<ReadonlyMap<string, LiveRead<Tags>>>;
  /** The managed policies of the named users, with as few requests as possible. A user that AWS does not list is omitted. */
  attachedPolicies(userNames: readonly string[]): Promise<LiveRead<ReadonlyMap<string, AttachedPolicies>>>;
  /**
   * Names of the users to whom an AWS managed policy, given by its name, is attached directly. None if the partition of the
   * account has no such policy.
   */
  usersWithPolicy(awsPolicyName: string): Promise<LiveRead<readonly string[]>>;
  /** Requests sent so far by action (`iam:ListAccessKeys`), every attempt counted. */
  requests(): Readonly<Record<string, number>>;
}

/** Publishes messages to one topic. Whether people read them is another question: see core/channels. */
export interface Notifier {
  /** Every subscription, whatever its state, with every page read. */
  subscriptions(): Promise<LiveRead<readonly Subscription[]>>;
  /** What SNS says of one confirmed subscription, by its ARN. */
  subscriptionDetails(arn: string): Promise<LiveRead<SubscriptionDetails>>;
  /** Returns the id of the message. Throws KeysweepError if it could not be published. */
  publish(notice: Notice): Promise<{ readonly messageId: string }>;
  /** keysweep's own forwarder of the topic's messages, if there is one. */
  readonly forwarder?: Forwarder;
}

/** The subscriptions of one topic, for `keysweep channels`: nothing else in keysweep subscribes anyone. */
export interface TopicSubscriptions extends Pick<Notifier, 'subscriptions' | 'subscriptionDetails'> {
  /** Requests a subscription, which the recipient must confirm. Throws KeysweepError. */
  subscribe(channel: Pick<Subscription, 'protocol' | 'endpoint'>): Promise<void>;
}

/** The function that posts messages of a topic to Slack, as the publisher sees it. */
export interface Forwarder {
  readonly arn: string;
  /** Whether it has posted the message; waits a while for it. */
  hasPosted(messageId: string): Promise<LiveRead<boolean>>;
}

/** Where the forwarder records which messages it has posted. Throws KeysweepError. */
export interface ReceiptStore {
  write(messageId: string): Promise<void>;
  has(messageId: string): Promise<boolean>;
}

/** The time. Core never asks for it: it gets `now` as a parameter. */
export interface Clock {
  now(): Date;
}

/** How to wait. Injected, so that tests need no real time. */
export interface Timing {
  /** Resolves after `ms` milliseconds. */
  sleep(ms: number): Promise<void>;
  /** Milliseconds on a clock that never goes back. Only differences mean anything. */
  monotonic(): number;
  /** A number in [0, 1). */
  random(): number;
}

/** Why a write failed. */
export interface WriteProblem extends ReadProblem {
  /** What a person can do about it. */
  readonly hint?: string;
}

/** The outcome of a write to IAM. `not-found`: there is no such credential, which is what a deletion wants. */
export type WriteOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'failed'; readonly problem: WriteProblem };

/** Writes to IAM. Only the rotator and `keysweep restore` have one. Never throws because of one credential. */
export interface CredentialActions {
  setStatus(userName: string, credential: RetirableRef, status: 'Active' | 'Inactive'): Promise<WriteOutcome>;
  remove(userName: string, credential: RetirableRef): Promise<WriteOutcome>;
}

/** A full report or message, for people and auditors to look up later. */
export interface StoredReport {
  readonly account: Account;
  /** When it was made; part of its name. */
  readonly at: Date;
  /** What it is, with an extension: `audit.json`. Letters, digits, dots and hyphens. */
  readonly name: string;
  readonly text: string;
  readonly contentType: string;
}

/** Stores reports. Throws KeysweepError if one could not be stored. */
export interface ReportStore {
  /** Returns where to find it: a link, or a location such as `s3://bucket/key`. */
  write(report: StoredReport): Promise<string>;
}

/** Publishes events. Throws KeysweepError if an event could not be published. */
export interface EventPublisher {
  publish(events: readonly KeysweepEvent[]): Promise<void>;
}

/** Stores what an audit saw, between the auditor and the rotator. Adapter: S3. Throws KeysweepError. */
export interface SnapshotStore {
  /** Returns a key that {@link read} takes. */
  write(snapshot: Snapshot): Promise<string>;
  read(key: string): Promise<Snapshot>;
}

/** The stored record of an account's findings. */
export interface KeptFindings {
  /** Differs from the version of every other record that is ever stored for the account. */
  readonly version: string;
  /** `known: false` if it cannot be parsed. */
  readonly open: Known<OpenFindings>;
}

/** Stores what is open in each account, from one audit to the next. Throws KeysweepError. */
export interface OpenFindingsStore {
  /** Undefined if nothing is stored yet. */
  read(account: string): Promise<KeptFindings | undefined>;
  /**
   * Replaces the version `before`, or writes the first record if that is undefined. Returns the new version, or `conflict`
   * if another version is stored by now: then nothing is written.
   */
  write(open: OpenFindings, before: string | undefined): Promise<{ readonly version: string } | 'conflict'>;
}
