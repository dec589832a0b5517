import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Need more than Node.js, or minutes; see the other configurations. */
const elsewhere = [
  'test/contract/aws-cli.test.ts',
  'test/contract/moto.test.ts',
  'test/contract/sweep-over-days.test.ts',
  'test/heavy/**',
  'test/deployment/**',
];

/**
 * Files that replace parts of a module for good, as seen by every file after them in the same process. They get a process
 * each; all others share one for each processor, and so load the AWS SDK and the CDK once instead of a hundred times.
 */
const replacesModules = /\bmockClient\(|\bvi\.(?:mock|doMock|hoisted|resetModules)\(/;
const apart = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((file) => `test/${file.replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.test.ts') && replacesModules.test(readFileSync(file, 'utf8')));

export default defineConfig({
  test: {
    testTimeout: 120_000,
    // A busy machine takes longer than vitest's second for what comes at once elsewhere.
    expect: { poll: { timeout: 20_000 } },
    // All processors: many tests wait for a while, and vitest's own choice leaves one of two idle.
    maxWorkers: '100%',
    setupFiles: ['test/support/clean-process.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...elsewhere, ...apart],
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'apart', include: apart, exclude: elsewhere, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
