import { createInterface } from 'node:readline/promises';
import type { Writable } from 'node:stream';
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
    ...(process.stdin.isTTY && process.stderr.isTTY && { ask }),
    interrupted,
  };
}

/** A stream as sink. Exported for tests. */
export function sinkOf(stream: Writable & { readonly isTTY?: boolean; readonly columns?: number }): TextSink {
  // Every failure reaches the callback of write(); without a listener Node would also throw it as uncaught.
  stream.on('error', () => {});
  return {
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.columns;
    },
    write(text) {
      return new Promise((resolve, reject) => {
        stream.write(text, (error) => {
          if (error === null || error === undefined || isGone(error)) resolve();
          else reject(error);
        });
      });
    },
  };
}

/** The reader has closed its end, now or before an earlier write. */
function isGone(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
}

async function ask(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await reader.question(question)).trim();
  } finally {
    reader.close();
  }
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
