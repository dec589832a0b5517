import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { bundleModule } from '../../lib/bundle-module.ts';
import { bundleHandler, type HandlerCodeProps } from '../../lib/handler-code.ts';
import { KeysweepStack } from '../../lib/keysweep-stack.ts';
import { featureFlags, policyWith } from './synth.ts';

let folder: string;
beforeAll(() => {
  // A space, as in many a home directory.
  folder = mkdtempSync(join(tmpdir(), 'keysweep handler-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Paths of the assets of an app, by the id of the stack that uses it. */
function assetsOf(outdir: string, build: (app: App) => void): Record<string, string> {
  const app = new App({
    outdir,
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    context: { ...featureFlags },
  });
  build(app);
  const assembly = app.synth();
  return Object.fromEntries(
    assembly.stacks.map(({ id, template }) => {
      const [lambda] = Object.values<{ Type: string; Properties: { Code: { S3Key: string } } }>(
        template.Resources,
      ).filter(({ Type }) => Type === 'AWS::Lambda::Function');
      return [id, join(outdir, `asset.${lambda?.Properties.Code.S3Key.replace('.zip', '')}`)];
    }),
  );
}

describe('bundleHandler', () => {
  function writeEntry(name: string, text: string): string {
    mkdirSync(join(folder, name));
    const entry = join(folder, name, 'handler.ts');
    writeFileSync(entry, text);
    return entry;
  }

  function functionWith(app: App, id: string, code: HandlerCodeProps): void {
    new LambdaFunction(new Stack(app, id), 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: bundleHandler(code),
    });
  }

  it('puts the further files beside the bundle, even where two functions of one app differ in nothing else', () => {
    const entry = writeEntry('files', 'export const handler = (): string => "done";\n');
    const assets = assetsOf(join(folder, 'out files'), (app) => {
      functionWith(app, 'One', { entry, files: { 'policy.json': '"one"' } });
      functionWith(app, 'Two', { entry, files: { 'policy.json': '"two"' } });
    });
    expect(readFileSync(join(assets.One ?? '', 'policy.json'), 'utf8')).toBe('"one"');
    expect(readFileSync(join(assets.Two ?? '', 'policy.json'), 'utf8')).toBe('"two"');
  });

  it('carries a file larger than a command line can', () => {
    const entry = writeEntry('large', 'export const handler = (): string => "done";\n');
    const text = 'x'.repeat(2_000_000);
    const { Large } = assetsOf(join(folder, 'out large'), (app) =>
      functionWith(app, 'Large', { entry, files: { 'policy.json': text } }),
    );
    expect(statSync(join(Large ?? '', 'policy.json')).size).toBe(text.length);
  });

  it('says what is wrong with a handler that cannot be bundled', () => {
    const entry = writeEntry('broken', "import { missing } from './nowhere.ts';\nexport const handler = missing;\n");
    expect(() =>
      assetsOf(join(folder, 'out broken'), (app) => functionWith(app, 'Broken', { entry, files: {} })),
    ).toThrow('Could not resolve "./nowhere.ts"');
  });
});

it.each(['auditor', 'rotator', 'forwarder'])('the bundle of the %s is under 1 MB', (name) => {
  const entry = fileURLToPath(new URL(`../../lambda/${name}/index.ts`, import.meta.url));
  const [bundle] = bundleModule(entry).filter(({ name: file }) => file === 'index.mjs');
  expect(bundle?.contents.byteLength).toBeGreaterThan(50_000);
  expect(bundle?.contents.byteLength).toBeLessThan(1_000_000);
});

describe('asset of the auditor', () => {
  const policy = policyWith({ email: ['security@example.com'] });
  let asset: string;
  let again: string;
  let changed: string;

  beforeAll(() => {
    const build = (name: string, of: Policy) => {
      const { Keysweep } = assetsOf(join(folder, name), (app) => new KeysweepStack(app, 'Keysweep', { policy: of }));
      return Keysweep ?? '';
    };
    asset = build('auditor', policy);
    again = build('deeper down/auditor', policy);
    changed = build('changed', {
      ...policy,
      accessKeys: { ...policy.accessKeys, maxAge: defaultPolicy.accessKeys.maxAge + 1 },
    });
  }, 60_000);

  const hashOf = (path: string) => /asset\.([0-9a-f]{64})$/.exec(path)?.[1];

  it('holds the policy', () => {
    expect(JSON.parse(readFileSync(join(asset, 'policy.json'), 'utf8'))).toEqual(policy);
  });

  it('has the same hash wherever it is built', () => {
    expect(hashOf(again)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf(again)).toBe(hashOf(asset));
  });

  it('has another hash with another policy, so that the change is deployed', () => {
    expect(hashOf(changed)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf(changed)).not.toBe(hashOf(asset));
  });

  it('is one ES module under 1 MB that needs no other package and exports the handler', async () => {
    const bundle = join(asset, 'index.mjs');
    expect(statSync(bundle).size).toBeLessThan(1_000_000);
    const text = readFileSync(bundle, 'utf8');
    // What esbuild leaves behind for a CommonJS package whose require() it cannot turn into an import.
    expect(text).not.toContain('Dynamic require of');
    // The temporary folder has no node_modules: an import of a package would fail.
    const loaded = await import(/* @vite-ignore */ pathToFileURL(bundle).href);
    expect(Object.keys(loaded)).toEqual(['handler']);
    expect(loaded.handler).toBeTypeOf('function');
  });

  it('maps its lines back to the sources, without any path of the machine that built it', () => {
    const map = JSON.parse(readFileSync(join(asset, 'index.mjs.map'), 'utf8'));
    expect(map.sources).toContain('handler.ts');
    expect(map.sources.filter((source: string) => source.startsWith('/') || source.includes(':'))).toEqual([]);
  });

  it('can be read by another user, as Lambda is', () => {
    const modes = ['index.mjs', 'policy.json'].map((file) => statSync(join(asset, file)).mode & 0o777);
    expect(modes).toEqual([0o644, 0o644]);
  });
});
