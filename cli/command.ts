/** What commands have in common. */
import { type PolicyOfRun, readPolicy } from './input.ts';
import type { Io } from './io.ts';
import { type Note, noteTo } from './notes.ts';
import type { PrintOptions } from './options.ts';
import { openPrinter, type Printer } from './output.ts';

/** 0: nothing at or above --fail-on. 1: findings. 2: the run failed or is incomplete. A public interface. */
export type ExitCode = 0 | 1 | 2;

/** What every command gets when it is added. */
export interface CommandContext {
  readonly io: Io;
  /** Sets the exit code of a command that completed. Without a call it is 0. */
  readonly finish: (code: ExitCode) => void;
}

/** What a command that needs a policy works with. */
export interface OpenCommand extends PolicyOfRun {
  readonly io: Io;
  readonly note: Note;
  readonly printer: Printer;
}

/**
 * Opens the output and then the policy, before any work is done. Throws KeysweepError `OutputFailed`, and as
 * {@link readPolicy} does.
 */
export async function openCommand(
  options: PrintOptions<string> & { readonly policy?: string },
  io: Io,
): Promise<OpenCommand> {
  const note = noteTo(io, options.quiet === true);
  const printer = await openPrinter(options, io, note);
  return { io, note, printer, ...(await readPolicy(options.policy, io, note)) };
}
