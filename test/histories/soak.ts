/**
 * Random histories for as long as one likes: `npm run soak -- --histories N [--seed S] [--workers W]`.
 *
 * Every 500 histories have a seed of their own. A violation prints that seed and the shrunk history, and ends the run
 * with exit code 1; `--seed` with that number and `--histories 500` runs it again.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

const chunk = 500;

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000_000)) },
    workers: { type: 'string', default: String(availableParallelism()) },
  },
});
const histories = wholeNumber('--histories', values.histories);
const firstSeed = wholeNumber('--seed', values.seed);
const workers = wholeNumber('--workers', values.workers);
const chunks = Array.from({ length: Math.ceil(histories / chunk) }, (_, index) => ({
  seed: firstSeed + index,
  runs: Math.min(chunk, histories - index * chunk),
}));

let done = 0;
let writes = 0;
let failed = 0;
const startedAt = performance.now();
await Promise.all(Array.from({ length: workers }, work));
const seconds = Math.round((performance.now() - startedAt) / 1000);
process.stdout.write(
  `${done} histories, ${writes} writes to IAM, ${failed} violations, seeds from ${firstSeed}, ${seconds} s\n`,
);
process.exitCode = failed > 0 || writes === 0 ? 1 : 0;

async function work(): Promise<void> {
  for (let next = chunks.shift(); next !== undefined && failed === 0; next = chunks.shift()) {
    const { seed, runs } = next;
    const result = await runChunk(seed, runs);
    if (result.violation !== undefined) {
      failed++;
      process.stdout.write(`\nseed ${seed}: ${result.violation}\n`);
      return;
    }
    done += runs;
    writes += result.writes;
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${histories} histories`);
  }
}

interface ChunkResult {
  readonly writes: number;
  readonly violation?: string;
}

function runChunk(seed: number, runs: number): Promise<ChunkResult> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('./soak-worker.ts', import.meta.url), [String(seed), String(runs)], {
      execArgv: ['--import', 'tsx'],
    });
    let result: ChunkResult | undefined;
    child.on('message', (message) => {
      result = message as ChunkResult;
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (result === undefined) reject(new Error(`the worker of seed ${seed} ended with ${code} and no result`));
      else resolve(result);
    });
  });
}

function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d*$/.test(text) || (option === '--seed' && text === '0')) return Number(text);
  process.stderr.write(`${option} takes a whole number, got ${JSON.stringify(text)}\n`);
  process.exit(2);
}
