import { describeDuration } from '../core/duration.ts';
import type { Duration } from '../core/model.ts';
import type { LiveRead, Timing } from '../core/ports.ts';

/** Runs a read, or returns at once if there is no time left. Never waits longer than the budget. */
export type ReadBudget = <T>(read: () => Promise<LiveRead<T>>) => Promise<LiveRead<T>>;

/**
 * Limits the total time of live reads, from now on. A read without an answer by then is a problem of what it was for: that
 * becomes a finding of status `error`, and the audit ends in time with the others.
 *
 * @param timeLimit in milliseconds; Infinity for no limit
 */
export function createReadBudget(timeLimit: Duration, timing: Timing): ReadBudget {
  if (timeLimit === Number.POSITIVE_INFINITY) return (read) => read();
  const endsAt = timing.monotonic() + timeLimit;
  const message = `TimedOut: not read within ${describeDuration(timeLimit)}; AWS may be throttling`;
  const outOfTime = { ok: false, problem: { code: 'unavailable', message } } as const;

  return async (read) => {
    const remaining = endsAt - timing.monotonic();
    if (remaining <= 0) return outOfTime;
    let timer: NodeJS.Timeout | undefined;
    const expiry = new Promise<typeof outOfTime>((resolve) => {
      timer = setTimeout(resolve, remaining, outOfTime);
    });
    try {
      return await Promise.race([read(), expiry]);
    } finally {
      clearTimeout(timer);
    }
  };
}
