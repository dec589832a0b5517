import type { Timing } from '../core/ports.ts';

export const systemTiming: Timing = {
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  monotonic: () => performance.now(),
  random: Math.random,
};
