import { defineConfig } from 'vitest/config';

/** The deployment to an emulated account, which needs Python: see docs/deployment-test.md. */
export default defineConfig({
  test: {
    include: ['test/deployment/**/*.test.ts'],
    testTimeout: 60_000,
    // Each has an emulator of its own, and waits for it.
    fileParallelism: false,
    // All that is deployed and lived through before the tests look at it.
    hookTimeout: 10 * 60_000,
  },
});
