import type { KeyStory } from '../../core/lifecycle/key-details.ts';

/** The story of one key with what it rests on: what `keysweep explain` prints. */
export interface StoryDocument extends KeyStory {
  /** False where no ledger was asked, or its entry is damaged or cannot be true: then `stage` is that of a key without a record, and says nothing. */
  readonly stageKnown: boolean;
}
