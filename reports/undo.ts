/** The commands that reactivate a key: with keysweep, which records it, and with the AWS CLI alone. */
import { given } from '../core/given.ts';
import { type CommandOptions, type CredentialOfUser, reactivateCommand, restoreCommand } from './notices/commands.ts';

/** What `keysweep restore` would find where the reader of its command runs it. */
export interface RestoreTerms {
  /** False if it would find no ledger, or no topic: then it would only end with an error, and is not printed. */
  readonly canRestore: boolean;
  /** What makes the command use the ledger and the topic that are meant; absent if it finds them. */
  readonly commandOptions?: CommandOptions;
}

export interface Undo {
  readonly undo?: string;
  readonly undoWithAwsCli?: string;
}

export function undoOf(key: CredentialOfUser, { canRestore, commandOptions }: RestoreTerms): Undo {
  return given({
    undo: canRestore ? restoreCommand(key.credential.id, commandOptions) : undefined,
    undoWithAwsCli: reactivateCommand(key),
  });
}
