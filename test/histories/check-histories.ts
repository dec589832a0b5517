import fc from 'fast-check';
import { it } from 'vitest';
import { histories } from './history.ts';
import { runHistory } from './run-history.ts';

/** More than enough to meet every fault; `npm run soak` runs as many as one likes. */
const all = Number(process.env.KEYSWEEP_HISTORIES ?? 2_000);

/** The files that share them, so that no single one keeps a processor busy at the end of the run. */
const shares = 4;

/** The same histories in every run, so that a failure is of the change at hand. `npm run soak` draws new ones. */
const firstSeed = 20_261_122;

/**
 * Defines the test of one share. A failure shrinks, and prints its seed.
 * @param share from 0; each has histories of its own
 */
export function checkHistories(share: number): void {
  const numRuns = Math.ceil(all / shares);
  it(`the invariants hold in ${numRuns} random histories`, { timeout: 900_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        await runHistory(history);
      }),
      { numRuns, seed: firstSeed + share },
    );
  });
}
