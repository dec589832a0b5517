import { expect, it } from 'vitest';
import { renderBenchmarks } from './render-benchmarks.ts';

it('docs/benchmarks.md is current (else: npm run docs)', async () => {
  await expect(renderBenchmarks()).toMatchFileSnapshot('../../docs/benchmarks.md');
});
