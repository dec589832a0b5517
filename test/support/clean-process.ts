/** After every test file, because the next one runs in the same process: see vitest.config.ts. */
import { afterAll, vi } from 'vitest';
import { removeTemporaryDirectories } from './temporary-directory.ts';

afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  removeTemporaryDirectories();
});
