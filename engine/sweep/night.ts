import type { Item } from '../../core/lifecycle/item.ts';
import type { AuditFacts } from '../../core/lifecycle/join.ts';
import type { ChangesDone } from '../../core/lifecycle/remembered.ts';
import type { UnjudgedCredential } from '../../core/lifecycle/unjudged.ts';
import type { Audience } from '../delivery.ts';

/**
 * What a sweep knows so far: what each of its phases takes and gives. Plain data, so that they can be run apart, in another
 * process or on another day of a retry.
 */
export interface Night {
  /** Every credential that the sweep has anything to say about; once planned, in the order in which things are to be done. */
  readonly items: readonly Item[];
  /** Credentials that could not be judged and are no items, because no one knows their ids. */
  readonly unjudged: readonly UnjudgedCredential[];
  /** What is wrong beside single credentials, for people. */
  readonly problems: readonly string[];
  /** Of the audit that the sweep goes by. */
  readonly audit: AuditFacts;
  /** Changes of this night that are on record already, and count against its caps. */
  readonly done: ChangesDone;
  /** Absent where no one is to be notified: in a dry run, or because people are notified in another way. */
  readonly audience?: Audience;
  /** What the digest says beside single credentials: plain sentences. */
  readonly notes: readonly string[];
  /**
   * What became of the sweep's digest. Absent until people were notified, or there was nothing to say, and where no one is known to have got it:
   * nothing is changed then.
   */
  readonly delivery?: Delivery;
  /** Messages that were published, and that no one is known to have got. */
  readonly undelivered: number;
  /** Where AWS denied every change of a kind alike: what it said, once for all. Absent: before anything was changed. */
  readonly denied?: readonly string[];
  /** Set where people could not be notified, or the ledger not be kept: nothing was changed, and the next sweep takes it up. */
  readonly isFailed?: true;
}

/** What became of a message. */
export interface Delivery {
  /** When people had it; absent where no one is known to have. */
  readonly at?: Date;
  /** Ids of the credentials that no message named. */
  readonly unnamed: readonly string[];
}

/** The night with more problems. */
export function withProblems(night: Night, problems: readonly string[]): Night {
  return problems.length === 0 ? night : { ...night, problems: [...night.problems, ...problems] };
}
