import type { KeyDetails } from '../../core/lifecycle/key-details.ts';

/** The details of one key with what it rests on: what `keysweep explain` prints. */
export interface ExplainDocument extends KeyDetails {
  /** False where no ledger was asked, or its entry is damaged or cannot be true: then `stage` is that of a key without a record, and says nothing. */
  readonly stageKnown: boolean;
}
