/**
 * What the outside must offer to the audit (and, later, to the sweep).
 * Adapters live in aws/; tests bring their own.
 */
import type { Subscription, SubscriptionDetails } from './channels/subscription.ts';
import type { KeysweepEvent } from './events.ts';
import type { OpenFindings } from './findings/open-findings.ts';
import type { RetirableKind } from './kinds/kinds.ts';
import type { RetirableRef } from './lifecycle/ledger.ts';
import type { Snapshot } from './lifecycle/snapshot.ts';
import type { Account, Known, LastUse, ObservedCredential, Principal, Tags } from './model.ts';
import type { Notice } from './notice.ts';

export type { Notice } from './notice.ts';

/** Why a live read gave no answer. The audit goes on; what hangs on the answer becomes a finding of status `error`. */
export interface ReadProblem {
  readonly code: 'access-denied' | 'not-found' | 'throttled' | 'unavailable' | 'unexpected';
  /** For people: `AccessDenied: the caller lacks iam:ListAccessKeys`. */
  readonly message: string;
}

/** The outcome of a read of one thing: an answer, or the reason why there is none. */
export type LiveRead<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: ReadProblem };

/** The credential report as AWS gave it. */
export interface ReportDocument {
  readonly content: Uint8Array;
  /** When AWS generated it; absent for a saved file. */
  readonly generatedAt?: Date;
  /** Set where AWS would make no newer one, with the reason: this is the one that it still held. */
  readonly notRenewed?: string;
}

/** A user as IAM has it now. */
export interface LiveUser {
  readonly principal: Principal;
  /** Tells it apart from every other user, an earlier or later one of the same name included. */
  readonly userId: string;
  readonly tags: Tags;
}

/** The managed policies that one user has, by ARN. */
export interface AttachedPolicies {
  /** Attached to the user itself. */
  readonly direct: readonly string[];
  /** Attached to the groups that it is in. */
  readonly viaGroups: readonly string[];
}

/** Reads of one account's credentials. Never writes. */
export interface CredentialSource {
  /** The account that is read. Throws KeysweepError where the caller is not known to AWS. */
  account(): Promise<Account>;
  /** Its number alone, which takes one request less and no permission. Throws as {@link account} does. */
  accountId(): Promise<string>;
  /** Generates (where AWS finds it due) and fetches the credential report. Throws KeysweepError when patience ends. */
  credentialReport(): Promise<ReportDocument>;
  /** The credentials of one kind that one user has, as {@link observeListed} makes them, with every page read. */
  credentials(kind: RetirableKind, userName: string): Promise<LiveRead<readonly ObservedCredential[]>>;
  /**
   * The last use of one credential of one user. One that AWS ascribes to another user is a problem. Of a kind whose use IAM
   * does not track it is `untracked`, without a request.
   */
  lastUse(userName: string, credential: RetirableRef): Promise<LiveRead<LastUse>>;
  /** The present name of the user whose credential it is. AWS denies the question for an access key that does not exist. */
  ownerOf(credential: RetirableRef): Promise<LiveRead<string>>;
  /** One user, by the name that it has now. */
  user(userName: string): Promise<LiveRead<LiveUser>>;
  /** The tags of the named users, with as few requests as it takes; `accountUsers` is how many users there are in all. */
  userTags(userNames: readonly string[], accountUsers: number): Promise<ReadonlyMap<string, LiveRead<Tags>>>;
  /** The managed policies of the named users, in as few requests as it takes. A user whom AWS does not mention is left out. */
  attachedPolicies(userNames: readonly string[]): Promise<LiveRead<ReadonlyMap<string, AttachedPolicies>>>;
  /** Requests sent so far by action (`iam:ListAccessKeys`), every attempt counted. */
  requests(): Readonly<Record<string, number>>;
}

/** Hands messages over to the subscriptions of one topic. That people read them is another question: core/channels. */
export interface Notifier {
  /** Every subscription, whatever its state, with every page read. */
  subscriptions(): Promise<LiveRead<readonly Subscription[]>>;
  /** What SNS says of one confirmed subscription, by its ARN. */
  subscriptionDetails(arn: string): Promise<LiveRead<SubscriptionDetails>>;
  /** Returns the id of the message. Throws KeysweepError when it could not be handed over. */
  publish(notice: Notice): Promise<{ readonly messageId: string }>;
  /** keysweep's own forwarder of the topic's messages, where there is one. */
  readonly forwarder?: Forwarder;
}

/** The subscriptions of one topic, for `keysweep channels`: nothing else of keysweep subscribes anyone. */
export interface TopicSubscriptions extends Pick<Notifier, 'subscriptions' | 'subscriptionDetails'> {
  /** Asks for a subscription, which an address must confirm. Throws KeysweepError. */
  subscribe(channel: Pick<Subscription, 'protocol' | 'endpoint'>): Promise<void>;
}

/** The function that posts messages of a topic to people, as far as whoever publishes can see it. */
export interface Forwarder {
  readonly arn: string;
  /** Whether it has posted that message; waits a while for it. */
  hasPosted(messageId: string): Promise<LiveRead<boolean>>;
}

/** Where the forwarder records what it has posted. Throws KeysweepError. */
export interface ReceiptStore {
  write(messageId: string): Promise<void>;
  has(messageId: string): Promise<boolean>;
}

/** Tells the time. Core never asks: it gets `now` as a parameter. */
export interface Clock {
  now(): Date;
}

/** How to wait. Injectable, so that tests need no real time. */
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

/** Writes to IAM. Only the rotator and `keysweep restore` hold one. Never throws for one credential. */
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

/** Keeps reports. Throws KeysweepError where one could not be kept. */
export interface ReportStore {
  /** Returns where a person finds it: a link, or a place such as `s3://bucket/key`. */
  write(report: StoredReport): Promise<string>;
}

/** Publishes events what happened. Throws KeysweepError where an event could not be handed over. */
export interface EventPublisher {
  publish(events: readonly KeysweepEvent[]): Promise<void>;
}

/** Keeps what an audit saw, from the auditor to the rotator. Adapter: S3. Throws KeysweepError. */
export interface SnapshotStore {
  /** Returns a key that {@link read} takes. */
  write(snapshot: Snapshot): Promise<string>;
  read(key: string): Promise<Snapshot>;
}

/** What is kept of an account's findings. */
export interface KeptFindings {
  /** Tells this record from every other that is ever kept of the account. */
  readonly version: string;
  /** `known: false` where it cannot be understood. */
  readonly open: Known<OpenFindings>;
}

/** Keeps what is open in each account, from one audit to the next. Throws KeysweepError. */
export interface OpenFindingsStore {
  /** Undefined where nothing was kept yet. */
  read(account: string): Promise<KeptFindings | undefined>;
  /**
   * Keeps it in the place of that version; of nothing, where that is undefined. Returns the new version, or `conflict`
   * where there is another one meanwhile: then nothing is written.
   */
  write(open: OpenFindings, before: string | undefined): Promise<{ readonly version: string } | 'conflict'>;
}
