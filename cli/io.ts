/** What commands use of the process: streams, clock, environment, and the user at the terminal. */
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
  /** What a question is about: on stderr, with the names that AWS returned unchanged. @default stderr */
  readonly questions?: TextSink;
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
