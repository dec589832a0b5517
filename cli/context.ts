import type { ExitCode } from './exit.ts';
import type { Io } from './io.ts';

/** What every command works with. */
export interface CommandContext {
  readonly io: Io;
  /** Sets the exit code of a command that ran to its end. Without a call it is 0. */
  readonly finish: (code: ExitCode) => void;
}
