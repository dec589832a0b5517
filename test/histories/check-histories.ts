import fc from 'fast-check';
import { it } from 'vitest';
import { histories } from './history.ts';
import { runHistory } from './run-history.ts';

/** More than enough to meet every fault; `npm run soak` runs as many as one likes. */
const all = Number(process.env.KEYSWEEP_HISTORIES ?? 2_000);

/** The files that share them, so that no single one keeps a processor busy at the end of the run. */
const shares = 4;

/** Defines the test of one share. A failure prints its seed, and shrinks. */
export function checkHistories(): void {
  const numRuns = Math.ceil(all / shares);
  it(`the invariants hold in ${numRuns} random histories`, { timeout: 900_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        await runHistory(history);
      }),
      { numRuns },
    );
  });
}
