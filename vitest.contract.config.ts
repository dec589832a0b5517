import { defineConfig } from 'vitest/config';

/** The contract suite against moto, which needs Python, and faketime for its nights: see docs/contract.md. */
export default defineConfig({
  test: {
    include: ['test/contract/aws-cli.test.ts', 'test/contract/moto.test.ts', 'test/contract/sweep-over-days.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
