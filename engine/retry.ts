import { SECOND } from '../core/duration.ts';
import type { Duration } from '../core/model.ts';
import type { ReadProblem, Timing } from '../core/ports.ts';

/** Waits before the second and every further attempt, at most; in milliseconds. */
const waits: readonly Duration[] = [1, 2, 4, 8, 16].map((seconds) => seconds * SECOND);

/**
 * Attempts with growing waits in between, until one ends in something that a further one would not better, there is no
 * time for another, or it has been tried often enough. Gives what the last one ended in.
 */
export async function retry<T>(
  { timing, hasTime }: { readonly timing: Timing; hasTime(): boolean },
  attempt: () => Promise<T>,
  isRetryable: (result: T) => boolean,
): Promise<T> {
  let result = await attempt();
  for (const wait of waits) {
    if (!isRetryable(result) || !hasTime()) return result;
    // Spread, so that those who were throttled together do not come back together.
    await timing.sleep(wait * (0.5 + timing.random() / 2));
    if (!hasTime()) return result;
    result = await attempt();
  }
  return result;
}

/** Whether the same request may succeed a little later. */
export function isTransient({ code }: ReadProblem): boolean {
  return code === 'throttled' || code === 'unavailable';
}
