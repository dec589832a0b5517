import type { Ledger } from '../../core/lifecycle/ledger.ts';
import type { Duration } from '../../core/model.ts';
import type { Clock, CredentialActions, CredentialSource, Notifier, ReportStore, Timing } from '../../core/ports.ts';
import type { CommandOptions } from '../../reports/notices/commands.ts';

/** What a sweep needs from outside. */
export interface SweepPorts {
  /** Of the account that the snapshot is of. */
  readonly source: CredentialSource;
  /** Needed to enforce, and used for nothing else; undefined where the caller has no business writing to IAM. */
  readonly actions: CredentialActions | undefined;
  readonly ledger: Ledger;
  /** Undefined: no one is notified, on purpose, and every notice counts as given. */
  readonly notifier: Notifier | undefined;
  readonly clock: Clock;
  /** How to wait between the attempts of a change. */
  readonly timing: Timing;
  /** Keeps the whole digest, which the message to people may have to shorten; undefined where no one would find it. */
  readonly reports?: ReportStore;
  readonly onProgress?: (progress: SweepProgress) => void;
}

/** How far a sweep has come, in credentials. */
export interface SweepProgress {
  readonly phase: 'record' | 'act';
  readonly done: number;
  readonly total: number;
}

/** How to run, beside what the policy says. */
export interface SweepOptions {
  /** Id of this run. Every run needs one of its own, a second run of the same night included; see {@link sweepId}. */
  readonly sweep: string;
  /** `false`: a dry run. It reads, plans and writes nothing. `true` still does no more than the policy's mode allows. */
  readonly enforce: boolean;
  /** When the sweep began, where a later one of its phases is run apart. @default now */
  readonly startedAt?: Date;
  /** Milliseconds until the caller is stopped. @default never */
  readonly remainingTime?: () => Duration;
  /** With less time than this left, in milliseconds, nothing new is begun. @default 1 minute */
  readonly timeToFinish?: Duration;
  /** Users, or records of the ledger, that are dealt with at the same time. @default 8 */
  readonly concurrency?: number;
  /** What makes the commands in messages to people use the same ledger, topic and bus. */
  readonly commandOptions?: CommandOptions;
}

/**
 * The id of a run: when it began, and something that tells it from every other.
 * @param unique printable ASCII without blanks
 */
export function sweepId(startedAt: Date, unique: string): string {
  return `${startedAt.toISOString()}/${unique}`;
}
