import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** The bundle of what a Lambda function needs of aws/. */
async function bundle() {
  const { metafile, outputFiles } = await build({
    stdin: {
      contents: `
        export { connect } from './session.ts';
        export { createIamCredentialSource } from './iam-credential-source.ts';
        export { createSnsNotifier } from './sns-notifier.ts';`,
      resolveDir: fileURLToPath(new URL('../../aws', import.meta.url)),
    },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    conditions: ['module'],
    write: false,
    metafile: true,
  });
  return { inputs: Object.keys(metafile.inputs), bytes: outputFiles[0]?.contents.byteLength ?? 0 };
}

describe('the adapters in a Lambda bundle', () => {
  it('are small and leave the chain of the command line out', async () => {
    const { inputs, bytes } = await bundle();
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(700_000);
    expect(inputs.filter((input) => /@aws-sdk\/credential-providers\/|cli-credentials/.test(input))).toEqual([]);
  });
});
