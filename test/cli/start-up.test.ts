import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { arrowsOf, readProduct } from '../../scripts/architecture.ts';

const files = new Map(
  readProduct(fileURLToPath(new URL('../../', import.meta.url))).map((file) => [file.path, file] as const),
);

/** What Node loads before the first line of a program runs. */
function loadedAtOnce(path: string, loaded = new Set<string>()): ReadonlySet<string> {
  const file = files.get(path);
  if (file === undefined || loaded.has(path)) return loaded;
  loaded.add(path);
  for (const { to, kind } of arrowsOf(file)) if (kind === 'static') loadedAtOnce(to, loaded);
  return loaded;
}

it('loads neither the AWS SDK, nor a schema, nor the sandbox before it knows the command', () => {
  const loaded = [...loadedAtOnce('bin/keysweep.ts')];
  expect(loaded).toContain('cli/commands/demo.ts');
  const heavy = /^import (?!type )[^;]*'(?:@aws-sdk\/|@smithy\/|zod|yaml)/m;
  expect(loaded.filter((path) => path.startsWith('sandbox/') || heavy.test(files.get(path)?.text ?? ''))).toEqual([]);
});
