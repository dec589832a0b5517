import { SECOND } from '../core/duration.ts';
import type { Duration } from '../core/model.ts';
import type { ReadProblem, Timing } from '../core/ports.ts';

/** The longest waits before the second and each further attempt, in milliseconds. */
const waits: readonly Duration[] = [1, 2, 4, 8, 16].map((seconds) => seconds * SECOND);

/**
 * Retries with growing waits until a result is not retryable, no time is left, or the attempts are used up. Returns the last
 * result.
 */
export async function retry<T>(
  { timing, hasTime }: { readonly timing: Timing; hasTime(): boolean },
  attempt: () => Promise<T>,
  isRetryable: (result: T) => boolean,
): Promise<T> {
  let result = await attempt();
  for (const wait of waits) {
    if (!isRetryable(result) || !hasTime()) return result;
    // Jitter, so that requests that were throttled together are not retried together.
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
