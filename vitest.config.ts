import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/contract/moto.test.ts', 'test/heavy/**'],
    testTimeout: 30_000,
  },
});
