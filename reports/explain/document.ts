import type { KeyDetails } from '../../core/lifecycle/key-details.ts';
import { type RestoreTerms, type Undo, undoOf } from '../undo.ts';

/** The details of one key with what it rests on: what `keysweep explain` prints. */
export interface ExplainDocument extends KeyDetails, RestoreTerms {
  /** False where no ledger was asked, or its entry is damaged or cannot be true: then `stage` is that of a key without a record, and says nothing. */
  readonly stageKnown: boolean;
}

/** What reactivates it; nothing unless it is seen to be inactive. */
export function undoOfKey(document: ExplainDocument): Undo {
  const { liveStatus, credential, principal, account } = document;
  if (liveStatus.kind !== 'seen' || liveStatus.status !== 'Inactive') return {};
  return undoOf({ userName: principal.name, credential, partition: account.partition }, document);
}
