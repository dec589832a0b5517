import { given } from '../../core/given.ts';
import type { KeyDetails } from '../../core/lifecycle/key-details.ts';
import { type CommandOptions, reactivateCommand, restoreCommand } from '../notices/commands.ts';

/** The details of one key with what it rests on: what `keysweep explain` prints. */
export interface ExplainDocument extends KeyDetails {
  /** False where no ledger was asked, or its entry is damaged or cannot be true: then `stage` is that of a key without a record, and says nothing. */
  readonly stageKnown: boolean;
  /** What makes the command in it use the ledger that was asked. */
  readonly commandOptions?: CommandOptions;
}

/** The commands that reactivate it: with keysweep, and with the AWS CLI alone. None unless it is seen to be inactive. */
export function undoOf({ liveStatus, credential, principal, account, commandOptions }: ExplainDocument): {
  readonly undo?: string;
  readonly undoWithAwsCli?: string;
} {
  if (liveStatus.kind !== 'seen' || liveStatus.status !== 'Inactive') return {};
  const { partition } = account;
  return given({
    undo: restoreCommand(credential.id, commandOptions),
    undoWithAwsCli: reactivateCommand({ userName: principal.name, credential, partition }),
  });
}
