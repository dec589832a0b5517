import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** What a process left behind. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command to its end whose clock is ahead by so many days, by faketime. Throws where there is no faketime: a
 * clock that was not shifted would make nothing due, and a test of it pass or fail for nothing.
 */
export async function runDaysLater(
  days: number,
  command: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<ProcessEnd> {
  // Node waits and times out by the monotonic clock, which must continue unchanged.
  const env = { ...options.env, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
  const child = spawn('faketime', ['-f', `+${days}d`, ...command], { ...options, env });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', (error) => {
      const remedy = 'install it: apt-get install faketime (Debian, Ubuntu), brew install libfaketime (macOS)';
      reject(new Error(`faketime, which moves the clock of a process, does not run: ${error.message}; ${remedy}`));
    });
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
