/**
 * Breaks the code once for each entry of mutants.ts, in copies of the tree, one for each processor, and runs the tests on
 * it: the file that is known to notice it first, then the suites of the lifecycle, the quick ones first: `npm run mutants`.
 * A mutant that no test notices makes the exit code 1, and so does one that does not compile, which proves nothing. With
 * words after it, only the mutants whose description has all of them are tried: `npm run mutants -- alarm sweeps`.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { notCompiling } from './compile.ts';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';
import { run } from './run-node.ts';

const suites: readonly (readonly string[])[] = [
  ['test/core'],
  ['test/attack', 'test/engine'],
  ['test/lambda', 'test/aws', 'test/cli', 'test/lib'],
  ['test/histories'],
];

const words = process.argv.slice(2);
const chosen = mutants.filter(({ what }) => words.every((word) => what.includes(word)));
const folders = Array.from({ length: availableParallelism() }, () => mkdtempSync(join(tmpdir(), 'keysweep-mutants-')));
const soundSuites = new Set<readonly string[]>();
let survivors = 0;
try {
  for (const folder of folders) copyTree(folder);
  const [folder = ''] = folders;
  // One run for all: a test that fails without any mutant would notice every one.
  await expectSound(folder, [...new Set(chosen.flatMap(({ noticedBy }) => noticedBy ?? []))]);
  const invalid = await notCompiling(folder, chosen);
  for (const mutant of invalid) tell(mutant, 'INVALID: it does not compile: any test would notice it');
  const waiting = chosen.filter((mutant) => !invalid.has(mutant));
  await Promise.all(folders.map((own) => tryNext(own, waiting)));
} finally {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${chosen.length - survivors} of ${chosen.length} mutants killed\n`);
if (chosen.length === 0) process.stdout.write(`no mutant is described with ${words.join(' and ')}\n`);
process.exitCode = survivors > 0 || chosen.length === 0 ? 1 : 0;

async function tryNext(folder: string, waiting: Mutant[]): Promise<void> {
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    const verdict = await tryMutant(folder, mutant).then(
      (killer) => (killer === undefined ? 'SURVIVED' : `killed by ${killer}`),
      // The others continue: to fix one, you want to know all.
      (error: unknown) => `INVALID: ${error instanceof Error ? error.message : String(error)}`,
    );
    tell(mutant, verdict);
  }
}

function tell(mutant: Mutant, verdict: string): void {
  if (!verdict.startsWith('killed')) survivors++;
  process.stdout.write(`invariant ${String(mutant.invariant).padStart(2)}: ${mutant.what}: ${verdict}\n`);
}

function copyTree(folder: string): void {
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
async function tryMutant(folder: string, mutant: Mutant): Promise<string | undefined> {
  const { file, find, replace, what, noticedBy } = mutant;
  const path = join(folder, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(find).length !== 2) throw new Error(`the mutant "${what}" does not fit ${file} any more: ${find}`);
  try {
    writeFileSync(
      path,
      source.replace(find, () => replace),
    );
    const known = noticedBy === undefined ? undefined : await failingFileOf(folder, [noticedBy]);
    if (known !== undefined) return known;
    for (const suite of suites) {
      const failing = await failingFileOf(folder, suite);
      if (failing === undefined) continue;
      writeFileSync(path, source);
      await expectSound(folder, suite);
      return failing;
    }
    return undefined;
  } finally {
    writeFileSync(path, source);
  }
}

/** @throws Error where it fails without any mutant */
async function expectSound(folder: string, suite: readonly string[]): Promise<void> {
  if (soundSuites.has(suite)) return;
  const failing = await failingFileOf(folder, suite);
  if (failing !== undefined) throw new Error(`${failing} fails without any mutant`);
  soundSuites.add(suite);
}

/** The first file of a suite that fails; undefined where all pass. */
async function failingFileOf(folder: string, suite: readonly string[]): Promise<string | undefined> {
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const report = join(folder, 'mutant-report.json');
  rmSync(report, { force: true });
  const reporters = ['--reporter=json', `--outputFile=${report}`];
  const status = await run(folder, [vitest, 'run', '--bail=1', ...reporters, ...suite]);
  return status === 0 ? undefined : (failingFileIn(folder, report) ?? suite.join(' '));
}

function failingFileIn(folder: string, report: string): string | undefined {
  if (!existsSync(report)) return undefined;
  const { testResults }: Report = JSON.parse(readFileSync(report, 'utf8'));
  const failing = testResults.find(({ status }) => status === 'failed');
  return failing && relative(folder, failing.name);
}

interface Report {
  readonly testResults: readonly { readonly name: string; readonly status: string }[];
}
