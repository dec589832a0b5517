import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** An empty directory that is deleted after the test file; also for what is made outside of its tests. */
export function temporaryDirectory(prefix: string): string {
  const path = mkdtempSync(join(tmpdir(), `keysweep-${prefix}-`));
  made.push(path);
  return path;
}

/** For clean-process.ts: modules are loaded once for many files, and so a hook of their own would run after the first. */
export function removeTemporaryDirectories(): void {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
}
