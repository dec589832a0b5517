/** The sandbox's own time. It can be moved in both directions; nothing in the sandbox waits for real time to pass. */
export interface SandboxClock {
  now(): Date;
  /** Moves the clock by `ms` milliseconds; negative moves it back. */
  advance(ms: number): void;
  set(date: Date): void;
}

export interface ClockOptions {
  readonly start: Date;
  /** `true`: runs along with real time. `false`: stands still until it is moved. */
  readonly running: boolean;
  /** Monotonic milliseconds that drive a running clock. */
  readonly timeSource: () => number;
}

export function createClock(options: ClockOptions): SandboxClock {
  let base = requireFinite(options.start.getTime(), 'the clock can only start at a valid date');
  let since = options.timeSource();
  const elapsed = () => (options.running ? Math.floor(options.timeSource() - since) : 0);
  return {
    now: () => new Date(base + elapsed()),
    advance(ms) {
      base += requireFinite(ms, 'the clock can only be advanced by a finite number of milliseconds');
    },
    set(date) {
      base = requireFinite(date.getTime(), 'the clock can only be set to a valid date');
      since = options.timeSource();
    },
  };
}

function requireFinite(value: number, message: string): number {
  if (!Number.isFinite(value)) {
    throw new RangeError(`${message}; found ${value}`);
  }
  return value;
}
