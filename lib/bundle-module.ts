import { basename, dirname, join } from 'node:path';
import { buildSync } from 'esbuild';

/** The oldest Node.js version that a bundle must run on: that of the Lambda runtime. */
const target = 'node24';

export interface BundledFile {
  readonly name: string;
  readonly contents: Uint8Array;
}

/**
 * Bundles a module with everything it imports, including the pinned AWS SDK, into one minified ES module: `index.mjs`
 * and its source map. Writes nothing.
 *
 * @param entry absolute path of the module
 */
export function bundleModule(entry: string): readonly BundledFile[] {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    // Nothing is written. Next to the entry, so that paths in the source map are the same on every machine.
    outfile: join(dirname(entry), 'index.mjs'),
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target,
    // ES modules first: tree shaking makes them a third smaller than CommonJS.
    mainFields: ['module', 'main'],
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    // The tsconfig of an embedding app does not apply to this code.
    tsconfigRaw: '{}',
    logLevel: 'silent',
  });
  return outputFiles.map(({ path, contents }) => ({ name: basename(path), contents }));
}
