import { describeDuration } from '../core/duration.ts';
import type { Duration } from '../core/model.ts';
import type { LiveRead, Timing } from '../core/ports.ts';

/** Runs a read, or says at once that there is no time left for it. Never waits longer than the budget. */
export type ReadBudget = <T>(read: () => Promise<LiveRead<T>>) => Promise<LiveRead<T>>;

/**
 * Bounds the time that live reads take together, from now on. What is not answered by then is a problem of the thing
 * that was asked about: it becomes a finding of status `error`, and the audit ends with the others in time.
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
