/** What commands use of the process: streams, clock, environment, and the user at the terminal. */
import { KeysweepError } from '../core/error.ts';

/** Where a command writes text for its user or the next program. */
export interface TextSink {
  /**
   * Resolves when the text has been written. A reader that has closed its end (`| head`) is not an error: the text is
   * dropped. Rejects when the text cannot be written (a full disk).
   */
  write(text: string): Promise<void>;
  readonly isTerminal: boolean;
  /** Width of the terminal in character cells; undefined where there is none. */
  readonly columns: number | undefined;
}

/** All that a command uses of the process, so that tests can run commands inside their own. */
export interface Io {
  /** Results. */
  readonly stdout: TextSink;
  /** Progress, notes and errors. */
  readonly stderr: TextSink;
  readonly stdin: { readonly isTerminal: boolean; readonly bytes: AsyncIterable<Uint8Array> };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory: relative paths start here. */
  readonly directory: string;
  readonly now: () => Date;
  /** Milliseconds on a clock that never jumps. */
  readonly monotonic: () => number;
  /** Resolves after this many milliseconds. @default a timer */
  readonly wait?: (ms: number) => Promise<void>;
  /**
   * Asks a question on stderr and reads one line; undefined if the user ends it instead (Ctrl-C, Ctrl-D). Absent
   * without a terminal.
   */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Resolves when the user asks the process to end (SIGINT, SIGTERM). Before it is called, a signal ends the process. */
  readonly interrupted: () => Promise<void>;
}

/**
 * Shows what is about to happen and asks. Only the full word `yes` is a yes; no answer is a no.
 *
 * Throws KeysweepError `Declined`.
 */
export async function confirm(about: string, question: string, ask: NonNullable<Io['ask']>, io: Io): Promise<void> {
  await io.stderr.write(about);
  const answer = await ask(`${question} Type yes to continue: `);
  if (answer?.trim().toLowerCase() === 'yes') return;
  throw new KeysweepError('Declined', 'nothing was done', { hint: 'Use --yes to continue without asking.' });
}

/** Throws KeysweepError `ConfirmationMissing` if no one can be asked. */
export function refuseWithoutTerminal({ ask }: Io): void {
  if (ask !== undefined) return;
  throw new KeysweepError('ConfirmationMissing', 'cannot ask for confirmation: there is no terminal', {
    hint: 'In a script, use --yes.',
  });
}
