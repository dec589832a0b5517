/** A process for commands that exists in memory, but for its working directory. */
import type { Io, TextSink } from '../../cli/io.ts';
import { run } from '../../cli/run.ts';

export interface MemorySink extends TextSink {
  readonly text: () => string;
}

export interface MemoryIoOptions {
  readonly directory: string;
  readonly env?: Io['env'];
  readonly stdin?: string | Uint8Array;
  /** Width of the terminal that stdout and stderr are; none without it. */
  readonly columns?: number;
  /** A function for a clock that moves while the command runs. */
  readonly now?: string | (() => Date);
  readonly interrupted?: Io['interrupted'];
  /** Answers questions, as someone at a terminal would; without it no one is there. */
  readonly ask?: NonNullable<Io['ask']>;
  /** Makes every write to stdout fail. */
  readonly stdoutError?: Error;
  /** Called at each write with what has been written so far. */
  readonly onStdout?: (text: string) => void;
  readonly onStderr?: (text: string) => void;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process. */
export async function runInMemory(args: readonly string[], options: MemoryIoOptions): Promise<CommandResult> {
  const stdout = memorySink(options.columns, options.stdoutError, options.onStdout);
  const stderr = memorySink(options.columns, undefined, options.onStderr);
  const { now = '2026-11-22T02:30:00Z' } = options;
  const code = await run(args, {
    stdout,
    stderr,
    stdin: { isTerminal: false, bytes: bytesOf(options.stdin ?? '') },
    env: options.env ?? {},
    directory: options.directory,
    now: typeof now === 'string' ? () => new Date(now) : now,
    monotonic: () => 0,
    wait: async () => {},
    ...(options.ask !== undefined && { ask: options.ask }),
    interrupted: options.interrupted ?? (() => Promise.reject(new Error('this command waits for no signal'))),
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

export function memorySink(columns?: number, error?: Error, onWrite?: (text: string) => void): MemorySink {
  let written = '';
  return {
    isTerminal: columns !== undefined,
    columns,
    text: () => written,
    async write(text) {
      if (error !== undefined) throw error;
      written += text;
      onWrite?.(written);
    },
  };
}

async function* bytesOf(content: string | Uint8Array): AsyncIterable<Uint8Array> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  // In two chunks, because a pipe never promises one.
  yield bytes.subarray(0, 10);
  yield bytes.subarray(10);
}
