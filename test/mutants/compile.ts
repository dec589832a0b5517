/** Which mutants do not compile. They prove nothing: any test would notice them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutant.ts';
import { run } from './run-node.ts';

/**
 * Compiles many mutants at once, since the compiler takes as long for one as for a hundred, and parts them only where it
 * finds a fault.
 *
 * @param folder a copy of the tree, which is left as it was
 * @throws Error where the tree does not compile without any mutant
 */
export async function notCompiling(folder: string, mutants: readonly Mutant[]): Promise<ReadonlySet<Mutant>> {
  const faulty = new Set<Mutant>();
  for (const batch of batchesOf(folder, mutants))
    for (const mutant of await faultyIn(folder, batch)) faulty.add(mutant);
  if (faulty.size > 0 && !(await compiles(folder))) throw new Error('the tree does not compile without any mutant');
  return faulty;
}

interface Batch {
  readonly mutants: Mutant[];
  /** The lines of each file that its mutants change. */
  readonly lines: Map<string, Set<number>>;
}

/** Mutants that do not touch each other's lines. */
function batchesOf(folder: string, mutants: readonly Mutant[]): Mutant[][] {
  const batches: Batch[] = [];
  for (const mutant of mutants) {
    const changed = linesOf(readFileSync(join(folder, mutant.file), 'utf8'), mutant.find);
    let batch = batches.find(({ lines }) => changed.every((line) => !lines.get(mutant.file)?.has(line)));
    if (batch === undefined) {
      batch = { mutants: [], lines: new Map() };
      batches.push(batch);
    }
    batch.mutants.push(mutant);
    batch.lines.set(mutant.file, new Set([...(batch.lines.get(mutant.file) ?? []), ...changed]));
  }
  return batches.map((batch) => batch.mutants);
}

function linesOf(source: string, find: string): number[] {
  const first = source.slice(0, Math.max(0, source.indexOf(find))).split('\n').length;
  return find.split('\n').map((_, index) => first + index);
}

async function faultyIn(folder: string, mutants: readonly Mutant[]): Promise<readonly Mutant[]> {
  if (mutants.length === 0 || (await compileTogether(folder, mutants))) return [];
  if (mutants.length === 1) return mutants;
  const half = Math.ceil(mutants.length / 2);
  return [...(await faultyIn(folder, mutants.slice(0, half))), ...(await faultyIn(folder, mutants.slice(half)))];
}

async function compileTogether(folder: string, mutants: readonly Mutant[]): Promise<boolean> {
  const sources = new Map(mutants.map(({ file }) => [file, readFileSync(join(folder, file), 'utf8')]));
  try {
    for (const [file, source] of sources) {
      const own = mutants.filter((mutant) => mutant.file === file);
      const broken = own.reduce((text, { find, replace }) => text.replace(find, () => replace), source);
      writeFileSync(join(folder, file), broken);
    }
    return await compiles(folder);
  } finally {
    for (const [file, source] of sources) writeFileSync(join(folder, file), source);
  }
}

async function compiles(folder: string): Promise<boolean> {
  const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
  // A break may well leave something unused.
  return (await run(folder, [tsc, '--noUnusedLocals', 'false', '--noUnusedParameters', 'false'])) === 0;
}
