/** The lint rules that keep the arrows between rooms: each is shown something that it must refuse. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const forbidden = [
  ['core/rules', '../../aws/session.ts'],
  ['core/rules', '../../reports/table.ts'],
  ['core/rules', '@aws-sdk/client-iam'],
  ['core/rules', 'aws-cdk-lib'],
  ['core/rules', 'node:fs'],
  ['reports', '../aws/session.ts'],
  ['reports', 'node:fs'],
  ['aws', '../engine/audit/audit.ts'],
  ['core/rules', '../../engine/audit/audit.ts'],
  ['files', '../engine/audit/audit.ts'],
  ['engine/sweep', '../../aws/session.ts'],
  ['engine/sweep', '../../files/file-ledger.ts'],
  ['engine/sweep', '../../lambda/environment.ts'],
  ['engine', '@aws-sdk/client-iam'],
  ['cli', '../lambda/environment.ts'],
  ['aws', '../reports/table.ts'],
  ['files', '../aws/session.ts'],
  ['files', '@aws-sdk/client-s3'],
  ['core/rules', '../../files/file-ledger.ts'],
  ['aws', '../files/file-ledger.ts'],
  ['lib', '../files/file-ledger.ts'],
  ['sandbox', '../files/file-ledger.ts'],
  ['lambda/auditor', '../../lib/index.ts'],
  ['lambda/auditor', '../../cli/run.ts'],
  ['cli', '../lib/index.ts'],
  ['cli', '@aws-sdk/client-sns'],
  ['lib', '../lambda/auditor/handler.ts'],
  ['lib', '../core/rules/index.ts'],
  ['lib', '../core/lifecycle/plan.ts'],
  ['lib', '../aws/session.ts'],
  ['sandbox', '../core/rules/index.ts'],
  ['sandbox', '../core/duration.ts'],
  ['sandbox', '../aws/session.ts'],
  ['bin', '../test/support/memory-source.ts'],
] as const;

const allowed = [
  ['reports', '../core/model.ts'],
  ['aws', '../core/ports.ts'],
  ['files', '../core/ports.ts'],
  ['cli', '../files/file-ledger.ts'],
  ['lambda/auditor', '../../aws/session.ts'],
  ['lambda/auditor', '../../engine/audit/audit.ts'],
  ['engine/sweep', '../../core/ports.ts'],
  ['engine/sweep', '../../reports/digest.ts'],
  ['cli', '../engine/audit/audit.ts'],
  ['lib', '../core/policy/policy.ts'],
  ['lib', '../core/metrics.ts'],
  ['lib', '../core/lifecycle/ledger-table.ts'],
  ['sandbox', '../core/model.ts'],
] as const;

const impure = [
  'Date.now()',
  'new Date()',
  'Math.random()',
  'process.env',
  'performance.now()',
  'setTimeout(() => {}, 1)',
];
const pure = ['new Date(0)', 'new Date(2026, 1)'];

let folder = '';
let found: ReadonlyMap<string, readonly string[]> = new Map();

const importFile = (room: string, index: number, kind: string) => `${room}/${kind}-${index}.ts`;
const expressionFile = (index: number, kind: string) => `core/${kind}-${index}.ts`;

/** Lints all snippets in one run, by the configuration of this project. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keysweep-lint-'));
  cpSync('biome.json', join(folder, 'biome.json'));
  cpSync('scripts/lint', join(folder, 'scripts/lint'), { recursive: true });
  for (const [kind, pairs] of [
    ['forbidden', forbidden],
    ['allowed', allowed],
  ] as const) {
    for (const [index, [room, specifier]] of pairs.entries()) {
      write(
        importFile(room, index, kind),
        `import { something } from '${specifier}';\n\nexport const used = something;\n`,
      );
    }
  }
  for (const [kind, expressions] of [
    ['impure', impure],
    ['pure', pure],
  ] as const) {
    for (const [index, expression] of expressions.entries()) {
      write(expressionFile(index, kind), `export const value = ${expression};\n`);
    }
  }
  found = lint();
});

afterAll(() => rmSync(folder, { recursive: true }));

function write(file: string, source: string): void {
  mkdirSync(join(folder, dirname(file)), { recursive: true });
  writeFileSync(join(folder, file), source);
}

/** The rules that each file breaks. */
function lint(): ReadonlyMap<string, readonly string[]> {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const options = ['lint', '--reporter=json', '--max-diagnostics=none', '--vcs-enabled=false', '.'];
  const { stdout } = spawnSync(process.execPath, [biome, ...options], { cwd: folder, encoding: 'utf8' });
  const rulesByFile = new Map<string, string[]>();
  for (const { category, location } of JSON.parse(stdout).diagnostics) {
    const file = String(location.path?.file ?? location.path);
    rulesByFile.set(file, [...(rulesByFile.get(file) ?? []), category]);
  }
  return rulesByFile;
}

function rulesBrokenBy(file: string): readonly string[] {
  return found.get(file) ?? [];
}

describe('arrows go one way', () => {
  it.each(forbidden.map(([room, specifier], index) => ({ room, specifier, index })))(
    '$room must not import $specifier',
    ({ room, index }) => {
      expect(rulesBrokenBy(importFile(room, index, 'forbidden')).join()).toMatch(/noRestrictedImports|noNodejsModules/);
    },
  );

  it.each(allowed.map(([room, specifier], index) => ({ room, specifier, index })))(
    '$room may import $specifier',
    ({ room, index }) => {
      expect(rulesBrokenBy(importFile(room, index, 'allowed'))).toEqual([]);
    },
  );
});

describe('core is pure', () => {
  it.each(impure.map((expression, index) => ({ expression, index })))('no $expression', ({ index }) => {
    expect(rulesBrokenBy(expressionFile(index, 'impure')).join()).toMatch(/plugin|noRestrictedGlobals|noProcessEnv/);
  });

  it.each(pure.map((expression, index) => ({ expression, index })))('$expression is fine', ({ index }) => {
    expect(rulesBrokenBy(expressionFile(index, 'pure'))).toEqual([]);
  });
});
