import { defineConfig } from 'vitest/config';

/** What takes minutes because the sandbox throttles in real time. Part of .ci/run. */
export default defineConfig({
  test: {
    include: ['test/heavy/**/*.test.ts'],
    testTimeout: 15 * 60_000,
  },
});
