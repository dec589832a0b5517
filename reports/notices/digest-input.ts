import type { Account } from '../../core/model.ts';
import type { Mode } from '../../core/policy/policy.ts';
import type { CommandOptions } from './commands.ts';
import type { NoticeItem, WaitingItem } from './notice-item.ts';

/** What a digest is composed of. */
export interface DigestInput {
  readonly account: Account;
  readonly now: Date;
  /** Id of the sweep, to look it up in the ledger or the logs. */
  readonly sweep: string;
  readonly mode: Mode;
  /** Of the policy's calendar: dates are given by its clock. Absent: UTC. */
  readonly timezone?: string;
  /** The user tag that names owners, as the policy has it. */
  readonly ownerTag: string;
  readonly items: readonly NoticeItem[];
  /** Due, and deferred by a cap of the policy. */
  readonly deferred: readonly WaitingItem[];
  /** Due, and not done because of the policy's mode. */
  readonly overdue: readonly WaitingItem[];
  /** What the rules of the lifecycle could not judge. */
  readonly unjudged?: readonly WaitingItem[];
  /** What to know before one reads on: plain sentences. */
  readonly notes?: readonly string[];
  /** This corrects a digest that went out earlier in the same sweep. */
  readonly isCorrection?: boolean;
  /** Where the digest with every item in full is kept; an address that people can open, where there is one. */
  readonly fullReport?: string;
  /** What makes the commands in it use the ledger, topic and bus of this sweep. */
  readonly commandOptions?: CommandOptions;
  /** Where one message does not name all: which one this is, and how many notices none of them names. */
  readonly part?: DigestPart;
}

/** One of the messages of a sweep that needs several. */
export interface DigestPart {
  readonly number: number;
  readonly of: number;
  /** Notices that no message of this sweep names. */
  readonly unnamed: number;
}
