import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import type { Io, TextSink } from './io.ts';

/** The process as {@link Io}. */
export function processIo(): Io {
  return {
    stdout: sinkOf(process.stdout),
    stderr: sinkOf(process.stderr),
    stdin: {
      isTerminal: process.stdin.isTTY === true,
      get bytes() {
        return process.stdin as AsyncIterable<Uint8Array>;
      },
    },
    env: process.env,
    directory: process.cwd(),
    now: () => new Date(),
    monotonic: () => performance.now(),
    ...(process.stdin.isTTY &&
      process.stderr.isTTY && { ask: (question) => askOn(process.stdin, process.stderr, question) }),
    interrupted,
  };
}

/**
 * Ends the process once everything that was written has left it. Without this it would last until the last timer: a request
 * that no one waits for anymore may back off for many seconds.
 */
export async function endProcess(code: number, { stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>): Promise<never> {
  // A stream keeps its order: when nothing is written, everything before it is.
  await Promise.allSettled([stdout.write(''), stderr.write('')]);
  process.exit(code);
}

/** A stream as sink. */
function sinkOf(stream: Writable & { readonly isTTY?: boolean; readonly columns?: number }): TextSink {
  // Every failure reaches the callback of write(); without a listener, Node would also throw it as uncaught.
  stream.on('error', () => {});
  return {
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.columns;
    },
    write(text) {
      return new Promise((resolve, reject) => {
        stream.write(text, (error) => {
          if (error === null || error === undefined || isReaderClosed(error)) resolve();
          else reject(error);
        });
      });
    },
  };
}

/** The reader has closed its end, now or before an earlier write. */
function isReaderClosed(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
}

/**
 * Asks on a terminal and reads one line. Undefined if the user ends it instead, with Ctrl-C or Ctrl-D, or the terminal
 * closes. Exported for tests.
 */
export async function askOn(keys: Readable, screen: Writable, question: string): Promise<string | undefined> {
  const reader = createInterface({ input: keys, output: screen });
  // Readline drops an open question when its input ends: its promise would never settle.
  const ended = new Promise<undefined>((resolve) => reader.once('close', () => resolve(undefined)));
  const line = reader.question(question).catch((error) => {
    if (isAbort(error)) return undefined;
    throw error;
  });
  try {
    const answer = await Promise.race([line, ended]);
    if (answer === undefined) screen.write('\n');
    return answer?.trim();
  } finally {
    reader.close();
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      process.off('SIGINT', end);
      process.off('SIGTERM', end);
      resolve();
    };
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
  });
}
