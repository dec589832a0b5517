import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Runs a program in the project's folder, as a person would, and gives what it wrote to stdout. Throws with everything
 * that it said where it ends other than well.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn(program, args, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  const [stdout, stderr, end] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (end === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')} ended with ${end}\n${stdout}\n${stderr}`);
}

/** `npx cdk` with the given arguments; its output folder is the given one, so that runs do not meet in cdk.out. */
export function cdk(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  output: string,
): Promise<string> {
  return runProgram('npx', ['--no-install', 'cdk', ...args, '--output', output], { ...environment, CI: 'true' });
}
