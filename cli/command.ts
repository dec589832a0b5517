import type { Io } from './io.ts';

/** 0: nothing at or above --fail-on. 1: findings. 2: the run failed or is incomplete. A public interface. */
export type ExitCode = 0 | 1 | 2;

/** What every command works with. */
export interface CommandContext {
  readonly io: Io;
  /** Sets the exit code of a command that ran to its end. Without a call it is 0. */
  readonly finish: (code: ExitCode) => void;
}
