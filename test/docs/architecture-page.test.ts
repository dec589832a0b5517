/** docs/architecture.md names files and types: each must be there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const page = readFileSync('docs/architecture.md', 'utf8');
const paths = [...page.matchAll(/`((?:core|engine|reports|aws|files|lambda|cli|lib)\/[\w./-]*)`/g)].map(
  ([, path = '']) => path,
);
/** Named by their last part, in a row that says which room they are in. */
const phases = [...page.matchAll(/^\| \w+ \| `([\w-]+\.ts)` \|/gm)].map(([, file = '']) => `engine/sweep/${file}`);
const types = [...page.matchAll(/^\| `(\w+)`(?:, `\w+`)? \| `([\w./-]+)` \|/gm)];

it('names files and folders that exist', () => {
  expect(paths.length).toBeGreaterThan(30);
  expect(phases.length).toBe(7);
  expect([...paths, ...phases].filter((path) => !existsSync(path))).toEqual([]);
});

it('names every room', () => {
  const rooms = readdirSync('.', { withFileTypes: true }).filter((entry) => {
    return entry.isDirectory() && /^(bin|core|engine|reports|aws|files|lambda|cli|lib|sandbox)$/.test(entry.name);
  });
  for (const { name } of rooms) expect(page).toContain(`${name}/`);
});

it('names the types of a credential, eight at most, where they are declared', () => {
  expect(types.length).toBeGreaterThan(5);
  expect(types.length).toBeLessThanOrEqual(8);
  for (const [, type = '', file = ''] of types)
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`export (?:interface|type) ${type}\\b`));
});
