/**
 * Breaks the code once for each entry of mutants.ts, in a copy of the tree, and runs the tests of the lifecycle on it,
 * the quick ones first: `npm run mutants`. A mutant that no test notices makes the exit code 1; one that does not compile
 * proves nothing, and ends the run.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { type Mutant, mutants } from './mutants.ts';

const suites = [
  ['test/core'],
  ['test/attack', 'test/lambda/rotator', 'test/lambda/auditor'],
  ['test/lambda', 'test/aws', 'test/cli', 'test/lib'],
  ['test/histories'],
];

const folder = mkdtempSync(join(tmpdir(), 'keysweep-mutants-'));
let survivors = 0;
try {
  copyTree();
  for (const suite of suites) {
    const failing = failingFileOf(suite);
    if (failing !== undefined) throw new Error(`${failing} fails without any mutant`);
  }
  for (const mutant of mutants) {
    const killer = tryMutant(mutant);
    if (killer === undefined) survivors++;
    const verdict = killer === undefined ? 'SURVIVED' : `killed by ${killer}`;
    process.stdout.write(`invariant ${String(mutant.invariant).padStart(2)}: ${mutant.what}: ${verdict}\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.stdout.write(`${mutants.length - survivors} of ${mutants.length} mutants killed\n`);
process.exitCode = survivors > 0 ? 1 : 0;

function copyTree(): void {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    encoding: 'utf8',
  });
  const deleted = new Set(execFileSync('git', ['ls-files', '--deleted', '-z'], { encoding: 'utf8' }).split('\0'));
  for (const file of list.split('\0').filter((name) => name !== '' && !deleted.has(name))) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(file, join(folder, file));
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
}

/** The test file that notices the mutant; undefined where none does. */
function tryMutant({ file, find, replace, what, noticedBy }: Mutant): string | undefined {
  const path = join(folder, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(find).length !== 2) throw new Error(`the mutant "${what}" does not fit ${file} any more: ${find}`);
  writeFileSync(
    path,
    source.replace(find, () => replace),
  );
  try {
    if (!compiles()) throw new Error(`the mutant "${what}" does not compile: any test would notice it`);
    for (const suite of noticedBy === undefined ? suites : [[noticedBy], ...suites]) {
      const failing = failingFileOf(suite);
      if (failing !== undefined) return failing;
    }
    return undefined;
  } finally {
    writeFileSync(path, source);
  }
}

function compiles(): boolean {
  const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
  // A break may well leave something unused.
  const lenient = ['--noUnusedLocals', 'false', '--noUnusedParameters', 'false'];
  return spawnSync(process.execPath, [tsc, ...lenient], { cwd: folder, stdio: 'ignore' }).status === 0;
}

/** The first file of a suite that fails; undefined where all pass. */
function failingFileOf(suite: readonly string[]): string | undefined {
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const report = join(folder, 'mutant-report.json');
  rmSync(report, { force: true });
  const reporters = ['--reporter=json', `--outputFile=${report}`];
  const { status } = spawnSync(process.execPath, [vitest, 'run', '--bail=1', ...reporters, ...suite], {
    cwd: folder,
    stdio: 'ignore',
    // A break that 200 random histories do not meet is for the tables to find.
    env: { ...process.env, CI: 'true', KEYSWEEP_HISTORIES: '200' },
  });
  return status === 0 ? undefined : (failingFileIn(report) ?? suite.join(' '));
}

function failingFileIn(report: string): string | undefined {
  if (!existsSync(report)) return undefined;
  const { testResults }: Report = JSON.parse(readFileSync(report, 'utf8'));
  const failing = testResults.find(({ status }) => status === 'failed');
  return failing && relative(folder, failing.name);
}

interface Report {
  readonly testResults: readonly { readonly name: string; readonly status: string }[];
}
