import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { schemaReference } from '../../cli/package-files.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { loadPolicy } from '../../core/policy/load.ts';
import { runInMemory } from '../support/memory-io.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const scratch = scratchDirectory();

function init(...args: readonly string[]) {
  return runInMemory(['init', ...args], { directory: scratch.path });
}

describe('keysweep init', () => {
  it('writes a commented policy that says what the defaults say', async () => {
    const { code, stdout, stderr } = await init();
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('wrote keysweep.yaml');
    const text = await readFile(join(scratch.path, 'keysweep.yaml'), 'utf8');
    expect(text).toContain('# ');
    expect(loadPolicy(text, 'keysweep.yaml')).toEqual(defaultPolicy);
  });

  it('shows editors first where the schema is: that of this version, or the copy below the file', async () => {
    await init();
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    const url = `https://unpkg.com/keysweep@${version}/docs/schemas/keysweep.schema.json`;
    const [first] = (await readFile(join(scratch.path, 'keysweep.yaml'), 'utf8')).split('\n');
    expect(first).toBe(`# yaml-language-server: $schema=${url}`);
  });

  it.each([
    ['/home/ann/p/keysweep.yaml', '/home/ann/p/node_modules/keysweep', './node_modules/keysweep/docs/schemas/'],
    ['/home/ann/p/keysweep.yaml', '/home/ann/p', './docs/schemas/'],
    [
      '/home/ann/p/iam/keysweep.yaml',
      '/home/ann/p/node_modules/keysweep',
      'https://unpkg.com/keysweep@1.2.3/docs/schemas/',
    ],
    ['/home/ann/p/keysweep.yaml', '/usr/lib/node_modules/keysweep', 'https://unpkg.com/keysweep@1.2.3/docs/schemas/'],
  ])('for %s with keysweep in %s that is %s', (file, directory, expected) => {
    expect(schemaReference(file, { directory, version: '1.2.3' })).toBe(`${expected}keysweep.schema.json`);
  });

  it.each([
    ['other.yaml', 'then run: keysweep audit --policy other.yaml'],
    ['my policy.yml', "then run: keysweep audit --policy 'my policy.yml'"],
    ['./keysweep.yaml', 'then run: keysweep audit\n'],
  ])('names %s in the command that comes next, where it would not be read', async (file, command) => {
    expect((await init('--file', file)).stderr).toContain(command);
  });

  it('names a command that a checkout has', async () => {
    const env = { npm_lifecycle_event: 'keysweep' };
    const { stderr } = await runInMemory(['init'], { directory: scratch.path, env });
    expect(stderr).toContain('then run: npm run -s keysweep -- audit\n');
  });

  it('writes to the file that is given', async () => {
    expect((await init('--file', 'other.yaml')).code).toBe(0);
    expect(await readFile(join(scratch.path, 'other.yaml'), 'utf8')).toContain('version: 1');
  });

  it('never overwrites a file', async () => {
    await writeFile(join(scratch.path, 'keysweep.yaml'), 'mine');
    const { code, stderr } = await init();
    expect(code).toBe(2);
    expect(stderr).toContain('error[FileExists]: keysweep.yaml already exists and was not changed');
    expect(await readFile(join(scratch.path, 'keysweep.yaml'), 'utf8')).toBe('mine');
  });

  it('says why it cannot write', async () => {
    const { code, stderr } = await init('--file', 'no/such/place.yaml');
    expect(code).toBe(2);
    expect(stderr).toContain('error[OutputFailed]: cannot write no/such/place.yaml: no such file or directory');
  });
});
