import type { Timing } from '../../core/ports.ts';

/** Time that passes only by sleeping, at once. */
export interface ManualTiming extends Timing {
  /** Every sleep so far, in milliseconds. */
  readonly sleeps: readonly number[];
}

/** `chance` is what random() gives; 1 makes a jittered wait as long as it can be. */
export function manualTiming(chance = 1): ManualTiming {
  const sleeps: number[] = [];
  let elapsed = 0;
  return {
    sleeps,
    sleep: async (ms) => {
      sleeps.push(ms);
      elapsed += ms;
    },
    monotonic: () => elapsed,
    random: () => chance,
  };
}
