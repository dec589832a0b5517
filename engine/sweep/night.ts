import type { Item } from '../../core/lifecycle/item.ts';
import type { AuditFacts } from '../../core/lifecycle/join.ts';
import type { ChangesDone } from '../../core/lifecycle/remembered.ts';
import type { UnjudgedCredential } from '../../core/lifecycle/unjudged.ts';
import type { Audience } from '../delivery.ts';

/**
 * What a sweep knows so far: the input and output of each phase. Plain data, so that phases can run separately, in another
 * process or in a later retry.
 */
export interface Night {
  /** Every credential that the sweep handles; once planned, in the order of execution. */
  readonly items: readonly Item[];
  /** Credentials that could not be judged and are not items, because their ids are unknown. */
  readonly unjudged: readonly UnjudgedCredential[];
  /** Problems that do not belong to single credentials, for people. */
  readonly problems: readonly string[];
  /** The audit that the sweep is based on. */
  readonly audit: AuditFacts;
  /** Changes of this night that are already recorded and count against the caps. */
  readonly done: ChangesDone;
  /** Absent if no one is to be notified: in a dry run, or because people are notified in another way. */
  readonly audience?: Audience;
  /** What the digest says besides single credentials: plain sentences. */
  readonly notes: readonly string[];
  /**
   * The delivery of the digest. Absent until people were notified or it was clear that there is nothing to report, and if no
   * one is known to have received it: then nothing is changed.
   */
  readonly delivery?: Delivery;
  /** Messages that were published, but that no one is known to have received. */
  readonly undelivered: number;
  /** What AWS said, once, if it denied every change of a type. Absent: before any change. */
  readonly denied?: readonly string[];
  /** People could not be notified, or the ledger not be written: nothing was changed, and the next sweep takes over. */
  readonly isFailed?: true;
}

/** The delivery of a message. */
export interface Delivery {
  /** When it was delivered; absent if it is not known to be. */
  readonly at?: Date;
  /** Ids of the credentials that no message named. */
  readonly unnamed: readonly string[];
}

/** The night with more problems. */
export function withProblems(night: Night, problems: readonly string[]): Night {
  return problems.length === 0 ? night : { ...night, problems: [...night.problems, ...problems] };
}
