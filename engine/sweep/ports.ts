import type { Ledger } from '../../core/lifecycle/ledger.ts';
import type { ShownActions } from '../../core/lifecycle/proposal.ts';
import type { Duration } from '../../core/model.ts';
import type { Clock, CredentialActions, CredentialSource, Notifier, ReportStore, Timing } from '../../core/ports.ts';
import type { CommandOptions } from '../../reports/notices/commands.ts';

/** What a sweep needs from outside. */
export interface SweepPorts {
  /** For the account of the snapshot. */
  readonly source: CredentialSource;
  /** Needed only to enforce; undefined if the caller must not write to IAM. */
  readonly actions: CredentialActions | undefined;
  readonly ledger: Ledger;
  /** Undefined: no one is notified, on purpose, and every notice counts as delivered. */
  readonly notifier: Notifier | undefined;
  readonly clock: Clock;
  /** How to wait between the attempts of a change. */
  readonly timing: Timing;
  /** Stores the full digest, which the message may have to shorten; undefined if no one would find it. */
  readonly reports?: ReportStore;
  readonly onProgress?: (progress: SweepProgress) => void;
}

/** The progress of a sweep, in credentials. */
export interface SweepProgress {
  readonly phase: 'record' | 'act';
  readonly done: number;
  readonly total: number;
}

/** How to run, besides what the policy says. */
export interface SweepOptions {
  /** Id of this run. Every run needs one of its own, a second run of the same night included; see {@link sweepId}. */
  readonly sweep: string;
  /** `false`: a dry run. It reads, plans and writes nothing. `true` still does no more than the policy's mode allows. */
  readonly enforce: boolean;
  /** What a person was shown of this sweep and agreed to: it does nothing else. @default everything that is due */
  readonly shown?: ShownActions;
  /** When the sweep began, if one of its later phases is run separately. @default now */
  readonly startedAt?: Date;
  /** Milliseconds until the caller is stopped. @default never */
  readonly remainingTime?: () => Duration;
  /** With less time left than this, in milliseconds, nothing new is begun. @default 1 minute */
  readonly timeToFinish?: Duration;
  /** Users, or ledger records, that are handled at the same time. @default 8 */
  readonly concurrency?: number;
  /** Options for the commands in messages to people, so that they use the same ledger, topic and bus. */
  readonly commandOptions?: CommandOptions;
}

/**
 * The id of a run: when it began, and something unique.
 * @param unique printable ASCII without spaces
 */
export function sweepId(startedAt: Date, unique: string): string {
  return `${startedAt.toISOString()}/${unique}`;
}
