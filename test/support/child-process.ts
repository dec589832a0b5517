import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';

/** A TypeScript module of the tests that can be run as a process of its own. */
export interface ModuleProcess {
  /** The program and its arguments. */
  command(...args: readonly string[]): readonly [string, ...string[]];
  /** stdin is ignored, stderr goes to the test's. */
  start(...args: readonly string[]): ChildProcess;
}

/** Bundles a module once for all tests of a file, so that its processes start fast. Call at the top of a file. */
export function moduleProcess(module: URL): ModuleProcess {
  let folder = '';
  let bundle = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keysweep-module-'));
    bundle = join(folder, 'module.mjs');
    await build({
      entryPoints: [fileURLToPath(module)],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      // Some packages are CommonJS, and ask for Node's modules in its way.
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
  });
  afterAll(() => rm(folder, { recursive: true }));
  const command = (...args: readonly string[]) => [process.execPath, bundle, ...args] as const;
  return {
    command,
    start: (...args) => {
      const [program, ...rest] = command(...args);
      return spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
    },
  };
}

/** How a process ended: its exit code, or the signal that ended it. */
export function ended(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  const end = child.exitCode ?? child.signalCode;
  if (end !== null) return Promise.resolve(end);
  return new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
}
