import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleModule } from '../lib/bundle-module.ts';

/** Bundles a script of this folder for plain Node, so that no loader of TypeScript is measured with it. */
export async function bundleScript(entry: string, folder: string): Promise<string> {
  const outfile = join(folder, entry.replace(/\.ts$/, '.mjs'));
  await build({
    entryPoints: [join(import.meta.dirname, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  return outfile;
}

export interface HandlerMeasurement {
  /** Minified, without the source map. */
  readonly bundleBytes: number;
  /** Loading the module in a fresh process, the median of several, in milliseconds; Node's own start not included. */
  readonly loadMs: number;
}

/** Bundles the auditor's handler as `cdk deploy` does, and loads it. */
export function measureHandler(folder: string, runs = 7): HandlerMeasurement {
  const target = join(folder, 'handler');
  mkdirSync(target, { recursive: true });
  const entry = join(import.meta.dirname, '../lambda/auditor/index.ts');
  for (const { name, contents } of bundleModule(entry)) writeFileSync(join(target, name), contents);
  const file = join(target, 'index.mjs');
  const script = `const t = performance.now(); await import(${JSON.stringify(file)}); process.stdout.write(String(performance.now() - t));`;
  const times = Array.from({ length: runs }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' })),
  );
  return { bundleBytes: statSync(file).size, loadMs: median(times) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
