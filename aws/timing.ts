/** How an adapter waits. Injectable, so that tests need no real time. */
export interface Timing {
  /** Resolves after `ms` milliseconds. */
  sleep(ms: number): Promise<void>;
  /** Milliseconds on a clock that never goes back. Only differences mean anything. */
  monotonic(): number;
  /** A number in [0, 1). */
  random(): number;
}

export const systemTiming: Timing = {
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  monotonic: () => performance.now(),
  random: Math.random,
};
