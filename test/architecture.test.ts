/** The rooms, the arrows between them and circles between files, by scripts/architecture.ts: of the product, and of what must fail. */
import { describe, expect, it } from 'vitest';
import {
  arrowsAgainstRule,
  arrowsOf,
  circlesIn,
  describeHouse,
  readProduct,
  type SourceFile,
  sizeOf,
} from '../scripts/architecture.ts';
import { houseWith } from './support/house.ts';

describe('the house as it is', () => {
  const arrows = readProduct('.').flatMap(arrowsOf);

  it('has no circle between files', () => {
    expect(arrows.length).toBeGreaterThan(500);
    expect(circlesIn(arrows)).toEqual([]);
  });

  it('has no arrow against the rule', () => {
    expect(arrowsAgainstRule(arrows)).toEqual([]);
  });
});

describe('a made-up house', () => {
  const arrows = (files: readonly SourceFile[]) => files.flatMap(arrowsOf);

  it('is sound where every arrow is allowed', () => {
    expect(describeHouse(houseWith())).toMatchObject({ isSound: true });
  });

  it.each([
    ['imports', "import { plan } from './plan.ts';"],
    ['imports of types', "import type { Plan } from './plan.ts';"],
    ['types named in place', "export const plan: import('./plan.ts').Plan = {};"],
    ['dynamic imports', "export const later = () => import('./plan.ts');"],
    ['exports', "export { type Plan } from './plan.ts';"],
    ['imports over many lines', "import {\n  plan,\n  type Plan,\n} from './plan.ts';"],
    ['imports for their effect', "import './plan.ts';"],
  ])('fails on a circle of %s', (_, text) => {
    const house = houseWith({ 'core/model.ts': text });
    expect(circlesIn(arrows(house))).toEqual([['core/model.ts', 'core/plan.ts']]);
    expect(describeHouse(house)).toMatchObject({
      isSound: false,
      text: expect.stringContaining('core/model.ts -> core/plan.ts -> core/model.ts'),
    });
  });

  it('fails on a circle of many files, and of one with itself', () => {
    const around = houseWith({
      'core/model.ts': "import './a.ts';",
      'core/a.ts': "import './b.ts';",
      'core/b.ts': "import './a.ts';\nimport './plan.ts';",
      'reports/own.ts': "import './own.ts';",
    });
    expect(circlesIn(arrows(around)).map((circle) => circle.toSorted())).toEqual([
      ['core/a.ts', 'core/b.ts'],
      ['core/a.ts', 'core/b.ts', 'core/model.ts', 'core/plan.ts'],
      ['reports/own.ts'],
    ]);
  });

  it.each([
    ['core/plan.ts', '../reports/digest.ts'],
    ['reports/digest.ts', '../engine/sweep.ts'],
    ['aws/session.ts', '../reports/digest.ts'],
    ['engine/sweep.ts', '../aws/session.ts'],
    ['lambda/rotator/index.ts', '../../cli/commands/sweep.ts'],
    ['lib/rotator.ts', '../lambda/rotator/index.ts'],
    ['bin/app.ts', '../test/support/house.ts'],
    ['sandbox/account.ts', '../core/plan.ts'],
  ])('fails on an arrow against the rule: %s -> %s', (path, target) => {
    const house = houseWith({ [path]: `import type { Plan } from '${target}';\n` });
    expect(arrowsAgainstRule(arrows(house))).toMatchObject([{ from: path, kind: 'type' }]);
    expect(describeHouse(house).isSound).toBe(false);
  });

  it('gives the sandbox types alone', () => {
    const house = houseWith({ 'sandbox/account.ts': "import { Key } from '../core/model.ts';\n" });
    expect(arrowsAgainstRule(arrows(house))).toMatchObject([{ from: 'sandbox/account.ts', to: 'core/model.ts' }]);
  });

  it('takes no text for an import', () => {
    const text = `
      // import './comment.ts';
      /* import "./comment.ts"; */
      const note = "import './string.ts'";
      const code = \`import './template.ts'; \${names.map((name) => \`from './nested.ts' \${name}\`)}\`;
      const pattern = /import '.\\/pattern.ts'/;
      const url = 'http://example.com'; import { plan } from './plan.ts';
      const from = './variable.ts';
      export function from(path = './parameter.ts') {}
      import { readFile } from 'node:fs';`;
    expect(arrowsOf({ path: 'core/a.ts', text })).toEqual([{ from: 'core/a.ts', to: 'core/plan.ts', kind: 'static' }]);
  });

  it('wants every dynamic import to name its file', () => {
    const text = 'await import(path);';
    expect(() => arrowsOf({ path: 'cli/a.ts', text })).toThrow('cli/a.ts: a dynamic import that names no file');
  });

  it('counts lines, and apart from them those with code', () => {
    const text = "/** Why. */\nimport './a.ts';\n\n// What.\nconst text = `\n\n`; // Which.\n";
    expect(sizeOf([{ path: 'core/a.ts', text }])).toEqual({ files: 1, lines: 7, code: 3 });
  });
});
