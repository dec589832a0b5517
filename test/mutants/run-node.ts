import { spawn } from 'node:child_process';

/** The exit code of a Node.js program that runs silently in the folder; null where a signal ended it. */
export function run(folder: string, args: readonly string[]): Promise<number | null> {
  const child = spawn(process.execPath, [...args], {
    cwd: folder,
    stdio: 'ignore',
    // A break that 200 random histories do not meet is for the tables to find.
    env: { ...process.env, CI: 'true', KEYSWEEP_HISTORIES: '200' },
  });
  return new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
}
