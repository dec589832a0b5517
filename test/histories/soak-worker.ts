/** Runs one chunk of histories: `soak-worker SEED RUNS`. Reports the result to its parent. */
import fc from 'fast-check';
import { histories } from './history.ts';
import { runHistory } from './run-history.ts';

const [seed, runs] = process.argv.slice(2).map(Number);
let writes = 0;
const property = fc.asyncProperty(histories, async (history) => {
  writes += (await runHistory(history)).writes.length;
});
const result = await fc.check(property, { seed: seed ?? 0, numRuns: runs ?? 1, endOnFailure: false });
const cause = result.errorInstance instanceof Error ? `\n${result.errorInstance.message}` : '';
const violation = result.failed ? `${fc.defaultReportMessage(result)}${cause}` : undefined;
process.send?.({ writes, ...(violation === undefined ? {} : { violation }) });
