import { chmodSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetHashType, BundlingOutput, DockerImage, type ILocalBundling } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { bundleModule } from './bundle-module.ts';

/** The content of one function's asset. */
export interface HandlerCodeProps {
  /** Absolute path of the module that exports `handler`. */
  readonly entry: string;
  /** Further files next to the bundle: name to text. */
  readonly files: Readonly<Record<string, string>>;
}

/** `handler` property of a function with this code. */
export const bundledHandler = 'index.handler';

/**
 * Bundles a handler with everything it imports, including the pinned AWS SDK, into one ES module with a source map.
 *
 * The asset's hash is that of its content, including the further files, and does not depend on where it was built.
 * Why not NodejsFunction's own bundling: it adds files through shell commands only, requires the entry to be below the
 * caller's lock file, and shares one cached asset between functions that differ in such commands only.
 */
export function bundleHandler(props: HandlerCodeProps): AssetCode {
  return Code.fromAsset(dirname(props.entry), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: local bundling always succeeds or throws.
      image: DockerImage.fromRegistry('unused'),
      local: new EsbuildBundling(props),
      outputType: BundlingOutput.NOT_ARCHIVED,
    },
  });
}

class EsbuildBundling implements ILocalBundling {
  /** A plain property, because the CDK reuses an asset whose options are the same as JSON. */
  readonly props: HandlerCodeProps;

  constructor(props: HandlerCodeProps) {
    this.props = props;
  }

  tryBundle(outputDir: string): boolean {
    const { entry, files } = this.props;
    for (const { name, contents } of bundleModule(entry)) writeReadable(join(outputDir, name), contents);
    for (const [name, text] of Object.entries(files)) writeReadable(join(outputDir, name), text);
    return true;
  }
}

/** Lambda runs the code as another user: a strict umask must not hide it. */
function writeReadable(file: string, content: string | Uint8Array): void {
  writeFileSync(file, content);
  chmodSync(file, 0o644);
}
